import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CellOutput } from "../protocol/cell-output.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { sampleProfile } from "../testing/sample-profile.ts";
import { type ExportRequest, exportName, writeExport } from "./write-export.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-write-export-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const image: CellOutput = { type: "image", mime: "image/png", file: "p.png", width: 1, height: 1, alt: "Sales <b>" };

/** A question with one cell and its answer. */
function asked(
  turnId: string,
  code: string,
  more: { readonly question?: string; readonly replaces?: string; readonly outputs?: readonly CellOutput[] } = {},
): readonly SessionEvent[] {
  const turn = { at: 0, turnId };
  const cell = { ...turn, cellId: `${turnId}-cell` };
  return [
    {
      type: "turn-start",
      ...turn,
      question: more.question ?? `What is ${turnId}?`,
      agent: null,
      replaces: more.replaces ?? null,
    },
    { type: "cell-start", ...cell, number: 1, agent: "a", code, repair: 0, effects: [] },
    { type: "cell-run", ...cell },
    ...(more.outputs ?? []).map((output): SessionEvent => ({ type: "cell-output", ...cell, output })),
    { type: "cell-end", ...cell, status: "ok", durationMs: 1 },
    { type: "text-end", ...turn, blockId: `${turnId}-text`, agent: "a", role: "answer", text: `It is ${turnId}.` },
    { type: "turn-end", ...turn, reason: "done", problem: null, durationMs: 1 },
  ];
}

function request(name: string, turns: readonly (readonly SessionEvent[])[]): ExportRequest {
  const start: readonly SessionEvent[] = [
    { type: "session-start", at: 0, sessionId: "s", title: "S", version: "1" },
    { type: "file-attach", at: 0, path: join(folder, "data.md"), name: "data.md" },
  ];
  return {
    events: [...start, ...turns.flat()],
    sessionFolder: join(folder, "session"),
    workingDirectory: null,
    target: join(folder, name),
    root: null,
    turnId: null,
    failedAttempts: false,
  };
}

