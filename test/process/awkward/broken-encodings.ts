import iconv from "iconv-lite";
import type { AwkwardTable } from "./awkward-table.ts";

/** Rows of one language, and the encoding of its country. */
const languages: readonly (readonly [encoding: string, header: string, row: string])[] = [
  ["utf-8", "序号,姓名,城市", "张伟,北京市"],
  ["gb18030", "序号,姓名,城市", "张伟,北京市"],
  ["big5", "編號,姓名,縣市", "陳大文,臺北市信義區"],
  ["shift_jis", "番号,氏名,都市", "やまだ太郎,東京都千代田区"],
  ["euc-jp", "番号,氏名,都市", "やまだ太郎,東京都千代田区"],
  ["euc-kr", "번호,이름,도시", "김철수,서울특별시"],
];

function textOf(header: string, row: string, count: number): string {
  return `${header}\n${Array.from({ length: count }, (_, index) => `${index},${row}\n`).join("")}`;
}

/** A file whose copying ended inside of its last character. */
function cutShort([encoding, header, row]: (typeof languages)[number]): AwkwardTable {
  const whole = iconv.encode(`${textOf(header, row, 30)}30,${row}`, encoding);
  const [name, city] = row.split(",");
  return {
    file: `cut-character-${encoding}.csv`,
    bytes: whole.subarray(0, -1),
    rows: 31,
    names: header.split(","),
    cells: [
      [0, 1, name],
      [0, 2, city],
    ],
    warnings: ["replaced-characters"],
    call: 'encoding_errors="replace"',
    dialect: { encoding },
  };
}

/** A file in which one cell is no text of its encoding. */
function spoiled([encoding, header, row]: (typeof languages)[number]): AwkwardTable {
  const body = iconv.encode(textOf(header, row, 40), encoding);
  const [name] = row.split(",");
  return {
    file: `two-bad-bytes-${encoding}.csv`,
    bytes: Buffer.concat([body, Buffer.from([0x34, 0x30, 0x2c, 0xff, 0xff, 0x2c, 0x78, 0x0a])]),
    rows: 41,
    names: header.split(","),
    cells: [[0, 1, name]],
    warnings: ["replaced-characters"],
    dialect: { encoding },
  };
}

/** A file that is longer than what is looked at first, which ends inside of a character. */
function long([encoding, header, row]: (typeof languages)[number]): AwkwardTable[] {
  const body = iconv.encode(`,${row}\n`.repeat(4000), encoding);
  const [name] = row.split(",");
  return [0, 1, 2, 3].map((shift) => ({
    file: `long-${encoding}-${shift}.csv`,
    bytes: Buffer.concat([
      iconv.encode(`${"n".repeat(shift + 1)}${header.slice(header.indexOf(","))}\n`, encoding),
      body,
    ]),
    rows: 4000,
    names: ["n".repeat(shift + 1), ...header.split(",").slice(1)],
    cells: [[0, 1, name]],
    dialect: { encoding },
  }));
}

/** Tables whose text is damaged, or cut where it is looked at. */
export const brokenTables: readonly AwkwardTable[] = [
  ...languages.map(cutShort),
  ...languages.map(spoiled),
  ...languages.flatMap(long),
  {
    file: "short-broken-utf8.csv",
    bytes: Buffer.concat([
      Buffer.from("id,name,city\n1,José,München\n2,Ann,Köln\n"),
      Buffer.from("3,Zo\xeb,Gen\xe8ve\n", "latin1"),
      Buffer.from("4,Bjørn,Århus\n5,Łukasz,Łódź\n"),
    ]),
    rows: 5,
    names: ["id", "name", "city"],
    cells: [[0, 2, "München"]],
    warnings: ["replaced-characters"],
    dialect: { encoding: "utf-8" },
  },
  {
    file: "tiny-cut-utf8.csv",
    bytes: Buffer.from("id,name\n1,北京\n2,上海").subarray(0, -1),
    rows: 2,
    names: ["id", "name"],
    cells: [[0, 1, "北京"]],
    warnings: ["replaced-characters"],
    dialect: { encoding: "utf-8" },
  },
  {
    file: "wide-signs-only.csv",
    bytes: iconv.encode("date,amount\n2024-01-01,￥5\n2024-01-02,￥6\n", "gb18030"),
    rows: 2,
    names: ["date", "amount"],
    sums: { amount: 11 },
    dialect: { encoding: "gb18030" },
  },
  {
    file: "heavenly-stems.csv",
    bytes: iconv.encode("甲,乙\n1,2\n3,4\n", "gb18030"),
    rows: 2,
    names: ["甲", "乙"],
    dialect: { encoding: "gb18030" },
  },
  {
    file: "pounds-only.csv",
    bytes: Buffer.from("item,price\na,£5\nb,£6\n", "latin1"),
    rows: 2,
    names: ["item", "price"],
    sums: { price: 11 },
    dialect: { encoding: "windows-1252" },
  },
  {
    file: "iso-2022-jp.csv",
    bytes: "\u001b$BHV9f\u001b(B,\u001b$B;aL>\u001b(B\n1,\u001b$B;3ED\u001b(B\n2,\u001b$B:4F#\u001b(B\n",
    rows: 2,
    names: ["番号", "氏名"],
    sums: { 番号: 3 },
    cells: [
      [0, 1, "山田"],
      [1, 1, "佐藤"],
    ],
    dialect: { encoding: "iso-2022-jp" },
  },
  {
    file: "marked-twice.csv",
    bytes: "\ufeff\ufeffid,n\n1,2\n3,4\n",
    rows: 2,
    names: ["id", "n"],
    sums: { n: 6 },
  },
  {
    file: "utf16-stray-byte.csv",
    bytes: Buffer.concat([iconv.encode("a,b\n1,北京\n2,上海\n", "utf-16le", { addBOM: true }), Buffer.from([10])]),
    rows: 2,
    names: ["a", "b"],
    sums: { a: 3 },
    cells: [[1, 1, "上海"]],
    call: 'encoding_errors="ignore"',
  },
  {
    file: "latin-at-the-end.csv",
    bytes: Buffer.from("id,name\n1,plain\n2,caf\xe9", "latin1"),
    rows: 2,
    names: ["id", "name"],
    cells: [[1, 1, "café"]],
    dialect: { encoding: "windows-1252" },
  },
];
