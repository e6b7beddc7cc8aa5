import { expect, test } from "vitest";
import { embeddingTokens, textPieces } from "./text-pieces.ts";

test("tokens are counted by words, signs and wide characters", () => {
  expect(embeddingTokens("one two, three")).toBe(4);
  expect(embeddingTokens("readAllLines(file)")).toBe(6);
  expect(embeddingTokens("向量检索")).toBe(4);
  expect(embeddingTokens("  \n\t")).toBe(0);
});

test("a text that is short enough is one piece", () => {
  expect(textPieces("a b c d", 4)).toEqual(["a b c d"]);
  expect(textPieces("", 4)).toEqual([""]);
});

test("lines stay whole where they can, and the pieces are about as long as one another", () => {
  const lines = Array.from({ length: 12 }, (_, at) => `let x${at} = y\n`);
  const pieces = textPieces(lines.join(""), 30);
  expect(pieces.join("")).toBe(lines.join(""));
  expect(pieces.every((piece) => piece.endsWith("\n"))).toBe(true);
  const lengths = pieces.map(embeddingTokens);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(30);
  expect(Math.min(...lengths)).toBeGreaterThan(15);
});

test.each([
  ["sentences", "The buoy drifts at night. It is found at dawn. The crew takes it in. ".repeat(4)],
  ["sentences in Chinese", "浮标在夜里漂走。黎明时找到了它。船员把它收回。".repeat(4)],
  ["words", "drift ".repeat(80)],
  ["a run without an end", "漂".repeat(90)],
  ["characters of two units", "𠮷".repeat(60)],
])("a long line is cut between %s, and nothing is lost", (_, text) => {
  const pieces = textPieces(text, 25);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join("").trim()).toBe(text.trim());
  expect(pieces.every((piece) => embeddingTokens(piece) <= 40 && piece.isWellFormed())).toBe(true);
});
