import { expect, test } from "vitest";
import { locateWords, offsetOfCharacter } from "./locate-words.ts";

const shown = (text: string, words: string, near = 0): string | undefined => {
  const found = locateWords(text, words, near);
  return found === null ? undefined : text.slice(found.start, found.end);
};

test("words that stand there as they are, at the place nearest to the expected one", () => {
  const text = "one two\nthree two\nfour two\n";
  expect(locateWords(text, "two", 0)).toEqual({ start: 4, end: 7, partly: false });
  expect(locateWords(text, "two", 15)?.start).toBe(14);
  expect(locateWords(text, "two", 999)?.start).toBe(23);
});

test.each([
  ["line ends", "first line\r\nsecond line", "first line\nsecond line", "first line\r\nsecond line"],
  ["a break of a line within", "The quick brown\n  fox runs", "The quick brown fox", "The quick brown\n  fox"],
  ["a hyphen at a line's end", "an inter-\nnational body", "international body", "inter-\nnational body"],
  [
    "no space between Chinese characters",
    "合同 自 签字 之日\n起生效",
    "合同自签字之日起生效",
    "合同 自 签字 之日\n起生效",
  ],
  ["width and case", "ＡＢＣ Company Ltd", "abc company", "ＡＢＣ Company"],
  ["a ligature", "the ofﬁce is open", "the office is", "the ofﬁce is"],
])("%s need not agree", (_what, text, words, found) => {
  expect(shown(text, words)).toBe(found);
});

test("of words that have changed in part, what is left is found, and said to be a part", () => {
  const text = "Payment is due within thirty days of the invoice date, in full.";
  const found = locateWords(text, "Payment is due within thirty days after receipt of goods and services", 0);
  expect(found?.partly).toBe(true);
  expect(text.slice(found?.start, found?.end)).toContain("Payment is due within");
});

test("words that are not there are not found, and neither are parts too short to tell", () => {
  expect(locateWords("Nothing of the kind.", "completely other words here", 0)).toBeNull();
  expect(locateWords("a b c", "   ", 0)).toBeNull();
});

test("a place far from the expected one is found in a long text", () => {
  const text = `${"x ".repeat(60_000)}the needle\nin it${" y".repeat(60_000)}`;
  expect(shown(text, "the needle in it", 5)).toBe("the needle\nin it");
});

test("characters are counted as code points", () => {
  expect(offsetOfCharacter("a😀b", 2)).toBe(3);
  expect(offsetOfCharacter("ab", 9)).toBe(2);
});

test("words are found where a document writes radicals for ideographs", () => {
  expect(locateWords("本⼿册由部⻔经理批准。", "手册由部门经理", 0)).toEqual({ start: 1, end: 8, partly: false });
});
