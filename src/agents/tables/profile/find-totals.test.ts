import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TableProfile } from "../../protocol/table-profile.ts";
import { profileFile } from "../profile-file.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-totals-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function profileOf(rows: readonly (readonly (string | number)[])[]): Promise<TableProfile> {
  const path = join(directory, "table.csv");
  writeFileSync(path, `${rows.map((row) => row.join(",")).join("\n")}\n`);
  return await profileFile({ path, sampleRows: 5, dialect: {} });
}

/** Amounts without a pattern, the same on every run. */
function amount(seed: number): number {
  return 17 + ((seed * 7919) % 9973);
}

/** A row per year and kind, and a row per year that totals them. */
function withTotals(total: string, wrongYears = 0): (string | number)[][] {
  const rows: (string | number)[][] = [["Year", "Kind", "Deaths"]];
  for (let year = 1950; year < 1980; year += 1) {
    const parts = ["flood", "storm", "drought"].map((kind, index) => [year, kind, amount(year * 3 + index)] as const);
    const sum = parts.reduce((all, [, , value]) => all + value, 0);
    rows.push(...parts.map((part) => [...part]), [year, total, year < 1950 + wrongYears ? sum + 1 : sum]);
  }
  return rows;
}

describe("total rows", () => {
  it.each(["All kinds", "合计", "disasters"])("are found by value when the total is called %s", async (name) => {
    const profile = await profileOf(withTotals(name));
    expect(profile.totals).toMatchObject([
      {
        kind: "rows",
        column: "Kind",
        value: name,
        measures: ["Deaths"],
        groupBy: ["Year"],
        matchedGroups: 30,
        groups: 30,
      },
    ]);
    expect(profile.totals[0]?.parts.toSorted()).toEqual(["drought", "flood", "storm"]);
    const warning = profile.warnings.find(({ code }) => code === "total-rows");
    expect(warning?.message).toContain(
      `In every Year, the rows where Kind is "${name}" equal the sum of the other rows.`,
    );
    expect(Number(warning?.values["counted"])).toBe(2 * Number(warning?.values["right"]));
  });

  it.each(["总计", "Total", "Итого", "合計", "Összesen", "รวม", "Tổng cộng", "सभी", "合计（万元）"])(
    "are found in a handful of rows, the first of them called %s",
    async (name) => {
      const profile = await profileOf([
        ["area", "sold"],
        [name, 60],
        ["a", 10],
        ["b", 20],
        ["c", 30],
      ]);
      expect(profile.totals).toMatchObject([{ kind: "rows", column: "area", value: name, measures: ["sold"] }]);
      expect(profile.warnings.find(({ code }) => code === "total-rows")?.values).toMatchObject({
        counted: 120,
        right: 60,
      });
    },
  );

  it.each([
    ["the first row is no sum", "Total", 61],
    ["the name says nothing", "north", 60],
  ])("are not claimed in a handful of rows where %s", async (_, name, first) => {
    const profile = await profileOf([
      ["area", "sold"],
      [name, first],
      ["a", 10],
      ["b", 20],
      ["c", 30],
    ]);
    expect(profile.totals).toEqual([]);
  });

  it("are found below two small groups where nothing but a blank marks them", async () => {
    const profile = await profileOf([
      ["region", "city", "amt"],
      ["N", "a", 10],
      ["N", "b", 20],
      ["N", "", 30],
      ["S", "c", 40],
      ["S", "d", 50],
      ["S", "", 90],
      ["", "", 120],
    ]);
    expect(profile.totals).toMatchObject([
      { kind: "rows", column: "city", value: null, groupBy: ["region"], matchedGroups: 2, groups: 2 },
      { kind: "last-rows", measures: ["amt"] },
    ]);
    expect(profile.totals[0]?.sums?.[0]).toMatchObject({ counted: 240, right: 120 });
  });

  it("are not claimed where blanks stand between the rows of two small groups", async () => {
    const profile = await profileOf([
      ["region", "city", "amt"],
      ["N", "a", 10],
      ["N", "", 30],
      ["N", "b", 20],
      ["S", "c", 40],
      ["S", "", 90],
      ["S", "d", 50],
    ]);
    expect(profile.totals).toEqual([]);
  });

  it("are found with a few groups that do not match, and these are counted", async () => {
    const profile = await profileOf(withTotals("All kinds", 2));
    expect(profile.totals).toMatchObject([{ matchedGroups: 28, groups: 30 }]);
    const warning = profile.warnings.find(({ code }) => code === "total-rows");
    const [first, second] = [1950, 1951].map((year) => {
      const parts = [0, 1, 2].reduce((sum, index) => sum + amount(year * 3 + index), 0);
      return { year, said: parts + 1, parts };
    });
    expect(warning?.message).toContain(
      `Except 1950: ${first?.said} in the total row, ${first?.parts} in its parts; 1951: ${second?.said} in the total row, ${second?.parts} in its parts.`,
    );
    expect(warning?.values["exceptions"]).toBe(
      `1950: ${first?.said} ≠ ${first?.parts}; 1951: ${second?.said} ≠ ${second?.parts}`,
    );
    expect(Number(warning?.values["group"])).toBeGreaterThan(1952);
  });

  it("are not claimed for a value that only happens to be large", async () => {
    const profile = await profileOf(withTotals("other", 30));
    expect(profile.totals).toEqual([]);
  });

  it("are found where a missing value marks them", async () => {
    const rows: (string | number)[][] = [["province", "city", "cases"]];
    for (let province = 0; province < 8; province += 1) {
      const cities = [0, 1, 2, 3].map((city) => amount(province * 11 + city));
      rows.push([`p${province}`, "", cities.reduce((a, b) => a + b, 0)]);
      rows.push(...cities.map((cases, city) => [`p${province}`, `c${province}${city}`, cases]));
    }
    expect((await profileOf(rows)).totals).toMatchObject([
      { kind: "rows", column: "city", value: null, groupBy: ["province"], matchedGroups: 8 },
    ]);
  });
});

