import { expect, test } from "vitest";
import { passageWords } from "./passage-words.ts";
import { queryTerms } from "./query-terms.ts";
import { stemOf, wordsOf } from "./terms.ts";

function words(text: string, around = ""): readonly string[] {
  return passageWords(around, text)
    .split(" ")
    .filter((word) => word !== "")
    .toSorted();
}

test("each stem comes as often as its word, up to four times, also those of path and heading", () => {
  expect(words("Registers registered; café Café")).toEqual(["cafe", "cafe", "regist", "regist"]);
  expect(words("a ".repeat(9))).toEqual(["a", "a", "a", "a"]);
  expect(words("plain", "docs/Plain.md")).toEqual(["doc", "md", "plain", "plain"]);
});

test("an identifier and its parts", () => {
  expect(words("parseHTTPRequest(openFile, openFile)")).toEqual(
    ["parsehttprequest", "pars", "http", "request", "openfil", "openfil", "open", "file"].toSorted(),
  );
});

test("text without spaces as pairs of characters", () => {
  expect(words("北京市 𠮷野家")).toEqual(["京市", "北京", "家", "市", "野家", "𠮷野"].toSorted());
});

test("a text without words, and one of a single word that no person writes", () => {
  expect(words(" \n-- !")).toEqual([]);
  expect(words("x".repeat(300_000))).toEqual(["x".repeat(300_000)]);
});

test("short and long words with the same end, or the same beginning, are told apart", () => {
  const alike = ["90123456", "890123456", "7890123456", "67890123457", "67890123456", "0123456", "é123456", "ée123456"];
  const expected = alike.map((word) => word.replace("é", "e")).toSorted();
  expect(words(alike.join(" "))).toEqual(expected);
  expect(words(alike.toReversed().join(" "))).toEqual(expected);
});

test("a text that is looked at in pieces has the words that it has in one", () => {
  const names = Array.from({ length: 9000 }, (_, at) => `${at % 3 === 0 ? "openFile" : "näher"}${at}`);
  const inPieces = new Set(words(names.join(", ")));
  expect(inPieces).toEqual(new Set(names.flatMap((name) => words(name))));
  expect(words(`${"x".repeat(40_000)} ${"y ".repeat(20_000)}${"z".repeat(50_000)}`)).toEqual([
    "x".repeat(40_000),
    "y",
    "y",
    "y",
    "y",
    "z".repeat(50_000),
  ]);
});

test("long words that differ in one character are told apart", () => {
  const long = Array.from({ length: 40 }, (_, at) => `${"w".repeat(at)}8${"w".repeat(39 - at)}`);
  expect(words(long.join(" "))).toEqual(long.toSorted());
  const lengths = Array.from({ length: 40 }, (_, at) => `9${"w".repeat(at)}`);
  expect(words(lengths.join(" "))).toEqual(lengths.toSorted());
});

test("words stay right when more of them come than are remembered", () => {
  const first = words("the first openFile passages");
  for (let at = 0; at < 400_000; at += 400) {
    passageWords("", Array.from({ length: 400 }, (_, step) => `w${(at + step).toString(36)}`).join(" "));
  }
  expect(words("w5s5 w5s5 unseen")).toEqual(["unseen", "w5s5", "w5s5"]);
  expect(words("the first openFile passages")).toEqual(first);
});

test.each([
  "How do I openFile with café URLs?",
  "parseHTTPRequest in 北京市 第50届",
  "Москва́ — Ёж والكتابُ",
  "a_b-c.d 1984a",
])("whatever a query of %s looks for is there", (text) => {
  const found = new Set(words(text));
  expect(
    wordsOf(text)
      .map(stemOf)
      .filter((stem) => !found.has(stem)),
  ).toEqual([]);
  const whole = queryTerms(text).filter(({ match }) => !match.endsWith("*"));
  expect(whole.filter(({ match }) => !found.has(match.slice(1, -1)))).toEqual([]);
});
