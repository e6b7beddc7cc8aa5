import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TableProfile } from "../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";
import { awkwardTables, writeTables } from "./table-files.ts";
import { testPython } from "./test-python.ts";

/** What Python makes of a table. */
interface PythonReading {
  readonly error?: string;
  readonly rows: number;
  readonly names: string[];
  readonly nulls: number[];
  readonly sums: (number | null)[];
  readonly standardError?: string;
  readonly standardRows?: number;
  readonly standardNames?: string[];
}

/** Runs every reading call as it would be given to an agent. */
const script = `
import json, sys, warnings
import pandas as pd
warnings.simplefilter("ignore")
answers = {}
for job in json.load(sys.stdin):
    path = job["path"]
    answer = {}
    try:
        frame = eval(job["pandas"], {"pd": pd, "path": path})
        sums = []
        for name, wanted in zip(frame.columns, job["numeric"]):
            sums.append(float(pd.to_numeric(frame[name]).sum()) if wanted else None)
        answer.update(rows=len(frame), names=[str(name) for name in frame.columns], sums=sums,
                      nulls=[int(frame[name].isna().sum()) for name in frame.columns])
    except Exception as error:
        answer["error"] = repr(error)
    if job["standard"]:
        space = {"path": path}
        try:
            exec(job["standard"], space)
            answer.update(standardRows=len(space["rows"]), standardNames=list(space["rows"][0]) if space["rows"] else [])
        except Exception as error:
            answer["standardError"] = repr(error)
    answers[job["name"]] = answer
json.dump(answers, sys.stdout)
`;

const numeric = new Set(["integer", "decimal", "money", "percent", "year"]);
const profiles = new Map<string, TableProfile>();
let readings: Record<string, PythonReading> = {};
const { directory, close } = writeTables();

beforeAll(async () => {
  for (const { file } of awkwardTables) {
    // oxlint-disable-next-line no-await-in-loop -- two processors are enough for one
    profiles.set(file, await profileFile({ path: join(directory, file), sampleRows: 20, dialect: {} }));
  }
  const jobs = [...profiles].map(([name, profile]) => ({
    name,
    path: profile.path,
    pandas: profile.reading.pandas,
    standard: profile.reading.standardLibrary,
    numeric: profile.columns.map((column) => numeric.has(column.type)),
  }));
  const output = execFileSync(testPython(), ["-X", "utf8", "-c", script], {
    input: JSON.stringify(jobs),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script above writes it
  readings = JSON.parse(output) as Record<string, PythonReading>;
});

afterAll(close);

describe.each(awkwardTables)("$file", (table) => {
  it("is read as what it is", () => {
    const profile = profiles.get(table.file);
    expect(profile?.rowCount).toBe(table.rows);
    expect(profile?.columns.map((column) => column.name)).toEqual(table.names);
    for (const [name, sum] of Object.entries(table.sums ?? {})) {
      expect(profile?.columns.find((column) => column.name === name)?.sum).toBeCloseTo(sum, 6);
    }
    for (const [row, column, value] of table.cells ?? []) {
      expect(profile?.rows[row]?.[column]).toBe(value);
    }
    expect(profile?.warnings.map((warning) => warning.code)).toEqual(
      expect.arrayContaining([...(table.warnings ?? [])]),
    );
    expect(profile?.reading.pandas).toContain(table.call ?? "path");
  });

  it("is read by pandas as the profile says", () => {
    const profile = profiles.get(table.file);
    const reading = readings[table.file];
    expect(reading?.error).toBeUndefined();
    expect(reading?.rows).toBe(profile?.rowCount);
    expect(reading?.names).toEqual(profile?.columns.map((column) => column.name));
    expect(reading?.nulls).toEqual(profile?.columns.map((column) => column.nulls));
    profile?.columns.forEach((column, index) => {
      if (column.sum !== null) {
        expect(Math.abs((reading?.sums[index] ?? Number.NaN) - column.sum)).toBeLessThanOrEqual(
          1e-9 * Math.abs(column.sum),
        );
      }
    });
  });

  it("is read by the standard library as the profile says", () => {
    const profile = profiles.get(table.file);
    const reading = readings[table.file];
    if (profile?.reading.standardLibrary !== null) {
      expect(reading?.standardError).toBeUndefined();
      expect(reading?.standardRows).toBe(profile?.rowCount);
      if (profile?.dialect.format.startsWith("json") === false) {
        expect(reading?.standardNames).toEqual(profile.columns.map((column) => column.name));
      }
    }
  });
});