/** A row per city, per province and per country; the second country has no parts. */
function levels(): (string | number)[][] {
  const rows: (string | number)[][] = [["country", "province", "city", "cases"]];
  let all = 0;
  for (let province = 0; province < 8; province += 1) {
    const cities = [0, 1, 2, 3].map((city) => amount(province * 11 + city));
    const sum = cities.reduce((a, b) => a + b, 0) + (province === 2 ? 5 : 0);
    all += sum;
    rows.push(["A", `p${province}`, "", sum]);
    rows.push(...cities.map((cases, city) => ["A", `p${province}`, `c${province}${city}`, cases]));
  }
  return [...rows, ["A", "", "", all], ["B", "", "", amount(99)], ["C", "", "", amount(98)]];
}

describe("totals of several levels", () => {
  it("are all found, each among the rows of its own level, and say which rows to prefer", async () => {
    const profile = await profileOf(levels());
    expect(profile.totals).toHaveLength(2);
    expect(profile.totals).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ column: "province", value: null, groupBy: ["country"], matchedGroups: 1, groups: 1 }),
        expect.objectContaining({ column: "city", value: null, groupBy: ["province"], matchedGroups: 7, groups: 8 }),
      ]),
    );
    const messages = profile.warnings.filter(({ code }) => code === "total-rows").map(({ message }) => message);
    const [country, province] = messages.toSorted((a, b) => Number(a.includes("of 8")) - Number(b.includes("of 8")));
    expect(country).toContain("In every country, the rows where province is missing");
    expect(country).toContain("(among the rows where city is missing)");
    expect(country).toContain("prefer the rows where province is missing: 2 groups have no other rows.");
    expect(province).toContain("In 7 of 8 groups by province, the rows where city is missing");
    expect(province).toMatch(/Except p2: \d+ in the total row, \d+ in its parts\./u);
    expect(province).toContain("prefer the rows where city is missing: the parts do not always add up.");
  });
});

function threeAmounts(index: number): number[] {
  return [amount(index), amount(index + 50), amount(index + 90)];
}

describe("total columns", () => {
  it("are found by value, and not where the sum is another", async () => {
    const summed = Array.from({ length: 20 }, (_, index) => [
      `r${index}`,
      ...threeAmounts(index),
      threeAmounts(index).reduce((a, b) => a + b, 0),
    ]);
    const header = ["name", "north", "south", "east", "everything"];
    expect((await profileOf([header, ...summed])).totals).toMatchObject([
      { kind: "column", column: "everything", parts: ["north", "south", "east"], matchedGroups: 20 },
    ]);
    const unequal = summed.map((cells) => [...cells.slice(0, 4), amount(Number(cells[4]))]);
    expect((await profileOf([header, ...unequal])).totals).toEqual([]);
  });
});

describe("a total line at the end", () => {
  it("is left out of the rows when it is the sum", async () => {
    const profile = await profileOf([
      ["k", "v"],
      ["a", 10],
      ["b", 31],
      ["合计", 41],
    ]);
    expect([profile.rowCount, profile.columns[1]?.sum]).toEqual([2, 41]);
    expect(profile.totals).toMatchObject([{ kind: "last-rows", column: "k", value: "合计", measures: ["v"] }]);
  });

  it("stays a row when it is not the sum, and says so", async () => {
    const profile = await profileOf([
      ["k", "v"],
      ["a", 10],
      ["b", 31],
      ["total", 7],
    ]);
    expect([profile.rowCount, profile.totals.length]).toEqual([3, 0]);
    expect(profile.warnings).toMatchObject([
      { code: "total-disagrees", columns: ["v"], values: { label: "total", column: "v", said: 7, sum: 41 } },
    ]);
  });
});
