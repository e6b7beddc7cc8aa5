import { describe, expect, test } from "vitest";
import type { TableJoin } from "../protocol/table-join.ts";
import { fanOutJoins } from "./fan-out.ts";

const side = (name: string, column: string) => ({
  path: `/${name}`,
  name,
  column,
  distinct: 20,
  found: 1,
  unmatched: [],
});
const join: TableJoin = {
  left: side("orders.csv", "city"),
  right: side("shops.csv", "City"),
  sharedValues: 20,
  cardinality: "many-to-many",
  normalise: [],
  examples: [],
  pandas: "",
};
const code = 'm = df.merge(df2, left_on="city", right_on="City")\nprint(m["amount"].sum())';

describe("a join that multiplies rows", () => {
  test("is seen where sums follow it", () => {
    expect(fanOutJoins(code, [join])).toEqual([join]);
  });

  test.each([
    ["another cardinality", code, { ...join, cardinality: "many-to-one" as const }],
    ["another column", code, { ...join, left: side("orders.csv", "region") }],
    ["rows made few before", `df2 = df2.drop_duplicates("City")\n${code}`, join],
    ["pandas checks it", code.replace(")\n", ', validate="many_to_one")\n'), join],
    ["nothing is added up", code.replace('print(m["amount"].sum())', "m.head()"), join],
    ["there is no join", 'print(df["city"].sum(), "City")', join],
  ])("is not seen where %s", (_why, text, one) => {
    expect(fanOutJoins(text, [one])).toEqual([]);
  });
});
