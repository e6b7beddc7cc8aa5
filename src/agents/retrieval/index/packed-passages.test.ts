import { expect, test } from "vitest";
import { passageWords } from "../../words/passage-words.ts";
import type { Chunk } from "../chunk/chunk.ts";
import { packedPassages, PassagePacker } from "./packed-passages.ts";

const texts = ["plainText registered", "北京市 𠮷野家", "-- !", "Über café, Über ".repeat(40), "x".repeat(3000)];
const path = "docs/Register.md";

function chunkOf(text: string, at: number): Chunk {
  const page = at % 2 === 0 ? null : at;
  return { start: at, end: at + text.length, startLine: at + 1, endLine: at + 2, page, place: `Part ${at}`, text };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const sorted = (words: string): string => words.split(" ").toSorted().join(" ");
const chunks = texts.map(chunkOf);

test.each([
  ["by the one who packs", () => true],
  ["by the one who unpacks", () => false],
  ["by both in turn", (at: number) => at % 2 === 0],
])("passages and their words come out as they went in, found %s, also where memory has to grow", (_, findsWords) => {
  const packer = new PassagePacker(new ArrayBuffer(16));
  for (const round of [1, 2]) {
    for (const [at, chunk] of chunks.entries()) {
      packer.add(chunk, path, findsWords(at));
    }
    expect(packer.count).toBe(texts.length);
    const found = Array.from(packedPassages(packer.packed(), { first: 1, count: 4 }, path), (passage) => ({
      ...passage,
      text: textOf(passage.text),
      words: sorted(textOf(passage.words)),
    }));
    const expected = chunks.slice(1).map((chunk) => ({
      ...chunk,
      textLength: chunk.text.length,
      words: sorted(passageWords(`${path} ${chunk.place}`, chunk.text)),
    }));
    expect(found, `round ${round}`).toEqual(expected);
    packer.begin(null);
    expect(packer.count).toBe(0);
  }
});
