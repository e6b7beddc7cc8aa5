import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { utils, write } from "@e965/xlsx";
import { afterAll, beforeAll, expect, it } from "vitest";
import { codeReach } from "../../src/agents/analysis/code-reach.ts";
import { compareReadings } from "../../src/agents/analysis/compare-readings.ts";
import { readingCode } from "../../src/agents/analysis/reading-code.ts";
import type { PythonReading, ReadingTrial } from "../../src/agents/ports/interpreter.ts";
import type { TableProfile } from "../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";
import { emptySession, reduceSession } from "../../src/agents/protocol/session-state.ts";
import { findSandbox } from "../../src/agents/python/sandbox/find-sandbox.ts";
import { eventsFile, readSessionLog } from "../../src/agents/sessions/session-log.ts";
import type { ScriptedStep } from "../../src/agents/testing/scripted-model.ts";
import { createRealSession, runs } from "./real-session.ts";
import { type TestInterpreter, startTestInterpreter, testPython } from "./test-python.ts";

const folder = mkdtempSync(join(tmpdir(), "byzer-readings-"));
let python: TestInterpreter;
beforeAll(async () => {
  python = await startTestInterpreter();
});
afterAll(async () => {
  await python.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = Array.from({ length: 300 }, (_, index) => ({
  id: String(index).padStart(4, "0"),
  城市: index % 7 === 0 ? null : "北京",
  amount: index / 4 - 10,
}));

function text(delimiter: string, decimal: string): string {
  const lines = rows.map((row) => [row.id, row.城市 ?? "", String(row.amount).replace(".", decimal)].join(delimiter));
  return `${["id", "城市", "amount"].join(delimiter)}\n${lines.join("\n")}\n`;
}

function book(): Uint8Array {
  const made = utils.book_new();
  utils.book_append_sheet(made, utils.json_to_sheet(rows), "Data");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  return write(made, { type: "buffer", bookType: "xlsx" }) as Uint8Array;
}

function database(path: string): void {
  const script = `
import json, sqlite3, sys
rows = json.load(sys.stdin)
with sqlite3.connect(sys.argv[1]) as base:
    base.execute("create table sales (id text, city text, amount real)")
    base.executemany("insert into sales values (?, ?, ?)", [tuple(row.values()) for row in rows])
`;
  execFileSync(testPython(), ["-X", "utf8", "-c", script, path], { input: JSON.stringify(rows) });
}

const page = `<table><tr><th>id</th><th>amount</th></tr>${rows
  .map(({ id, amount }) => `<tr><td>${id}</td><td>${amount}</td></tr>`)
  .join("")}</table>`;

/** Files by name; the last ones are made by what they are given to. */
const files: readonly (readonly [string, string | Uint8Array | ((path: string) => void)])[] = [
  ["plain.csv", text(",", ".")],
  ["european.csv", `Umsatz\n\n${text(";", ",")}`],
  ["packed.csv.gz", gzipSync(text("\t", "."))],
  ["book.xlsx", book()],
  ["records.json", JSON.stringify(rows)],
  ["lines.jsonl", rows.map((row) => JSON.stringify(row)).join("\n")],
  ["page.html", page],
  ["sales.db", database],
];

async function profiled(name: string, content: (typeof files)[number][1]): Promise<TableProfile> {
  const path = join(folder, name);
  if (typeof content === "function") {
    content(path);
  } else {
    writeFileSync(path, content);
  }
  return profileFile({ path, sampleRows: 5, dialect: {} });
}

function trialOf({ path, reading, columns }: TableProfile, fields: Partial<ReadingTrial> = {}): ReadingTrial {
  const summed = columns.map(({ sum }) => sum !== null);
  return { path, pandas: reading.pandas, standardLibrary: null, summed, limitS: 60, ...fields };
}

function check(trial: ReadingTrial, signal = new AbortController().signal): Promise<PythonReading> {
  return python.interpreter.checkReading(trial, signal);
}

it.each(files)("%s is read alike, by a call that only reads it", async (name, content) => {
  const profile = await profiled(name, content);
  const reading = await check(trialOf(profile));
  expect(reading).toMatchObject({ status: "read", rows: 300 });
  expect(compareReadings(profile, reading, false)).toEqual([]);
  const { effects } = await python.interpreter.inspect(readingCode(profile, true) ?? "");
  const ground = { files: [profile.path], workingDirectory: dirname(profile.path), outputDirectory: profile.path };
  expect(codeReach(effects, ground)).toBe("computes");

  const { standardLibrary } = profile.reading;
  if (standardLibrary !== null) {
    const plain = await check(trialOf(profile, { pandas: null, standardLibrary }));
    expect(plain).toMatchObject({ status: "read", rows: 300 });
    expect(compareReadings(profile, plain, false)).toEqual([]);
  }
});

it("finds what another call reads otherwise", async () => {
  const profile = await profiled("other.csv", text(",", "."));
  const codes = async (pandas: string) =>
    compareReadings(profile, await check(trialOf(profile, { pandas })), false).map(({ code }) => code);
  expect(await codes('pd.read_csv(path, dtype={"id": "string"}, skiprows=[5])')).toEqual([
    "python-rows",
    "python-sums",
  ]);
  expect(await codes('pd.read_csv(path, decimal=",", na_values=["0000"])')).toContain("python-missing");
  expect(await codes('pd.read_csv(path, sep=";")')).toEqual(["python-columns"]);
  expect(await codes("pd.read_csv(path, header=None)")).toEqual(["python-rows", "python-column-names"]);
  expect(
    await codes('pd.read_csv(path, dtype={"amount": object}, converters={"amount": lambda text: text + "x"})'),
  ).toContain("python-sums");
  expect(await codes('pd.read_csv(path, encoding="no-such")')).toEqual(["python-fails"]);
});

it("says nothing for want of a package, of memory or of time", async () => {
  const profile = await profiled("unread.csv", text(",", "."));
  const status = async (fields: Partial<ReadingTrial>) => (await check(trialOf(profile, fields))).status;
  expect(await status({ pandas: '__import__("no_such_package").read(path)' })).toBe("unread");
  expect(await status({ pandas: "bytearray(2**62)" })).toBe("unread");
  expect(await status({ pandas: '__import__("time").sleep(60)', limitS: 1 })).toBe("unread");
  expect(await status({ pandas: '__import__("os")._exit(3)' })).toBe("unread");
  expect(await status({ pandas: 'print("x" * 10**6) or pd.read_csv(path)' })).toBe("read");
});

it("touches no variable, no import and no setting of the cells", async () => {
  await python.run("import sys\npath = 'mine'\nbefore = set(sys.modules)");
  const profile = await profiled("apart.csv", text(",", "."));
  const change = 'pd.set_option("display.max_rows", 3) or globals().update(path="theirs") or pd.read_csv(path)';
  expect((await check(trialOf(profile, { pandas: change }))).status).toBe("failed");
  const { text: printed } = await python.run(
    "print(path, [name for name in set(sys.modules) - before if 'pandas' in name])",
  );
  expect(printed).toBe("mine []\n");
});

it("runs beside cells: neither waits for the other, and an interrupt of a cell leaves it be", async () => {
  const profile = await profiled("beside.csv", text(",", "."));
  const marker = join(folder, "reading-began");
  const slow = `(open(${JSON.stringify(marker)}, "w").close(), __import__("time").sleep(1), pd.read_csv(path))[2]`;
  const reading = check(trialOf(profile, { pandas: slow }));
  await expect.poll(() => existsSync(marker), { timeout: 60_000 }).toBe(true);
  expect((await python.run("print('at once')")).text).toBe("at once\n");
  const stop = new AbortController();
  const cell = python.run("import time\nprint('on', flush=True)\ntime.sleep(60)", { signal: stop.signal });
  await pause(200);
  stop.abort();
  expect((await cell).status).toBe("interrupted");
  expect(await reading).toMatchObject({ status: "read", rows: 300 });
});

it("ends at once when it is no longer wanted, and with the interpreter", async () => {
  const profile = await profiled("stopped.csv", text(",", "."));
  const marker = join(folder, "stop-began");
  const endless = `(open(${JSON.stringify(marker)}, "w").write(str(__import__("os").getpid())), __import__("time").sleep(60))`;
  const stop = new AbortController();
  const reading = check(trialOf(profile, { pandas: endless }), stop.signal);
  await expect.poll(() => existsSync(marker), { timeout: 60_000 }).toBe(true);
  const from = Date.now();
  stop.abort();
  expect((await reading).status).toBe("unread");
  expect(Date.now() - from).toBeLessThan(30_000);
  expect(await check(trialOf(profile), AbortSignal.abort())).toMatchObject({ status: "unread" });

  const other = await startTestInterpreter();
  const left = other.interpreter.checkReading(trialOf(profile, { pandas: endless }), new AbortController().signal);
  const lost = expect(left).rejects.toMatchObject({ code: "python.closed" });
  await other.close();
  await lost;
});

const tool = await findSandbox();

it.runIf(tool.kind !== "none")("reads in the sandbox of the cells, and writes no more than they may", async () => {
  const workingDirectory = realpathSync(mkdtempSync(join(tmpdir(), "byzer-held-")));
  const path = join(workingDirectory, "held.csv");
  writeFileSync(path, text(",", "."));
  const profile = await profileFile({ path, sampleRows: 5, dialect: {} });
  const held = await startTestInterpreter({ sandbox: "strict", tool, workingDirectory });
  try {
    expect(held.interpreter.info.sandbox.mode).toBe("strict");
    const tried = (pandas: string) =>
      held.interpreter.checkReading(trialOf(profile, { pandas }), new AbortController().signal);
    expect(await tried(profile.reading.pandas)).toMatchObject({ status: "read", rows: 300 });
    const outside = join(folder, "written-outside");
    expect((await tried(`open(${JSON.stringify(outside)}, "w")`)).status).toBe("failed");
    expect(existsSync(outside)).toBe(false);
  } finally {
    await held.close();
  }
});

it("tells a session, whose file says it again when it is opened later", async () => {
  const real = await createRealSession();
  try {
    const path = join(real.folder, "sales.csv");
    writeFileSync(path, text(",", "."));
    await real.session.attach(path);
    await real.ask("How many?", runs("print(1)"), "One.");
    const file = () => real.session.state.files[0];
    await expect.poll(() => file()?.check, { timeout: 60_000 }).toEqual({ by: "pandas", warnings: [] });

    await real.session.reprofile(path);
    await expect.poll(() => file()?.check?.warnings, { timeout: 60_000 }).toEqual([]);
    writeFileSync(path, `${text(",", ".")}9999,上海,1\n`);
    const changesFile: ScriptedStep = () => {
      writeFileSync(path, `${text(",", ".")}9999,上海,1\n9998,上海,1\n`);
      return runs("print(2)");
    };
    real.author.expect(changesFile, "Two.");
    await real.session.ask("/ask And now?");
    const told = () => file()?.check?.warnings.map(({ code, values }) => [code, values["python"], values["here"]]);
    await expect.poll(told, { timeout: 60_000 }).toEqual([
      ["python-rows", 302, 301],
      ["python-sums", 8214.5, 8213.5],
    ]);
    await real.open.log.flush();
    const { events } = await readSessionLog(join(real.open.log.folder, eventsFile));
    expect(events.reduce(reduceSession, emptySession).files[0]?.check).toEqual(file()?.check);
  } finally {
    await real.dispose();
  }
});
