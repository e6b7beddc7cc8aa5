import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TableProfile, TableWarning } from "../../protocol/table-profile.ts";
import { profileFile } from "../profile-file.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-doubts-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Cell = string | number;

const rowCount = 60;
const span = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function profileOf(columns: Readonly<Record<string, (row: number) => Cell>>): Promise<TableProfile> {
  const path = join(directory, "table.csv");
  const rows = span(rowCount).map((row) => Object.values(columns).map((make) => make(row)));
  writeFileSync(path, `${[Object.keys(columns), ...rows].map((row) => row.join(",")).join("\n")}\n`);
  return await profileFile({ path, sampleRows: 2, dialect: {} });
}

async function doubtsOf(make: (row: number) => Cell, code: string): Promise<readonly TableWarning[]> {
  const { warnings } = await profileOf({ row: (row) => `r${row}`, column: make });
  return warnings.filter((warning) => warning.code === code);
}

const day = (year: number, row: number): string =>
  `${year}-${String((row % 12) + 1).padStart(2, "0")}-${String((row % 28) + 1).padStart(2, "0")}`;

describe("doubts about a column", () => {
  it.each<[string, (row: number) => Cell, string, TableWarning["values"]]>([
    [
      "-999 for missing",
      (row) => (row % 20 === 3 ? -999 : row % 35),
      "sentinel-values",
      { value: -999, count: 3, neighbour: 0 },
    ],
    [
      "99 among marks",
      (row) => (row % 9 === 0 ? 99 : (row % 5) + 1),
      "sentinel-values",
      { value: 99, count: 7, neighbour: 5 },
    ],
    [
      "-999 in a third of all rows",
      (row) => (row % 3 === 1 ? -999 : (row % 7) / 2),
      "sentinel-values",
      { value: -999, neighbour: 0 },
    ],
    [
      "9999 in half of all rows",
      (row) => (row % 2 === 1 ? 9999 : row % 40),
      "sentinel-values",
      { value: 9999, neighbour: 38 },
    ],
    ["-1 among amounts", (row) => (row % 10 === 0 ? -1 : row * 3), "sentinel-values", { value: -1, count: 6 }],
    [
      "a slip",
      (row) => (row === 7 ? 5_200_000 : 3000 + ((row * 377) % 9000)),
      "outliers",
      { value: 5_200_000, count: 1 },
    ],
    [
      "1900-01-01 for unknown",
      (row) => (row === 9 ? "1900-01-01" : day(2021, row)),
      "default-dates",
      { day: "1900-01-01" },
    ],
    [
      "a day to come",
      (row) => (row === 5 ? "2202-03-01" : day(2015 + (row % 5), row)),
      "future-dates",
      { count: 1, examples: "2202-03-01" },
    ],
    [
      "blanks behind",
      (row) => ["北京", "北京 ", "上海"][row % 3] ?? "",
      "word-variants",
      { count: 1, examples: '"北京" = "北京 "' },
    ],
    ["another case", (row) => ["NY", "ny", "CA"][row % 3] ?? "", "word-variants", { examples: '"NY" = "ny"' }],
    ["two units", (row) => (row % 2 === 0 ? `${row + 1} kg` : `${row} lb`), "mixed-units", { units: "kg, lb" }],
    ["two currencies", (row) => (row % 2 === 0 ? `$${row + 1}` : `€${row}`), "mixed-units", { units: "$, €" }],
    ["a unit in every cell", (row) => `${row} km`, "unit-in-cells", { unit: "km" }],
    ["one value", () => "same", "constant-columns", { columns: 1 }],
  ])("are said: %s", async (_what, make, code, values) => {
    expect(await doubtsOf(make, code)).toMatchObject([{ columns: ["column"], values }]);
  });

  it.each<[string, (row: number) => Cell, string]>([
    ["percentages up to 99", (row) => (row * 7) % 100, "sentinel-values"],
    ["prices at 99 and 999", (row) => [9.99, 99, 19.99, 199, 999][row % 5] ?? 0, "sentinel-values"],
    ["a number of nines beside others as large", (row) => (row % 2 === 1 ? 999 : (row * 13) % 800), "sentinel-values"],
    ["changes around zero", (row) => (row % 9) - 4, "sentinel-values"],
    ["amounts that spread evenly", (row) => 1.2 ** row, "outliers"],
    ["a series that begins in 1970", (row) => day(1970 + row, 0), "default-dates"],
    ["a plan for years to come", (row) => day(2100 + (row % 9), row), "future-dates"],
    ["names in one writing", (row) => ["Oslo", "Rome", "Lima"][row % 3] ?? "", "word-variants"],
    ["codes that look like measures", (row) => ["A 1", "B 2", "4 C"][row % 3] ?? "", "mixed-units"],
  ])("are not said: %s", async (_what, make, code) => {
    expect(await doubtsOf(make, code)).toEqual([]);
  });
});

describe("what the shape of a table says", () => {
  it("names the pair of columns that tells rows apart", async () => {
    const { keys } = await profileOf({
      town: (row) => `t${row % 6}`,
      year: (row) => 2000 + Math.floor(row / 6),
      sales: (row) => (row * 7) % 5,
    });
    expect(keys).toEqual([["town", "year"]]);
  });

  it("names a single key, and one that nearly is", async () => {
    const { keys, warnings } = await profileOf({
      id: (row) => `A${row}`,
      order_id: (row) => (row === 40 ? "X3" : `X${row}`),
      n: (row) => row % 4,
    });
    expect(keys).toEqual([["id"]]);
    expect(warnings).toMatchObject([{ code: "repeated-keys", values: { column: "order_id", repeats: 1, rows: 60 } }]);
  });

  it("knows periods beside each other", async () => {
    const { warnings } = await profileOf({
      land: (row) => `l${row}`,
      "2019": (row) => row * 3 + 1,
      "2020年": (row) => row * 5 + 2,
      "2021 Q1": (row) => row * 7 + 3,
      FY2022: (row) => row * 11 + 5,
    });
    expect(warnings.find(({ code }) => code === "wide-periods")?.values).toEqual({
      count: 4,
      first: "2019",
      last: "FY2022",
    });
  });
});
