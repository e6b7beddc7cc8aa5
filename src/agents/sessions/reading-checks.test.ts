import { writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import type { Interpreter, PythonReading, ReadingTrial } from "../ports/interpreter.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { emptySession, reduceSession } from "../protocol/session-state.ts";
import type { TableProfile } from "../protocol/table-profile.ts";
import { type Analysis, type AnalysisOptions, cellsOf, createAnalysis } from "../testing/analysis-fixture.ts";
import { sampleProfile } from "../testing/sample-profile.ts";
import { ReadingChecks } from "./reading-checks.ts";

let analysis: Analysis;
const toDispose: Analysis[] = [];
afterEach(() => Promise.all(toDispose.splice(0).map((made) => made.dispose())));

const alike: PythonReading = {
  status: "read",
  rows: 4,
  names: ["Entity", "Deaths"],
  missing: [0, 0],
  sums: [13, 13],
  magnitudes: [13, 13],
};
const longer: PythonReading = { ...alike, rows: 5 };

/** A session whose Python makes of every table what `reads` says; what was tried is remembered. */
async function opened(
  reads: AnalysisOptions["reads"],
  options: AnalysisOptions = {},
): Promise<{ readonly tried: ReadingTrial[] }> {
  const tried: ReadingTrial[] = [];
  analysis = await createAnalysis({
    ...options,
    reads: (trial, signal) => {
      tried.push(trial);
      return reads?.(trial, signal) ?? alike;
    },
  });
  toDispose.push(analysis);
  analysis.approvals.grantsAll = true;
  return { tried };
}

/** Asks for a cell, which runs. */
async function ask(question = "/ask How many?", cells = 1): Promise<void> {
  for (let cell = 1; cell <= cells; cell += 1) {
    analysis.python.expect({ print: "7" });
    analysis.author.expect({ toolCalls: [{ name: "run_python", arguments: { code: `print(${cell})` } }] });
  }
  analysis.author.expect("Seven.");
  await analysis.session.ask(question);
}

const told = () => analysis.events.filter(({ type }) => type === "file-check");
const file = () => analysis.session.state.files[0];

test("a file is tried once, after a first cell has run, and agreement is kept", async () => {
  const { tried } = await opened(() => alike);
  const path = await analysis.attach();
  expect(tried).toEqual([]);
  await ask();
  await expect.poll(() => file()?.check).toEqual({ by: "pandas", warnings: [] });
  await ask("/ask And now?");
  expect(tried).toEqual([
    {
      path,
      pandas: 'pd.read_csv(path, encoding="utf-8")',
      standardLibrary: null,
      summed: [true, true],
      limitS: 60,
    },
  ]);
  expect(told()).toHaveLength(1);
});

test("a difference is on the card, in the report of the next cell, and in the next description of the files", async () => {
  await opened(() => longer);
  await analysis.attach();
  analysis.python.expect(
    { print: "7" },
    { print: "7", until: Promise.resolve().then(() => expect.poll(() => told().length).toBe(1)) },
  );
  analysis.author.expect(
    { toolCalls: [{ name: "run_python", arguments: { code: "print(1)" } }] },
    { toolCalls: [{ name: "run_python", arguments: { code: "print(2)" } }] },
    "Seven.",
  );
  await analysis.session.ask("/ask How many?");
  expect(file()?.check?.warnings.map(({ code }) => code)).toEqual(["python-rows"]);
  const said = "Python reads 5 rows where 4 were counted here";
  const [, second, last] = analysis.author.requests.map(({ messages }) => JSON.stringify(messages));
  expect(second).not.toContain(said);
  expect(last).toContain(`deaths.csv: ${said}`);
  expect(cellsOf(analysis.session.state.turns[0] ?? never()).map(({ phase }) => phase)).toEqual(["ok", "ok"]);

  await ask("/ask And now?");
  const next = JSON.stringify(analysis.author.requests.at(-1)?.messages);
  expect(next.split(said)).toHaveLength(2);
});

test("without pandas the standard library is tried; where it cannot read the file, nothing is", async () => {
  const standard: PythonReading = { status: "read", rows: 4, names: ["Entity", "Deaths"] };
  const { tried } = await opened(() => standard, { packages: {} });
  await analysis.attach();
  await ask();
  await expect.poll(() => file()?.check).toEqual({ by: "standard-library", warnings: [] });
  expect(tried.map(({ pandas, standardLibrary }) => [pandas, standardLibrary?.includes("DictReader")])).toEqual([
    [null, true],
  ]);
});

test.each<readonly [string, Partial<TableProfile>]>([
  ["a large file", { sizeBytes: 33 * 1024 * 1024 }],
  ["a file of many cells", { rowCount: 3_000_000 }],
  ["a part of a file", { complete: false }],
  [
    "a file that Python is known to misread",
    { warnings: [{ code: "python-misreads", severity: "warning", message: "", columns: [], values: {} }] },
  ],
])("%s is not tried", async (_what, fields) => {
  const { tried } = await opened(() => alike, { profile: () => fields });
  await analysis.attach();
  await ask("/ask How many?", 2);
  expect(tried).toEqual([]);
});

test("a call that would do more than read the file is not tried", async () => {
  const effect = { kind: "network", detail: "http://x", line: 1 } as const;
  const { tried } = await opened(() => alike, {
    inspect: (code) => (code.includes("read_csv") ? { effects: [effect] } : {}),
  });
  await analysis.attach();
  await ask("/ask How many?", 2);
  expect(tried).toEqual([]);
});

test("a file that is added while Python runs is tried at once", async () => {
  const { tried } = await opened(() => alike);
  await ask();
  const path = await analysis.attach("later.csv");
  await expect.poll(() => tried.map((trial) => trial.path)).toEqual([path]);
});

test("a difference in a file that has changed since says so; a call that fails on it is left to the next question", async () => {
  let reading: PythonReading = longer;
  await opened(({ path }) => {
    writeFileSync(path, "Entity,Deaths\nFlood,3\nFlood,3\nFlood,3\nFlood,3\nFlood,3\n");
    return reading;
  });
  await analysis.attach();
  await ask();
  await expect.poll(() => file()?.check?.warnings[0]?.values["changed"]).toBe("yes");
  reading = { status: "failed", error: "ValueError: no" };
  await ask("/ask And now?");
  expect(told()).toHaveLength(1);
});

test("disposing ends a trial without a word, and a Python that ends meanwhile costs nothing", async () => {
  const { promise: begun, resolve } = Promise.withResolvers<AbortSignal>();
  await opened(
    (_trial, signal) =>
      new Promise((settle) => {
        resolve(signal);
        signal.addEventListener("abort", () => settle({ status: "unread", reason: "stopped" }));
      }),
  );
  await analysis.attach();
  await ask();
  const signal = await begun;
  await analysis.session.stop();
  expect(signal.aborted).toBe(false);
  await analysis.session.dispose();
  expect(signal.aborted).toBe(true);
  expect(told()).toEqual([]);

  await opened(() => Promise.reject(new AgentError("python.closed", { reason: "gone" }, "gone")));
  await analysis.attach();
  await ask();
  expect(told()).toEqual([]);
});

/** Checks over a session of one file, without all else. */
function checksOver(profile: TableProfile, reading: () => PythonReading, packages: () => readonly string[]) {
  const tried: string[] = [];
  const events: SessionEvent[] = [];
  const interpreter = {
    get info() {
      return { packages: Object.fromEntries(packages().map((name) => [name, "1.0"])) };
    },
    inspect: () => Promise.resolve({ syntaxError: null, imports: [], effects: [] }),
    checkReading: ({ path }: ReadingTrial) => {
      tried.push(path);
      return Promise.resolve(reading());
    },
  };
  const attached = { type: "file-profile", at: 1, path: profile.path, profile } as const;
  const state = reduceSession(emptySession, attached);
  const checks = new ReadingChecks({
    session: () => state,
    append: (event) => events.push(event),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of it that is used
    python: () => Promise.resolve(interpreter as unknown as Interpreter),
    onTrouble: (error) => expect.unreachable(String(error)),
  });
  const cellEnds = async () => {
    checks.happened({ type: "cell-end", at: 1, turnId: "t", cellId: "c", status: "ok", durationMs: 1 });
    await new Promise((settle) => {
      setTimeout(settle, 5);
    });
  };
  return { checks, attached, cellEnds, tried, events };
}

test("what cannot be told is not told, and tried again when packages have come", async () => {
  let packages = ["pandas"];
  const profile = sampleProfile();
  const reading = (): PythonReading =>
    packages.length === 2 ? alike : { status: "unread", reason: "ImportError: openpyxl" };
  const { checks, attached, cellEnds, tried, events } = checksOver(profile, reading, () => packages);
  checks.happened(attached);
  await cellEnds();
  await cellEnds();
  expect([tried.length, events.length]).toEqual([1, 0]);
  packages = ["pandas", "openpyxl"];
  await cellEnds();
  expect(tried.length).toBe(2);
  expect(events.map(({ type }) => type)).toEqual(["file-check"]);
});

test("a profile that this process has not made is not tried", async () => {
  const { checks, attached, cellEnds, tried } = checksOver(
    sampleProfile(),
    () => alike,
    () => ["pandas"],
  );
  await cellEnds();
  expect(tried).toEqual([]);
  checks.happened(attached);
  await cellEnds();
  expect(tried).toHaveLength(1);
});

function never(): never {
  throw new Error("There is no turn.");
}
