import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";
import { detectEncoding } from "./detect-encoding.ts";

/** Texts with characters of every length that their encoding has. */
const texts: Readonly<Record<string, string>> = {
  "utf-8": "张伟,北京市\n",
  gb18030: "张伟,北京市𠮷\n",
  big5: "陳大文,臺北市信義區\n",
  shift_jis: "やまだ太郎,東京都ｱ\n",
  "euc-jp": "やまだ太郎,東京都ｱ\n",
  "euc-kr": "김철수,서울특별시\n",
  "windows-1252": "Müller,Düsseldorf\n",
};

describe.each(Object.entries(texts))("%s", (encoding, text) => {
  it("is found wherever the beginning of a file ends", async () => {
    const bytes = iconv.encode(text.repeat(8), encoding);
    const ends = Array.from({ length: bytes.length / 8 }, (_, index) => bytes.length - index);
    const found = await Promise.all(ends.map(async (end) => (await detectEncoding(bytes.subarray(0, end))).name));
    expect([...new Set(found)]).toEqual([encoding]);
  });
});

it("takes long ASCII for UTF-8 where only its last bytes are beyond", async () => {
  const head = Buffer.concat([Buffer.from("a,b\n".repeat(16_383)), Buffer.from([0x31, 0x2c, 0x32, 0xb1])]);
  expect(await detectEncoding(head)).toMatchObject({ name: "utf-8", confidence: 1 });
});

it("replaces single bytes that make no words in any encoding", async () => {
  const bytes = Buffer.from("The okapi bridge is 77 m long \u00ff\u00fe\u00c3( end.\nnext line\n", "latin1");
  expect(await decodeText(bytes)).toBe("The okapi bridge is 77 m long \ufffd\ufffd\ufffd( end.\nnext line\n");
});

it("keeps what a terminal recorded, and takes other bytes for none", async () => {
  const text = "The quoll \u001b[31mred\u001b[0m \u0007 \b runs at 9 km/h.\r\n";
  expect(await decodeText(Buffer.from(text))).toBe(text);
  expect(await decodeText(Buffer.from("a\u0001b\u0002c\u0003d\u0004e\u0005f\u0006"))).toBeNull();
});
