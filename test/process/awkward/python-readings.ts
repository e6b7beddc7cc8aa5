import { execFileSync } from "node:child_process";
import type { TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { testPython } from "../test-python.ts";

/** What Python makes of a table by the calls that its profile gives. */
export interface PythonReading {
  readonly error?: string;
  readonly rows?: number;
  readonly names?: readonly string[];
  readonly nulls?: readonly number[];
  /** Sums of the columns that have one in the profile, as text where they are not finite. */
  readonly sums?: readonly (number | string | null)[];
  /** The first rows: numbers, texts, truths, dates in ISO 8601, `null` for missing. */
  readonly cells?: readonly (readonly unknown[])[];
  readonly standardError?: string;
  readonly standardRows?: number;
  readonly standardNames?: readonly string[];
}

const script = `
import datetime, json, math, sys, warnings
import pandas as pd

warnings.simplefilter("ignore")

def shown(value):
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, (pd.Timestamp, datetime.datetime)):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (str, int, float, bool)) else str(value)

answers = []
for job in json.load(sys.stdin):
    path = job["path"]
    answer = {}
    try:
        frame = eval(job["pandas"], {"pd": pd, "path": path})
        columns = [frame.iloc[:, index] for index in range(frame.shape[1])]
        answer.update(
            rows=len(frame),
            names=[str(name) for name in frame.columns],
            nulls=[int(column.isna().sum()) for column in columns],
            sums=[shown(float(pd.to_numeric(column).sum())) if wanted else None
                  for column, wanted in zip(columns, job["summed"])],
            cells=[[shown(column.iat[row]) for column in columns] for row in range(min(job["rows"], len(frame)))],
        )
    except Exception as error:
        answer["error"] = repr(error)
    if job["standard"]:
        space = {"path": path}
        try:
            exec(job["standard"], space)
            rows = space["rows"]
            answer.update(standardRows=len(rows), standardNames=list(rows[0]) if rows else [])
        except Exception as error:
            answer["standardError"] = repr(error)
    answers.append(answer)
json.dump(answers, sys.stdout)
`;

/** Runs every reading call as it would be given to an agent, and says what came of it, in the order of the profiles. */
export function readWithPython(profiles: readonly TableProfile[]): readonly PythonReading[] {
  const jobs = profiles.map((profile) => ({
    path: profile.path,
    pandas: profile.reading.pandas,
    standard: profile.reading.standardLibrary,
    summed: profile.columns.map((column) => column.sum !== null),
    rows: profile.rows.length,
  }));
  const output = execFileSync(testPython(), ["-X", "utf8", "-c", script], {
    input: JSON.stringify(jobs),
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script above writes it
  return JSON.parse(output) as PythonReading[];
}

const day = (value: unknown): string =>
  String(value)
    .replace(" ", "T")
    .replace(/T00:00:00$/u, "");

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

/** Says whether a cell of the profile and one of Python are one value; dates may be text in Python. */
export function isSameCell(cell: unknown, python: unknown, type: string): boolean {
  if (cell === python || (typeof cell === "number" && typeof python === "number" && near(cell, python))) {
    return true;
  }
  if (type === "date" || type === "datetime") {
    return cell !== null && python !== null && (day(python) === day(cell) || !/^\d{4}-\d{2}-\d{2}/u.test(day(cell)));
  }
  return String(cell) === String(python);
}
