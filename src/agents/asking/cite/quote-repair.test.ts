import { expect, test } from "vitest";
import type { ReadPassage } from "../../protocol/citation.ts";
import { findQuotedPlace } from "./verify-marker.ts";

const cranes = `# Cranes

### Crane Aurora

The maximum lifting capacity of crane Aurora is 184 tonnes at a radius of 12 metres.

### Crane Boreas

The maximum lifting capacity of crane Boreas is 97 tonnes. It was unable to turn in 2019. The employer pays the crew by the hour.`;
const chinese = "起重机甲的最大起重量为一百八十四吨，不得在大风中使用。\n\n起重机乙的最大起重量为九十七吨。";

function passage(number: number, text: string): ReadPassage {
  const place = { path: `/docs/${number}.md`, name: `${number}.md`, startLine: 1, endLine: text.split("\n").length };
  return { number, ...place, start: 0, end: Array.from(text).length, page: null, place: "", text, score: 1 };
}

const passages = [passage(1, cranes), passage(2, chinese)];

function found(quote: string, claim: string, number = 1): string | null {
  return findQuotedPlace({ passage: number, quote, claim }, passages)?.quote ?? null;
}

const aurora = "maximum lifting capacity of crane Aurora is 184 tonnes";

test.each([
  ["white space, case and signs", "Maximum  lifting capacity of CRANE Aurora, is 184 tonnes!"],
  ["a slip within a word", "maximum lifting capcity of crane Aurora is 184 tonnes"],
  ["another ending of a word", "maximum lifting capacities of crane Aurora is 184 tonnes"],
  ["an article put in", "the maximum lifting capacity of the crane Aurora is 184 tonnes"],
])("%s: what the file says is cited", (_what, quote) => {
  expect(found(quote, "It does so")?.replace(/^The /u, "")).toBe(aurora);
});

test.each([
  [
    "another name",
    "maximum lifting capacity of crane Boreas is 184 tonnes at a radius of 12 metres",
    "Boreas lifts 184",
  ],
  ["a name misspelt", "maximum lifting capacity of crane Aurore is 184 tonnes", "It lifts that much"],
  ["a name put in", "maximum lifting capacity of harbour crane Aurora Borealis is 184 tonnes", "It lifts that"],
  ["a name left out", "The maximum lifting capacity of crane is 184 tonnes", "It lifts that much"],
  ["a negation put in", "maximum lifting capacity of crane Aurora is not 184 tonnes", "Aurora lifts 184 tonnes"],
  ["a negating beginning cut off", "able to turn in 2019", "It turned in that year"],
  ["another figure", "maximum lifting capacity of crane Aurora is 148 tonnes", "It lifts that much"],
  ["another word of nearly the same letters", "The employee pays the crew by the hour", "Who pays is known"],
  ["another word that links", "The employer pays the crew to the hour", "Who pays is known"],
  ["a word left out", "maximum capacity of crane Aurora is 184 tonnes", "It does so"],
  ["a word of the next heading", "at a radius of 12 metres Crane Borea", "It is so far"],
  ["an ellipsis over a heading", "crane Aurora is 184 tonnes ... crane Boreas is 97 tonnes", "Both are there"],
])("a quote with %s is refused", (_what, quote, claim) => {
  expect(found(quote, claim)).toBeNull();
});

test.each([
  ["another Chinese name", "起重机丙的最大起重量为一百八十四吨", "丙能吊这么多"],
  ["a Chinese name exchanged", "起重机乙的最大起重量为一百八十四吨", "乙的最大起重量为一百八十四吨"],
  ["a Chinese negation put in", "起重机甲的最大起重量不为一百八十四吨", "最大起重量为一百八十四吨"],
  ["a Chinese negation left out", "起重机甲的最大起重量为一百八十四吨，得在大风中使用", "甲可以使用"],
  ["Chinese characters put in", "起重机甲的最大安全起重量为一百八十四吨", "甲很重"],
])("a quote with %s is refused", (_what, quote, claim) => {
  expect(found(quote, claim, 2)).toBeNull();
});

test("a quote that says nothing is as good as none: the passage itself must carry the claim", () => {
  expect(found("is", "The operator of the crane is Bob Marley")).toBeNull();
  expect(found("it is the", "It is painted green all over")).toBeNull();
  expect(found("起重机", "操作员是王小明", 2)).toBeNull();
  expect(found("Aurora", "Its name is Aurora")).toBe("Aurora");
  expect(found("184", "It lifts 184 tonnes")).toBe("184");
  expect(found("turn", "In 2019 it was unable to turn")).toBe("It was unable to turn in 2019.");
  expect(found("大风", "不得在大风中使用", 2)).toContain("不得在大风中使用");
});
