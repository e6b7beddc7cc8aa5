import { expect, test } from "vitest";
import { passageWords } from "../../words/passage-words.ts";
import { queryTerms } from "../../words/query-terms.ts";
import { lexemeQuery, lexemesOf } from "./lexemes.ts";

function lexemes(text: string, around = ""): readonly string[] {
  return lexemesOf(passageWords(around, text)).trim().split(" ").toSorted();
}

test("words are stems and pairs of characters, counted up to four", () => {
  expect(lexemes("Registers, registered: 北京市")).toEqual(["'京市'", "'北京'", "'regist':1,2", "'市'"].toSorted());
  expect(lexemes("a a a a a a")).toEqual(["'a':1,2,3,4"]);
  expect(lexemes("plain", "docs/Plain.md")).toContain("'plain':1,2");
});

test("signs of the server's language do not come through", () => {
  expect(lexemes(`it's \\ 'a' & !b | (c):* <->`).join("")).toMatch(/^['a-z0-9:,]+$/);
});

test("words too long for the server are left out", () => {
  expect(lexemes(`${"x".repeat(3000)} ok`)).toEqual(["'ok'"]);
  expect(lexemes(`${"é".repeat(300)} ok`)).toHaveLength(2);
});

test("a single character is looked for at the beginning of pairs", () => {
  expect(queryTerms("税").map(lexemeQuery)).toEqual(["'税':*"]);
  expect(queryTerms("registered users").map(lexemeQuery)).toEqual(["'regist'", "'user'"]);
});
