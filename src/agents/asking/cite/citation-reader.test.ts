import { expect, test } from "vitest";
import type { ReadPassage } from "../../protocol/citation.ts";
import { CitationReader } from "./citation-reader.ts";

function passage(number: number, text: string, more: Partial<ReadPassage> = {}): ReadPassage {
  const start = more.start ?? 0;
  return {
    number,
    path: `/docs/${number}.md`,
    name: `${number}.md`,
    startLine: 1,
    endLine: text.split("\n").length,
    start,
    end: start + Array.from(text).length,
    page: null,
    place: "",
    text,
    score: 1,
    ...more,
  };
}

const handbook = [
  passage(1, "Refunds are paid within 14 days.\nA fee of EUR 20 is charged.", {
    start: 100,
    startLine: 10,
    endLine: 11,
  }),
  passage(2, "退款将在十四天内支付。\n手续费为20元，不予退还。"),
];

function read(answer: string, passages: readonly ReadPassage[] = handbook, pieceLength = 1_000) {
  const reader = new CitationReader("When are refunds paid?", () => passages);
  const pieces = [];
  for (let at = 0; at < answer.length; at += pieceLength) {
    pieces.push(...reader.read(answer.slice(at, at + pieceLength)));
  }

  pieces.push(...reader.end());
  const text = pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("");
  expect(text).toBe(reader.text);
  return {
    text,
    quotes: reader.citations.map(({ passage: from, quote }) => `${from} ${quote}`),
    doubts: reader.doubts.map(({ reason, quote }) => `${reason} ${quote}`),
    citations: reader.citations,
    pieces,
  };
}

test.each([1, 2, 7, 1_000])(
  "a quote becomes a mark that says where its words stand, in pieces of %i",
  (pieceLength) => {
    const answer = 'Within two weeks [1: "within 14 days"]. It costs EUR 20 [1: "A fee of EUR 20"].';
    const { text, citations, doubts } = read(answer, handbook, pieceLength);
    expect(text).toBe("Within two weeks [1]. It costs EUR 20 [2].");
    expect(doubts).toEqual([]);
    expect(citations).toEqual([
      expect.objectContaining({
        number: 1,
        passage: 1,
        quote: "within 14 days",
        start: 117,
        end: 131,
        startLine: 10,
        endLine: 10,
      }),
      expect.objectContaining({
        number: 2,
        passage: 1,
        quote: "A fee of EUR 20",
        start: 133,
        end: 148,
        startLine: 11,
        endLine: 11,
      }),
    ]);
  },
);
