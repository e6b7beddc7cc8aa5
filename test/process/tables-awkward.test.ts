import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { messageOf } from "../../src/agents/base/errors.ts";
import type { TableProfile } from "../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";
import type { AwkwardTable } from "./awkward/awkward-table.ts";
import { drawnTables } from "./awkward/consoles.ts";
import { brokenTables } from "./awkward/broken-encodings.ts";
import { encodedTables } from "./awkward/encodings.ts";
import { laidOutTables } from "./awkward/layouts.ts";
import { isSameCell, readWithPython, type PythonReading } from "./awkward/python-readings.ts";
import { shapedTables } from "./awkward/shapes.ts";
import { valueTables } from "./awkward/values.ts";

const tables: readonly AwkwardTable[] = [
  ...encodedTables,
  ...brokenTables,
  ...shapedTables,
  ...laidOutTables,
  ...drawnTables,
  ...valueTables,
];
const directory = mkdtempSync(join(tmpdir(), "byzer-awkward-"));
const profiles = new Map<string, TableProfile>();
const failures = new Map<string, string>();
const readings = new Map<string, PythonReading>();

beforeAll(async () => {
  for (const { file, bytes } of tables) {
    const path = join(directory, file);
    writeFileSync(path, bytes);
    try {
      // oxlint-disable-next-line no-await-in-loop -- two processors are enough for one
      profiles.set(file, await profileFile({ path, sampleRows: 8, dialect: {} }));
    } catch (error) {
      failures.set(file, messageOf(error));
    }
  }
  const files = [...profiles.keys()];
  readWithPython([...profiles.values()]).forEach((reading, index) => readings.set(files[index] ?? "", reading));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function profileOf(file: string): TableProfile {
  const profile = profiles.get(file);
  if (profile === undefined) {
    throw new Error(`${file} was not read: ${failures.get(file) ?? "no reason"}`);
  }
  return profile;
}

/** A fact for every name that something is asserted of. */
function each(facts: Readonly<Record<string, unknown>> | undefined, fact: (name: string) => unknown): object {
  return facts === undefined ? {} : Object.fromEntries(Object.keys(facts).map((name) => [name, fact(name)]));
}

/** What the profile says of everything that the table names. */
function said(profile: TableProfile, table: AwkwardTable) {
  const column = (name: string) => profile.columns.find((candidate) => candidate.name === name);
  const dialect: Readonly<Record<string, unknown>> = profile.dialect;
  return {
    rows: profile.rowCount,
    names: profile.columns.map(({ name }) => name),
    sums: each(table.sums, (name) => Number((column(name)?.sum ?? Number.NaN).toPrecision(12))),
    nulls: each(table.nulls, (name) => column(name)?.nulls),
    types: each(table.types, (name) => column(name)?.type),
    cells: (table.cells ?? []).map(([row, at]) => [row, at, profile.rows[row]?.[at]]),
    dialect: each(table.dialect, (name) => dialect[name]),
  };
}

describe.each(tables)("$file", (table) => {
  it("is read as what it is", () => {
    const profile = profileOf(table.file);
    const { rows, names, sums = {}, nulls = {}, types = {}, cells = [], dialect = {} } = table;
    expect(said(profile, table)).toEqual({ rows, names, sums, nulls, types, cells, dialect });
    expect(profile.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining([...(table.warnings ?? [])]));
    expect(profile.reading.pandas).toContain(table.call ?? "path");
  });

  it("is read by Python as the profile says", () => {
    const profile = profileOf(table.file);
    const reading = readings.get(table.file);
    expect([reading?.error, reading?.standardError]).toEqual([undefined, undefined]);
    expect(reading?.rows).toBe(profile.rowCount);
    expect(reading?.names).toEqual(profile.columns.map(({ name }) => name));
    expect(reading?.nulls).toEqual(profile.columns.map(({ nulls }) => nulls));
    const different = profile.columns.flatMap(({ name, sum, type }, at) => [
      ...(sum === null || isSameCell(sum, reading?.sums?.[at], "decimal") ? [] : [[name, sum, reading?.sums?.[at]]]),
      ...profile.rows.flatMap((row, index) => {
        const cell = reading?.cells?.[index]?.[at];
        return isSameCell(row[at], cell, type) ? [] : [[name, index, row[at], cell]];
      }),
    ]);
    expect(different).toEqual([]);
    expect(reading?.standardRows).toBe(profile.rowCount);
    expect(reading?.standardNames).toEqual(profile.rowCount === 0 ? [] : profile.columns.map(({ name }) => name));
  });
});
