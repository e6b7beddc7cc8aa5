import { expect, test } from "vitest";
import { languagesOfPassages, otherLanguages } from "./passage-languages.ts";

const english = { text: "The fee is paid to the firm within 14 days of the delivery." };
const chinese = { text: "手续费在交货后十四天内付给公司。" };
const many = (count: number, passage: { readonly text: string }) => Array.from({ length: count }, () => passage);

test("files have the languages of their passages, the most frequent first, but for hardly any", () => {
  expect(languagesOfPassages([...many(2, chinese), ...many(8, english)])).toEqual(["English", "Chinese"]);
  expect(languagesOfPassages([chinese, ...many(40, english)])).toEqual(["English"]);
  expect(languagesOfPassages([{ text: "x = 1" }])).toEqual([]);
  expect(languagesOfPassages([])).toEqual([]);
});

test.each([
  ["What is the fee?", ["English", "Chinese"], ["Chinese"]],
  ["手续费是多少？", ["English", "Chinese"], ["English"]],
  ["What is the fee?", ["English"], []],
  ["What is the fee?", [], []],
  ["Wie hoch ist die Gebühr?", ["English", "German"], ["English"]],
  ["TB-402", ["English", "German", "Chinese"], ["Chinese"]],
])("%s in files of %s is said in %s", (question, ofFiles, others) => {
  expect(otherLanguages(question, ofFiles)).toEqual(others);
});
