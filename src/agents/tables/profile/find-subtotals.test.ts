import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TableProfile } from "../../protocol/table-profile.ts";
import { profileFile } from "../profile-file.ts";

const directory = mkdtempSync(join(tmpdir(), "byzer-subtotals-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Row = readonly (string | number)[];

async function profileOf(rows: readonly Row[]): Promise<TableProfile> {
  const path = join(directory, "table.csv");
  writeFileSync(path, `${rows.map((row) => row.join(",")).join("\n")}\n`);
  return await profileFile({ path, sampleRows: 5, dialect: {} });
}

/** Even numbers below one from a seed, the same on every run (Lehmer). */
function randomFrom(seed: number): () => number {
  let state = (seed * 7919 + 17) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const amount = (seed: number): number => 117 + ((seed * 7919) % 9973);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

const blocks = [
  { name: "East", parts: [1, 2, 3].map(amount) },
  { name: "West", parts: [11, 12].map(amount) },
  { name: "North", parts: [21, 22, 23, 24].map(amount) },
];
const all = sum(blocks.flatMap(({ parts }) => parts));

describe("rows that total the rows beside them", () => {
  it("are found between blocks by their names", async () => {
    const rows = blocks.flatMap(({ name, parts }) => [
      ...parts.map((part, at) => [name, `item ${at}`, part]),
      [`${name} total`, "", sum(parts)],
    ]);
    const profile = await profileOf([["region", "item", "sales"], ...rows]);
    expect(profile.totals).toMatchObject([
      {
        kind: "subtotal-rows",
        column: "region",
        values: ["East total", "West total", "North total"],
        rowIndexes: [3, 6, 11],
        measures: ["sales"],
        sums: [{ measure: "sales", group: "", counted: 2 * all, right: all }],
      },
    ]);
    const warning = profile.warnings.find(({ code }) => code === "subtotal-rows");
    expect(warning?.message).toContain(`(sales: ${2 * all} instead of ${all})`);
  });

  it("are found without a name where a country stands before its regions before their towns", async () => {
    const rows = blocks.flatMap(({ name, parts }) => [
      [name, sum(parts)],
      ...parts.map((part, at) => [`${name}-${"abcd"[at]}`, part]),
    ]);
    const profile = await profileOf([["place", "people"], ["Land", all], ...rows]);
    expect(profile.totals).toMatchObject([
      { kind: "subtotal-rows", column: "place", values: ["Land", "East", "West", "North"], rowIndexes: [0, 1, 5, 8] },
    ]);
  });

  it("are found where the name of a block stands only in its first row", async () => {
    const rows = blocks.flatMap(({ name, parts }) => [
      ...parts.map((part, at) => [at === 0 ? name : "", `item ${at}`, part]),
      ["", "小计", sum(parts)],
    ]);
    const profile = await profileOf([["地区", "产品", "销售"], ...rows]);
    expect(profile.totals).toMatchObject([{ kind: "rows", column: "产品", value: "小计", groupBy: ["地区"] }]);
    expect(profile.warnings.map(({ code }) => code)).toContain("filled-down");
  });

  it("are not claimed when one figure of a block is another", async () => {
    const rows = blocks.flatMap(({ name, parts }) => [
      [name, sum(parts) + 1],
      ...parts.map((part, at) => [`${name}-${"abcd"[at]}`, part]),
    ]);
    expect((await profileOf([["place", "people"], ["Land", all], ...rows])).totals).toEqual([]);
  });
});

describe("rows that are the mean of others", () => {
  it("are found by their name and their value", async () => {
    const marks = Array.from({ length: 12 }, (_, at) => 40 + ((at * 37) % 60));
    const mean = sum(marks) / marks.length;
    const rows = marks.map((mark, at) => [`pupil ${at}`, mark]);
    const table = (said: number): readonly Row[] => [["name", "mark"], ["平均", said], ...rows];
    expect((await profileOf(table(Number(mean.toFixed(2))))).totals).toMatchObject([
      { kind: "average-rows", column: "name", value: "平均", rowIndexes: [0], measures: ["mark"] },
    ]);
    expect((await profileOf(table(mean + 3))).totals).toEqual([]);
  });
});

/** New cases per day and region, and their running total. */
function cases(wrong: number): readonly Row[] {
  const totals = new Map<string, number>();
  const rows = Array.from({ length: 45 }, (_, at) => {
    const region = ["a", "b", "c"][at % 3] ?? "";
    const count = amount(at) % 300;
    totals.set(region, (totals.get(region) ?? 0) + count);
    return [
      `2024-01-${String(Math.floor(at / 3) + 1).padStart(2, "0")}`,
      region,
      count,
      (totals.get(region) ?? 0) + wrong * at * (at % 7),
    ];
  });
  return [["day", "region", "new", "known"], ...rows];
}

describe("columns that hold others", () => {
  it("are found where they add up from row to row within groups", async () => {
    const profile = await profileOf(cases(0));
    expect(profile.totals).toMatchObject([
      { kind: "running-column", column: "known", parts: ["new"], groupBy: ["region"] },
    ]);
    expect((await profileOf(cases(1))).totals).toEqual([]);
  });

  it("are found where they are shares of a sum", async () => {
    const counts = Array.from({ length: 9 }, (_, at) => amount(at));
    const table = (off: number): readonly Row[] => [
      ["kind", "count", "share"],
      ...counts.map((count, at) => [`k${at}`, count, `${((100 * count) / sum(counts) + off * at).toFixed(1)}%`]),
    ];
    expect((await profileOf(table(0))).totals).toMatchObject([
      { kind: "share-column", column: "share", parts: ["count"] },
    ]);
    expect((await profileOf(table(0.5))).totals).toEqual([]);
  });
});

/** A table of chance: some columns of words, years and numbers of several sizes. */
function randomTable(seed: number): readonly Row[] {
  const random = randomFrom(seed);
  const rowCount = 3 + Math.floor(random() * 120);
  const makers = Array.from({ length: 2 + Math.floor(random() * 6) }, () => {
    const kind = Math.floor(random() * 6);
    const size = 10 ** (1 + Math.floor(random() * 5));
    const words = 2 + Math.floor(random() * 12);
    return (): string | number =>
      [
        `w${Math.floor(random() * words)}`,
        Math.floor(random() * size),
        Number((random() * size).toFixed(2)),
        2000 + Math.floor(random() * 20),
        Math.floor(random() * random() * size),
        random() < 0.3 ? "" : Math.floor(random() * size),
      ][kind] ?? "";
  });
  const names = makers.map(
    (_, at) => ["alpha", "beta", "gamma", "delta", "kappa", "sigma", "omega", "theta"][at] ?? "",
  );
  return [
    ["label", ...names],
    ...Array.from({ length: rowCount }, (_, row) => [`r${row}`, ...makers.map((make) => make())]),
  ];
}

describe("200 tables of chance", () => {
  const each = 20;
  const starts = Array.from({ length: 10 }, (_, part) => 1 + part * each);
  it.each(starts)("have no totals (from seed %i)", async (start) => {
    for (let seed = start; seed < start + each; seed += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one file is written again and again
      const { totals } = await profileOf(randomTable(seed));
      expect({ seed, totals }).toEqual({ seed, totals: [] });
    }
  });
});
