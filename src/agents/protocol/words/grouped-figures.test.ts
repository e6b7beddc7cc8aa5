import { expect, test } from "vitest";
import { groupUnequal, withGroupedFigures } from "./grouped-figures.ts";
import { createNumberWords } from "./number-words.ts";

const format = createNumberWords("en");

test.each<readonly [string, Readonly<Record<string, string | number>>, string]>([
  [
    "twice (1901: 400036 instead of 200018).",
    { counted: 400_036, right: 200_018, group: "1901" },
    "twice (1901: 400,036 instead of 200,018).",
  ],
  ["12000 merged areas: only", { areas: 12_000 }, "12,000 merged areas: only"],
  ["Year runs from 1900 to 2017", { min: "1900", max: "2017", count: 1 }, "Year runs from 1900 to 2017"],
  ['where code is "10200"', { value: "10200", groups: 10_200 }, 'where code is "10200"'],
  ["the sum is -1234.5.", { sum: -1234.5 }, "the sum is -1,234.5."],
  ["in file 2000x and x2000 and 2000", { n: 2000 }, "in file 2000x and x2000 and 2,000"],
  [
    "Except A: 35800 in the total row, 35300 in its parts.",
    { exceptions: "A: 35800 ≠ 35300" },
    "Except A: 35,800 in the total row, 35,300 in its parts.",
  ],
])("%s", (message, values, said) => {
  expect(withGroupedFigures(message, { ...values }, format)).toBe(said);
});

test("listed exceptions have their figures grouped, not the groups they are in", () => {
  expect(groupUnequal("2001: 35800 ≠ 35300; 2002: -7.5 ≠ 10000", format)).toBe(
    "2001: 35,800 ≠ 35,300; 2002: -7.5 ≠ 10,000",
  );
});