test("a new report takes no folder that is there already, one that is replaced takes its own again", async () => {
  mkdirSync(join(folder, "session", "output"), { recursive: true });
  writeFileSync(join(folder, "session", "output", "p.png"), "picture");
  mkdirSync(join(folder, "r_files"));
  const report = request("r.md", [asked("t", "1", { outputs: [image] })]);
  const picture = join(folder, "r_files-2", "plot-1.png");
  expect(await writeExport(report)).toEqual([join(folder, "r.md"), picture]);
  expect(readFileSync(picture, "utf8")).toBe("picture");
  const again = await writeExport({
    ...report,
    events: request("r.md", [asked("u", "1", { outputs: [image] })]).events,
  });
  expect(again).toEqual([join(folder, "r.md"), picture]);
  expect(readdirSync(join(folder, "r_files"))).toEqual([]);
  expect(readFileSync(join(folder, "r.md"), "utf8")).toContain("It is u.");
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("a picture that is gone is told of in words", async () => {
  await writeExport(request("r.md", [asked("t", "1", { outputs: [image] })]));
  const text = readFileSync(join(folder, "r.md"), "utf8");
  expect(text).toContain("Sales &lt;b&gt;");
  expect(text).not.toMatch(/!\[|<b>/);
});

test.each([
  [
    "哪一年死亡人数最多？",
    ["有 1,200 行与前面的某一行完全相同，计数或求和会重复计算。", "data.md 在磁盘上已更改，已重新读取。"],
  ],
  ["Which year had most deaths?", ["1,200 rows repeat an earlier row.", "data.md has changed on disk."]],
])("asked %j, warnings, notices and the reading call are said for people", async (question, said) => {
  const path = join(folder, "data.md");
  const profile = sampleProfile({
    path,
    warnings: [
      {
        code: "duplicate-rows",
        severity: "warning",
        message: "1200 rows repeat an earlier row.",
        columns: [],
        values: { rows: 1200 },
      },
    ],
    reading: {
      pandas: 'pd.read_csv(__import__("io").StringIO(open(path).read()))',
      packages: ["pandas"],
      standardLibrary: null,
    },
  });
  const told: readonly SessionEvent[] = [
    { type: "file-profile", at: 0, path, profile },
    {
      type: "notice",
      at: 0,
      turnId: "t",
      severity: "info",
      code: "file-changed",
      text: "data.md has changed on disk.",
      values: { name: "data.md" },
    },
  ];
  await writeExport(request("r.md", [asked("t", "1", { question }), told]));
  const text = readFileSync(join(folder, "r.md"), "utf8").replaceAll("\\", "");
  expect(text).toContain('`import io; pd.read_csv(io.StringIO(open("data.md").read()))`');
  for (const sentence of said) {
    expect(text).toContain(sentence);
  }
});

test("code of a question that was asked anew runs where later code goes on with it", async () => {
  const turns = [asked("first", "rate = 3\nunused = 1"), asked("second", "print(rate)", { replaces: "first" })];
  await writeExport(request("n.ipynb", turns));
  const text = readFileSync(join(folder, "n.ipynb"), "utf8");
  expect(text).toContain("rate = 3");
  expect(text).not.toContain("It is first.");
  await writeExport(
    request("m.ipynb", [asked("first", "rate = 3"), asked("second", "rate = 4\nrate", { replaces: "first" })]),
  );
  expect(readFileSync(join(folder, "m.ipynb"), "utf8")).not.toContain("rate = 3");
});

test.each([
  ["nothing was asked", "n.ipynb", [], "export.empty"],
  ["an analyzed file", "data.md", [asked("t", "1")], "export.is-input"],
  ["no format", "n.txt", [asked("t", "1")], "export.unknown-format"],
  ["no folder", "no/n.py", [asked("t", "1")], "export.not-writable"],
] as const)("%s: nothing is written", async (_name, file, turns, code) => {
  await expect(writeExport(request(file, turns))).rejects.toMatchObject({ code });
  expect(existsSync(join(folder, file))).toBe(false);
});

test.each([
  ["Sales by city?", "Sales by city"],
  ["../../etc/passwd", "etc passwd"],
  ["con", "session"],
  ["", "session"],
  ["哪个城市销售额最高？", "哪个城市销售额最高？"],
])("a session called %j is kept as %j", (title, expected) => {
  expect(exportName({ title })).toBe(expected);
});

test.each([
  ["r.md", "## What is said?", "- &#91;1&#93; notes/a.md, line 3, Terms: “more than *2*”".replaceAll("*", "\\*")],
  ["r.ipynb", "### Answer", "- &#91;1&#93; notes/a.md, line 3, Terms: “more than *2*”".replaceAll("*", "\\*")],
  ["r.py", "# Answer: It is said [1].[?1]", "# [1] notes/a.md, line 3, Terms: “more than *2*”"],
])("what the marks of an answer mean stands below it in %s", async (name, heading, line) => {
  const turn = { at: 0, turnId: "t" };
  const citation = {
    number: 1,
    passage: 2,
    path: join(folder, "notes", "a.md"),
    name: "notes/a.md",
    startLine: 3,
    endLine: 3,
    start: 10,
    end: 20,
    page: null,
    place: "Terms",
    quote: "more than\n*2*",
  };
  const events: readonly SessionEvent[] = [
    { type: "session-start", at: 0, sessionId: "s", title: "S", version: "1" },
    {
      type: "source-add",
      at: 0,
      source: {
        id: "1",
        kind: "lines",
        path: join(folder, "notes", "a.md"),
        name: "a.md",
        lines: { first: 1, last: 4 },
      },
    },
    { type: "turn-start", ...turn, question: "What is said?", agent: null, replaces: null },
    { type: "citation", ...turn, blockId: "b", citation },
    { type: "claim-doubt", ...turn, blockId: "b", doubt: { number: 1, reason: "not-cited", quote: "" } },
    { type: "text-end", ...turn, blockId: "b", agent: "a", role: "answer", text: "It is said [1].[?1]" },
    { type: "turn-end", ...turn, reason: "done", problem: null, durationMs: 1 },
  ];
  await writeExport({ ...request(name, []), events });
  const text = readFileSync(join(folder, name), "utf8");
  const shown = name.endsWith(".ipynb") ? text.replaceAll('\\"', '"').replaceAll("\\\\", "\\") : text;
  expect(shown).toContain(heading);
  expect(shown).toContain(line);
  expect(name.endsWith(".py") || shown.includes("- **a.md** — lines 1–4")).toBe(true);
});

test("an export does not take the place of a file that was asked about", async () => {
  mkdirSync(join(folder, "notes"));
  const path = join(folder, "notes", "a.md");
  writeFileSync(path, "x");
  const source = { id: "1", kind: "file" as const, path, name: "a.md", lines: null };
  const { events } = request("r.md", [asked("t", "1")]);
  const own = {
    ...request(join("notes", "a.md"), []),
    events: [...events, { type: "source-add" as const, at: 0, source }],
  };
  await expect(writeExport(own)).rejects.toMatchObject({ code: "export.is-input" });
});
