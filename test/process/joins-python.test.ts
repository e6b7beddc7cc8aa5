import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findJoins } from "../../src/agents/tables/joins/find-joins.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";
import { testPython } from "./test-python.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-join-python-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Reads the files as an agent would and joins them by the first expression. */
const script = `
import json, sys
import pandas as pd
job = json.load(sys.stdin)
space = {"pd": pd}
for name, file in zip(["df", "df2"], job["files"]):
    space[name] = eval(file["pandas"], {"pd": pd, "path": file["path"]})
joined = eval(job["join"], space)
json.dump({"columns": list(joined.columns), "rows": len(joined), "found": int(joined[job["column"]].notna().sum())}, sys.stdout)
`;

type Rows = readonly (readonly (string | number)[])[];

const span = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const day = (at: number): string => String(at + 1).padStart(2, "0");

const cases: readonly {
  readonly name: string;
  readonly left: Rows;
  readonly right: Rows;
  readonly found: number;
  readonly columns?: readonly string[];
}[] = [
  {
    name: "text with leading zeros and numbers, some without a partner",
    left: [["order_no", "customer_id"], ...span(20).map((at) => [at + 1, `000${(at % 5) + 1}`])],
    right: [["id", "customer"], ...span(4).map((at) => [at + 1, `n${at}`])],
    found: 16,
  },
  {
    name: "words in another case, with blanks and full-width letters",
    left: [["city", "sales"], ...span(12).map((at) => [["oslo ", "Rome", "ＣＡＩＲＯ"][at % 3] ?? "", at * 3])],
    right: [
      ["City", "people"],
      ["Oslo", 7],
      ["ROME", 28],
      ["Cairo", 101],
    ],
    found: 12,
  },
  {
    name: "dates in two formats",
    left: [["date", "rain"], ...span(20).map((at) => [`2024-01-${day(at)}`, at * 7])],
    right: [["day", "sun"], ...span(20).map((at) => [`${day(at)}/01/2024`, at * 3])],
    found: 20,
  },
  {
    name: "two columns together",
    left: [
      ["country", "year", "gdp"],
      ...span(12).map((at) => [["Chad", "Peru", "Fiji"][at % 3] ?? "", 2000 + Math.floor(at / 3), at]),
    ],
    right: [
      ["Country", "Year", "births"],
      ...span(12).map((at) => [["Chad", "Peru", "Fiji"][at % 3] ?? "", 2000 + Math.floor(at / 3), at]),
    ],
    found: 12,
  },
  {
    name: "columns of one name that are no keys",
    left: [["shop_id", "name", "amount"], ...span(30).map((at) => [5000 + (at % 9) * 37, `a${at}`, at * 3])],
    right: [["shop_id", "name", "amount"], ...span(9).map((at) => [5000 + at * 37, `t${at}`, at * 1000])],
    found: 30,
    columns: ["shop_id", "name", "amount", "name_right", "amount_right"],
  },
  {
    name: "keys of one name that are written in two ways",
    left: [["city", "sales"], ...span(12).map((at) => [["oslo ", "Rome", "Cairo"][at % 3] ?? "", at * 3])],
    right: [
      ["city", "people"],
      ["Oslo", 7],
      ["ROME", 28],
      ["Cairo", 101],
    ],
    found: 12,
    columns: ["key_0", "city", "sales", "city_right", "people"],
  },
  {
    name: "numbers with missing values on both sides",
    left: [["shop_id", "sales"], ...span(30).map((at) => [at % 10 === 0 ? "" : 5000 + (at % 9) * 37, at])],
    right: [["shop_id", "town"], ...span(9).map((at) => [5000 + at * 37, `t${at}`]), ["", "x"], ["", "y"]],
    found: 27,
  },
];

describe("the join that is proposed for", () => {
  it.each(cases)("$name gives every row once in pandas", async ({ left, right, found, columns }) => {
    const profiles = await Promise.all(
      [left, right].map(async (rows, index) => {
        const path = join(directory, `${index === 0 ? "left" : "right"}.csv`);
        writeFileSync(path, `${rows.map((row) => row.join(",")).join("\n")}\n`);
        return await profileFile({ path, sampleRows: 2, dialect: {} });
      }),
    );
    const [first] = await findJoins(profiles);
    const files = profiles.map(({ path, reading }) => ({ path, pandas: reading.pandas }));
    const output = execFileSync(testPython(), ["-X", "utf8", "-c", script], {
      input: JSON.stringify({ files, join: first?.pandas, column: right[0]?.at(-1) }),
      encoding: "utf8",
    });
    const joined: unknown = JSON.parse(output);
    expect(joined).toMatchObject({ rows: left.length - 1, found, ...(columns === undefined ? {} : { columns }) });
  });
});
