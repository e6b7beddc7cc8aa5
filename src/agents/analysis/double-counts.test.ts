import { describe, expect, test } from "vitest";
import { sampleColumn, sampleProfile } from "../testing/sample-profile.ts";
import type { TableTotal } from "../protocol/table-profile.ts";
import { doubleCountAdvice, doubleCounts } from "./double-counts.ts";

const total: TableTotal = {
  kind: "rows",
  column: "Entity",
  value: "All natural disasters",
  measures: ["Deaths"],
  groupBy: ["Year"],
  parts: ["Flood", "Drought"],
  matchedGroups: 3,
  groups: 3,
  sums: [
    { measure: "Deaths", group: "", counted: 2_469_134, right: 1_234_567 },
    { measure: "Deaths", group: "1900", counted: 2_533_610, right: 1_266_805 },
    { measure: "Deaths", group: "1901", counted: 400_036, right: 200_018 },
    { measure: "Deaths", group: "1902", counted: 93_158, right: 46_579 },
  ],
};
const profile = sampleProfile({
  columns: [
    sampleColumn("Entity", { type: "category", min: null, max: null, mean: null, sum: null }),
    sampleColumn("Deaths", { sum: 2_469_134, mean: 3082.56 }),
  ],
  totals: [total],
});
const caught = (answer: string, question = "How many deaths in 1901?"): readonly string[] =>
  doubleCounts(answer, question, [profile]).map(({ figure }) => figure);

describe("a double count", () => {
  test.each([
    ["In 1901, **400,036** people died.", "400,036"],
    ["1901年共死亡400036人。", "400036"],
    ["1901 年约有 40.0 万人死亡。", "40.0 万"],
    ["About 400 thousand.", "400 thousand", "How many in 1901, roughly?"],
    ["Altogether 2.47 million people died.", "2.47 million", "How many deaths?"],
    ["全部死亡人数为 246.9万。", "246.9万", "一共死亡多少人？"],
    ["In all years together: 2'469'134.", "2'469'134", "How many deaths?"],
    ["On average 3,082.6 deaths.", "3,082.6", "What is the mean?"],
    ["Between 1901 and 1902, 493194 people died.", "493194", "How many from 1901 to 1902?"],
    ["1901到1902年共死亡493,194人。", "493,194", "1901到1902年共死亡多少人？"],
    ["| Year | Deaths |\n| 1902 | 93158 |", "93158", "Show deaths by year"],
  ])("is caught in %j", (answer, figure, question = "How many deaths in 1901?") => {
    // "400 thousand" has one digit that says something, so that nothing can be told from it.
    expect(caught(answer, question)).toEqual(figure === "400 thousand" ? [] : [figure]);
  });

  test.each([
    ["In 1901, 200,018 people died."],
    ["1901年死亡 20.0018 万人。"],
    ["200,018. Adding all rows would give 400,036, since the row of all disasters repeats its parts."],
    ["In 1902, 46,579 people died, from 1900 to 1902 1,513,402."],
    ["The table has 803 rows; 1,234,567 people died."],
    ["Floods killed 400,136 people."],
    ["1901年共 400036 行。"],
    ["The 3,100 of that year."],
    ["On 1901-04-00 there were 40 floods."],
  ])("is not seen in the right answer %j", (answer) => {
    expect(caught(answer)).toEqual([]);
  });

  test("is not looked for in tables without totals, nor in figures that the question gives", () => {
    expect(doubleCounts("400,036", "1901?", [{ ...profile, totals: [] }])).toEqual([]);
    expect(caught("Yes, 400,036 is the sum of all rows of 1901.", "Is 400,036 the sum of all rows of 1901?")).toEqual(
      [],
    );
  });

  test("is explained with the rows that cause it and the right figure", () => {
    const [found] = doubleCounts("400,036", "1901?", [profile]);
    expect(found === undefined ? "" : doubleCountAdvice(found)).toBe(
      '400,036 is what Deaths of deaths.csv gives for 1901 when the total rows (Entity = "All natural disasters") are counted in; without it: 200018.',
    );
  });

  test("is caught where total rows were counted as things, and not where rows were counted", () => {
    const subtotals: TableTotal = {
      ...total,
      kind: "subtotal-rows",
      values: ["East", "West"],
      rowIndexes: [3, 7],
      sums: [],
    };
    const table = { ...profile, rowCount: 42, totals: [subtotals] };
    expect(doubleCounts("There are 42 towns.", "How many towns?", [table])).toMatchObject([{ right: 40 }]);
    expect(doubleCounts("There are 40 towns.", "How many towns?", [table])).toEqual([]);
    expect(doubleCounts("The table has 42 rows.", "How many rows?", [table])).toEqual([]);
  });

  test("is caught where a running total was added up", () => {
    const running: TableTotal = {
      ...total,
      kind: "running-column",
      column: "Deaths",
      value: null,
      groupBy: [],
      sums: [{ measure: "Deaths", group: "", counted: 2_469_134, right: 98_765 }],
    };
    const table = { ...profile, totals: [running] };
    expect(doubleCounts("2,469,134 in all.", "How many?", [table])).toMatchObject([{ right: 98_765 }]);
    expect(doubleCounts("98,765 in all.", "How many?", [table])).toEqual([]);
  });
});
