import { rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import type { ProfileRequest, TableProfiler } from "../ports/table-profiler.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { AttachedFile } from "../protocol/session-state.ts";
import type { TableJoin } from "../protocol/table-join.ts";
import type { TableProfile } from "../protocol/table-profile.ts";
import { type Analysis, createAnalysis } from "../testing/analysis-fixture.ts";
import { sampleProfile } from "../testing/sample-profile.ts";
import { AnalysisSession } from "./analysis-session.ts";

/** A reading that waits for the test. */
interface Order {
  readonly request: ProfileRequest;
  readonly signal: AbortSignal;
  readonly progress: (readBytes: number, fields?: Partial<TableProfile>) => void;
  readonly finish: (fields?: Partial<TableProfile>) => void;
  readonly fail: (error: unknown) => void;
}

/** A profiler whose readings a test carries out. */
class HandProfiler implements TableProfiler {
  readonly orders: Order[] = [];
  readonly joined: string[][] = [];
  joins: readonly TableJoin[] = [];

  profile(request: ProfileRequest, signal: AbortSignal): Promise<TableProfile> {
    const { promise, resolve, reject } = Promise.withResolvers<TableProfile>();
    const profileOf = (fields: Partial<TableProfile>): TableProfile => {
      const { size: sizeBytes, mtimeMs: modifiedMs } = statSync(request.path);
      return sampleProfile({ path: request.path, name: basename(request.path), sizeBytes, modifiedMs, ...fields });
    };
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    this.orders.push({
      request,
      signal,
      progress: (readBytes, fields = {}) =>
        request.onProgress?.(profileOf({ complete: false, rowCount: 2, ...fields }), readBytes),
      finish: (fields = {}) => resolve(profileOf(fields)),
      fail: reject,
    });
    return promise;
  }

  async findJoins(profiles: readonly TableProfile[]): Promise<readonly TableJoin[]> {
    this.joined.push(profiles.map(({ name }) => name));
    return await Promise.resolve(this.joins);
  }

  get last(): Order {
    const order = this.orders.at(-1);
    if (order === undefined) {
      throw new Error("Nothing was read.");
    }

    return order;
  }
}

let analysis: Analysis;
let profiler: HandProfiler;
afterEach(() => analysis.dispose());

async function opened(): Promise<AnalysisSession> {
  profiler = new HandProfiler();
  analysis = await createAnalysis({ profiler });
  return analysis.session;
}

/** Attaches a file, whose reading then waits for the test. */
async function attach(name = "a.csv"): Promise<{ readonly path: string; readonly attached: Promise<string> }> {
  const before = profiler.orders.length;
  const attached = analysis.attach(name, "x\n1\n2\n3\n");
  await expect.poll(() => profiler.orders.length).toBe(before + 1);
  return { path: profiler.last.request.path, attached };
}

async function attachRead(name = "a.csv"): Promise<string> {
  const { attached } = await attach(name);
  profiler.last.finish();
  return attached;
}

function file(path: string): AttachedFile {
  const found = analysis.session.state.files.find((candidate) => candidate.path === path);
  if (found === undefined) {
    throw new Error(`${path} is not attached.`);
  }

  return found;
}

function stored(): readonly SessionEvent["type"][] {
  return analysis.open.log.events.map(({ type }) => type);
}

test("how far a reading has come is shown at most four times a second and never stored", async () => {
  await opened();
  const { path, attached } = await attach();
  expect(file(path).reading).toEqual({ readBytes: 0, profile: null });
  for (let readBytes = 1; readBytes <= 50; readBytes += 1) {
    profiler.last.progress(readBytes);
  }

  expect(file(path)).toMatchObject({ profile: null, reading: { readBytes: 1, profile: { rowCount: 2 } } });
  expect(analysis.events.filter(({ type }) => type === "file-reading")).toHaveLength(2);
  profiler.last.finish();
  await attached;
  expect(file(path)).toMatchObject({ reading: null, profile: { complete: true } });
  expect(stored()).toEqual(["session-start", "file-attach", "session-rename", "file-profile"]);
});

test("a reading that is stopped leaves the figures of what was read last, and says how much that is", async () => {
  const session = await opened();
  const { path, attached } = await attach();
  profiler.last.progress(2);
  profiler.last.progress(5, { rowCount: 7 });
  session.stopReading(path);
  await attached;
  expect(file(path).profile).toMatchObject({ complete: false, rowCount: 7, readBytes: 5 });
  expect(stored().at(-1)).toBe("file-profile");
  const rest = session.reprofile(path);
  profiler.last.finish({ rowCount: 9 });
  await rest;
  expect(file(path).profile).toMatchObject({ complete: true, rowCount: 9 });
});

test("a question is about what was read when the reading was stopped: it reads nothing again", async () => {
  const session = await opened();
  const { path, attached } = await attach();
  profiler.last.progress(5);
  session.stopReading(path);
  await attached;
  analysis.author.expect("Two.");
  await session.ask("/ask How many?");
  expect(profiler.orders).toHaveLength(1);
});

test("a question that waits for a reading says so", async () => {
  const session = await opened();
  const { attached } = await attach();
  analysis.author.expect("Three.");
  const asking = session.ask("/ask How many?");
  expect(session.state.turns[0]?.progress).toMatchObject({ activity: "reading", detail: "a.csv" });
  profiler.last.finish();
  await attached;
  expect((await asking).status).toBe("done");
});

test("a reading that is stopped before anything is known says so, and what was there before stays", async () => {
  const session = await opened();
  const first = await attach();
  session.stopReading(first.path);
  await first.attached;
  expect(file(first.path).problem?.code).toBe("table.stopped");
  const second = session.reprofile(first.path);
  profiler.last.finish();
  await second;
  const third = session.reprofile(first.path);
  session.stopReading(first.path);
  await third;
  expect(file(first.path)).toMatchObject({ reading: null, problem: null, profile: { complete: true } });
});

test("a choice is kept with what it gave, for later readings and when the session is opened again", async () => {
  const session = await opened();
  const path = await attachRead();
  const choosing = session.reprofile(path, { delimiter: ";", headerRow: null });
  profiler.last.finish();
  await choosing;
  expect(profiler.last.request.dialect).toEqual({ delimiter: ";", headerRow: null });
  expect(file(path).choice).toEqual({ delimiter: ";", headerRow: null });
  const again = session.reprofile(path);
  profiler.last.finish();
  await again;
  expect(profiler.last.request.dialect).toEqual({ delimiter: ";", headerRow: null });
  const detected = session.reprofile(path, {});
  profiler.last.finish();
  await detected;
  expect(profiler.last.request.dialect).toBeUndefined();
  expect(file(path).choice).toEqual({});
});

test("a choice that cannot be read loses nothing: the error is told and the file stays read as before", async () => {
  const session = await opened();
  const path = await attachRead();
  const before = file(path).profile;
  const choosing = session.reprofile(path, { encoding: "utf-16le" });
  profiler.last.progress(1);
  profiler.last.fail(new AgentError("table.not-a-table", { path, reason: "nothing" }, "No table."));
  await choosing;
  expect(file(path)).toMatchObject({
    problem: null,
    choice: {},
    reading: null,
    refused: { choice: { encoding: "utf-16le" }, problem: { message: "No table." } },
  });
  expect(file(path).profile).toBe(before);
  analysis.author.expect("Three.");
  expect((await session.ask("/ask How many?")).status).toBe("done");
});

test("a choice that leaves nothing of the rows is refused", async () => {
  const session = await opened();
  const path = await attachRead();
  const choosing = session.reprofile(path, { encoding: "utf-16be" });
  profiler.last.finish({ rowCount: 0, rows: [] });
  await choosing;
  expect(file(path)).toMatchObject({ choice: {}, refused: { problem: { code: "table.no-rows" } } });
  expect(file(path).profile?.rowCount).toBeGreaterThan(0);
});

test("a part without rows is no mistake of the person", async () => {
  const session = await opened();
  const path = await attachRead();
  const choosing = session.reprofile(path, { sheet: "Empty" });
  const { dialect } = sampleProfile();
  profiler.last.finish({ rowCount: 0, rows: [], dialect: { ...dialect, sheet: "Empty" } });
  await choosing;
  expect(file(path)).toMatchObject({ choice: { sheet: "Empty" }, refused: null, profile: { rowCount: 0 } });
});

test("a file that goes away while a choice is tried is said to be gone, not read as before", async () => {
  const session = await opened();
  const path = await attachRead();
  const choosing = session.reprofile(path, { delimiter: ";" });
  rmSync(path);
  profiler.last.fail(new AgentError("table.not-found", { path }, "Gone."));
  await choosing;
  expect(file(path)).toMatchObject({ refused: null, problem: { message: "Gone." } });
});

test("a file that changes while a choice is tried is read by that choice", async () => {
  const session = await opened();
  const path = await attachRead();
  const choosing = session.reprofile(path, { delimiter: ";" });
  const changed = session.reprofile(path);
  profiler.last.finish();
  await Promise.all([choosing, changed]);
  expect(file(path).choice).toEqual({ delimiter: ";" });
});

test("a file that is taken out while it is read stays out", async () => {
  const session = await opened();
  const { path, attached } = await attach();
  profiler.last.progress(1);
  session.detach(path);
  await attached;
  expect(session.state.files).toEqual([]);
});

test("another reading is told with the next question, and the agents get the new call", async () => {
  const session = await opened();
  const path = await attachRead();
  analysis.author.expect({ toolCalls: [{ name: "run_python", arguments: { code: "df" } }] }, "One.", "Two.");
  analysis.python.expect({});
  await session.ask("/ask One?");
  const choosing = session.reprofile(path, { delimiter: ";" });
  profiler.last.finish({
    reading: { pandas: 'pd.read_csv(path, sep=";")', packages: ["pandas"], standardLibrary: null },
  });
  await choosing;
  const turn = await session.ask("/ask Two?");
  expect(turn.blocks[0]).toMatchObject({ kind: "notice", code: "file-read-otherwise", values: { name: "a.csv" } });
  const told = (analysis.author.requests.at(-1)?.messages ?? []).map(({ content }) => content).join("\n");
  expect(told).toContain('pd.read_csv(path, sep=";")');
  expect(told).toContain("a.csv is now read in another way. Variables that hold its rows are out of date");
});

test("joins are looked for when all files have been read, and again when one changes", async () => {
  const session = await opened();
  await attachRead("a.csv");
  expect(profiler.joined).toEqual([]);
  await attachRead("b.csv");
  await expect.poll(() => session.state.joins).toEqual([]);
  expect(profiler.joined).toEqual([["a.csv", "b.csv"]]);
  const side = { path: "p", name: "a.csv", column: "x", distinct: 3, found: 1, unmatched: [] };
  profiler.joins = [
    {
      left: side,
      right: side,
      sharedValues: 3,
      cardinality: "one-to-one",
      normalise: [],
      examples: [],
      pandas: "df.merge(df2)",
    },
  ];
  const path = session.state.files[0]?.path ?? "";
  const again = session.reprofile(path);
  expect(profiler.joined).toHaveLength(1);
  profiler.last.finish();
  await again;
  await expect.poll(() => session.state.joins).toHaveLength(1);
  session.detach(path);
  expect(profiler.joined).toHaveLength(2);
});

test("a session that is opened again reads what was cut off and what has changed, and nothing else", async () => {
  const session = await opened();
  const same = await attachRead("same.csv");
  const changed = await attachRead("changed.csv");
  const { path: cut } = await attach("cut.csv");
  profiler.last.progress(1);
  await session.dispose();
  writeFileSync(changed, "x\n1\n");
  const { log } = analysis.open;
  const again = new AnalysisSession({
    log,
    models: { modelFor: () => Promise.reject(new Error("nobody asks")) },
    python: analysis.python,
    profiler,
    approvals: analysis.approvals,
    limits: () => {
      throw new Error("nobody asks");
    },
    onEvent: () => undefined,
  });
  const before = profiler.orders.length;
  const caughtUp = again.catchUp();
  await expect.poll(() => profiler.orders.length).toBe(before + 2);
  const orders = profiler.orders.slice(before);
  expect(orders.map(({ request }) => request.path).toSorted()).toEqual([changed, cut].toSorted());
  for (const order of orders) {
    order.finish();
  }
  await caughtUp;
  expect(again.state.files.map(({ path, profile }) => [path, profile?.complete])).toEqual(
    [same, changed, cut].map((path) => [path, true]),
  );
  await again.dispose();
});
