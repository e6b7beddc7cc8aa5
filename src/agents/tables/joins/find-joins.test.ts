import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TableJoin } from "../../protocol/table-join.ts";
import { profileFile } from "../profile-file.ts";
import { findJoins } from "./find-joins.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-joins-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Rows = readonly (readonly (string | number)[])[];

async function joinsOf(files: Readonly<Record<string, Rows>>): Promise<readonly TableJoin[]> {
  const profiles = Object.entries(files).map(async ([name, rows]) => {
    const path = join(directory, name);
    writeFileSync(path, `${rows.map((row) => row.join(",")).join("\n")}\n`);
    return await profileFile({ path, sampleRows: 2, dialect: {} });
  });
  return await findJoins(await Promise.all(profiles));
}

const span = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const panel = (name: string): Rows => [
  ["country", "year", name],
  ...span(12).map((at) => [["Chad", "Peru", "Fiji", "Oman"][at % 4] ?? "", 2000 + Math.floor(at / 4), at * 37]),
];

const table = (names: readonly string[], factor: number): Rows => [
  names,
  ...span(30 + factor).map((at) => [at + 1, (at * factor) % 97, at % 2 === 0 ? "yes" : "no", "ABC"[at % 3] ?? ""]),
];

describe("joins between files", () => {
  it("are found where text with leading zeros meets numbers, and where case and blanks differ", async () => {
    const joins = await joinsOf({
      "orders.csv": [
        ["order_id", "customer_id", "town"],
        ...span(20).map((at) => [at + 1, `000${(at % 5) + 1}`, ["oslo", "Rome ", "CAIRO"][at % 3] ?? ""]),
      ],
      "customers.csv": [["id", "name"], ...span(6).map((at) => [at + 1, `n${at}`])],
      "towns.csv": [
        ["Town", "population"],
        ["Oslo", 7],
        ["Rome", 28],
        ["Cairo", 101],
        ["Lima", 99],
      ],
    });
    const [customers, towns] = [
      joins.find(({ right }) => right.column === "id"),
      joins.find(({ right }) => right.column === "Town"),
    ];
    expect(customers).toMatchObject({
      left: { name: "orders.csv", column: "customer_id", distinct: 5, found: 1 },
      right: { name: "customers.csv", distinct: 6, found: 0.8333, unmatched: ["6"] },
      sharedValues: 5,
      cardinality: "many-to-one",
      normalise: ["number-text", "leading-zeros"],
      examples: [
        { left: "0001", right: "1" },
        { left: "0002", right: "2" },
        { left: "0003", right: "3" },
      ],
    });
    expect(customers?.pandas).toContain("df.merge(df2, ");
    expect(customers?.pandas).toContain('validate="many_to_one"');
    expect(towns).toMatchObject({ normalise: ["case", "spaces"], sharedValues: 3, cardinality: "many-to-one" });
    expect(towns?.pandas).toContain("df.merge(df3, ");
    expect(joins).toHaveLength(2);
  });

  it("take two columns where one would multiply rows", async () => {
    expect(await joinsOf({ "a.csv": panel("gdp"), "b.csv": panel("births") })).toMatchObject([
      {
        left: { column: "country" },
        also: [{ left: "year", right: "year" }],
        cardinality: "one-to-one",
        pandas: 'df.merge(df2, on=["country", "year"], how="left", validate="one_to_one")',
      },
    ]);
  });

  it("meet dates that are written in two ways", async () => {
    const days = span(20).map((at) => String(at + 1).padStart(2, "0"));
    const [found] = await joinsOf({
      "a.csv": [["date", "rain"], ...days.map((day, at) => [`2024-01-${day}`, at * 7])],
      "b.csv": [["day", "sun"], ...days.map((day, at) => [`${day}/01/2024`, at * 3])],
    });
    expect(found).toMatchObject({ normalise: ["date-format"], cardinality: "one-to-one", sharedValues: 20 });
    expect(found?.pandas).toContain('pd.to_datetime(df2["day"], format="%d/%m/%Y")');
  });

  it("are not claimed for running numbers, amounts, truths and small sets of letters", async () => {
    expect(
      await joinsOf({
        "visits.csv": table(["id", "amount", "paid", "grade"], 7),
        "trees.csv": table(["id", "height", "tall", "kind"], 11),
      }),
    ).toEqual([]);
  });
});
