import { expect, test } from "vitest";
import { rankPaths } from "./rank-paths.ts";

const labels = [
  "data/archive/old_sales_2019.csv",
  "data/sales.csv",
  "sales/notes.csv",
  "data/customerOrders.csv",
  "data/销售数据.xlsx",
  "s/a/l/e/s.csv",
  "data/random.csv",
];
const places = labels.map((label) => ({ path: `/w/${label}`, label }));
const ranked = (typed: string, most = 12): readonly string[] =>
  rankPaths(places, typed, most).map(({ label }) => label);

test("a name that begins with what was typed comes before one that holds it, and both before a folder", () => {
  expect(ranked("sales").slice(0, 3)).toEqual(["data/sales.csv", "data/archive/old_sales_2019.csv", "sales/notes.csv"]);
});

test("letters may stand apart, and count at the start of words", () => {
  expect(ranked("co")[0]).toBe("data/customerOrders.csv");
  expect(ranked("osal")[0]).toBe("data/archive/old_sales_2019.csv");
});

test("a folder tells files apart", () => {
  expect(ranked("archive/old")).toEqual(["data/archive/old_sales_2019.csv"]);
});

test("case does not matter, nor does the script", () => {
  expect(ranked("SALES.CSV")[0]).toBe("data/sales.csv");
  expect(ranked("销售")).toEqual(["data/销售数据.xlsx"]);
});

test("nothing typed lists the shortest first; what is not there is not found", () => {
  expect(ranked("", 2)).toEqual(["s/a/l/e/s.csv", "data/sales.csv"]);
  expect(ranked("zebra")).toEqual([]);
});
