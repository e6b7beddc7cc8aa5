import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { type ModelServer, type ServerAnswer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { called, said } from "../../src/agents/testing/server-answers.ts";
import { analyzeArguments, runCommandLine } from "./command-line.ts";
import { testPython } from "./test-python.ts";

const documentSchema = z.object({
  answer: z.string(),
  agents: z.array(z.string()),
  cells: z.array(z.object({ code: z.string(), status: z.string(), output: z.string() })),
  images: z.array(z.string()),
  usage: z.object({ calls: z.number() }),
  durationMs: z.number(),
});
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

let folder = "";
let table = "";
let server: ModelServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-cli-"));
  table = join(folder, "sales 销售.csv");
  writeFileSync(table, "city,sales\n北京,10\n上海,20\n广州,30\n");
  server = await startModelServer();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const analyze = (...args: readonly string[]) =>
  runCommandLine(["analyze", table, ...analyzeArguments(server.baseUrl, join(folder, "sessions")), ...args]);

test("analyze answers with one JSON document, the code having run for real", async () => {
  server.expectChat(
    said("assistant_agent"),
    called(`import pandas as pd\nprint(pd.read_csv(${JSON.stringify(table)}).sales.sum())`),
    said("In all **60**."),
  );
  const { code, out } = await analyze("--question", "Sum?", "--yes", "--json");
  const { usage, durationMs, ...document } = documentSchema.parse(JSON.parse(out));
  expect(code).toBe(0);
  expect(document).toEqual({
    answer: "In all **60**.",
    agents: ["assistant_agent"],
    cells: [{ code: expect.stringContaining("read_csv"), status: "ok", output: "60" }],
    images: [],
  });
  expect([usage.calls, durationMs > 0]).toEqual([3, true]);
});

test("the transcript says who said what to whom, each thing once", async () => {
  server.expectChat(said("assistant_agent"), said("I count.\n\n```python\nprint(1 + 1)\n```"), said("Two."));
  const { out } = await analyze("--question", "How many?", "--yes");
  const headers = [...out.matchAll(/^(\w+ \(to \w+\)):$/gm)].map(([, header]) => header);
  expect(headers).toEqual([
    "user (to data_analysis_pipeline)",
    "data_analysis_pipeline (to preview_file_agent)",
    "preview_file_agent (to data_analysis_pipeline)",
    "data_analysis_pipeline (to assistant_agent)",
    "assistant_agent (to python_interpreter)",
    "python_interpreter (to assistant_agent)",
    "assistant_agent (to data_analysis_pipeline)",
    "data_analysis_pipeline (to user)",
  ]);
  expect(out).toContain("Select agent: assistant_agent to answer the question: How many?\n");
  expect(out).toContain("exitcode: 0 (execution succeeded)\nCode output: 2");
  expect(out.match(/print\(1 \+ 1\)/g)).toHaveLength(1);
});

test("code writes beside the files unless the sandbox is strict, and a word that is no mode is refused", async () => {
  const write = (name: string) =>
    called(`open(${JSON.stringify(join(folder, name))}, "w").write("x")\nprint("written")`);
  const outputs: string[] = [];
  for (const [mode, name] of [
    ["workspace", "beside.txt"],
    ["strict", "never.txt"],
  ] as const) {
    server.expectChat(write(name), said('{"verdict":"approve","comment":"as asked"}'), said("Done."));
    // One after the other: they share a server.
    // oxlint-disable-next-line no-await-in-loop
    const { out } = await analyze(
      "--question",
      "Save",
      "--agent",
      "assistant_agent",
      "--yes",
      "--json",
      "--sandbox",
      mode,
    );
    outputs.push(...documentSchema.parse(JSON.parse(out)).cells.map(({ output }) => output));
  }
  expect(outputs).toEqual(["written", expect.stringMatching(/Read-only file system|Permission denied/)]);
  expect([existsSync(join(folder, "beside.txt")), existsSync(join(folder, "never.txt"))]).toEqual([true, false]);
  const { code, err } = await analyze("--question", "Save", "--sandbox", "tight");
  expect(code).toBe(1);
  expect(err).toContain("--sandbox wants off, workspace or strict");
});

test("a plot is a file that is there when the command has ended", async () => {
  server.expectChat(
    said("visualization_agent"),
    called("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('销售')\nplt.show()"),
    said("Drawn."),
  );
  const { out } = await analyze("--question", "画图", "--yes", "--json");
  const { images, agents } = documentSchema.parse(JSON.parse(out));
  expect([agents, images.map((path) => existsSync(path))]).toEqual([["visualization_agent"], [true]]);
});

test("a session is exported in every form that is asked for", async () => {
  server.expectChat(
    said("assistant_agent"),
    called(`import pandas as pd\ndf = pd.read_csv(${JSON.stringify(table)})\ndf`),
    said("Three cities."),
  );
  const names = ["out.ipynb", "out.py", "out.md"].map((name) => join(folder, name));
  const { out } = await analyze(
    "--question",
    "Which?",
    "--yes",
    "--json",
    ...names.flatMap((name) => ["--export", name]),
  );
  const { exports } = z.object({ exports: z.array(z.string()) }).parse(JSON.parse(out));
  expect(exports).toEqual(names);
  const texts = names.map((name) => readFileSync(name, "utf8"));
  expect(texts.map((text) => text.includes('"sales 销售.csv"') || text.includes('\\"sales 销售.csv\\"'))).toEqual([
    true,
    true,
    true,
  ]);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("an export that cannot be written is refused before a model is asked", async () => {
  const page = join(folder, "table.md");
  writeFileSync(page, "| a | b |\n| - | - |\n| 1 | 2 |\n");
  const refused = async (file: string, target: string): Promise<string> => {
    const args = ["analyze", file, ...analyzeArguments(server.baseUrl, join(folder, "sessions"))];
    const { out } = await runCommandLine([...args, "--question", "Sum?", "--json", "--export", target]);
    return errorSchema.parse(JSON.parse(out)).error.code;
  };
  expect(await refused(table, join(folder, "out.pdf"))).toBe("export.unknown-format");
  expect(await refused(table, join(folder, "nowhere", "out.md"))).toBe("export.not-writable");
  expect(await refused(page, page)).toBe("export.is-input");
  expect(readFileSync(page, "utf8")).toContain("| 1 | 2 |");
});

test("code does not run without a yes", async () => {
  server.expectChat(
    said("assistant_agent"),
    called(`open(${JSON.stringify(join(folder, "ran"))}, "w")`),
    said('{"verdict":"approve","comment":"writes a file"}'),
  );
  const { code, out } = await analyze("--question", "Sum?", "--json");
  expect([code, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, "approval.needed"]);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});

test("a wrong key is an error with its code, and the key is not in it", async () => {
  const refused: ServerAnswer = {
    type: "body",
    status: 401,
    body: { error: { message: "Incorrect API key provided", code: "invalid_api_key" } },
  };
  await server.close();
  server = await startModelServer({ models: () => refused });
  server.expectChat(refused);
  const args = [
    "analyze",
    table,
    ...analyzeArguments(server.baseUrl, join(folder, "sessions")),
    "--question",
    "Sum?",
    "--json",
  ];
  const { code, out, err } = await runCommandLine(args, { env: { OPENAI_API_KEY: "sk-very-secret-0001" } });
  expect([code, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, "model.wrong-key"]);
  expect(out + err).not.toContain("sk-very-secret");
});

test("an address where nothing listens is told apart", async () => {
  const args = [
    "analyze",
    table,
    ...analyzeArguments("http://127.0.0.1:9/v1", join(folder, "sessions")),
    "--question",
    "Sum?",
    "--json",
  ];
  const { code, out } = await runCommandLine(args);
  expect([code, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, "model.unreachable"]);
});

test("a file that is not there is named before a model is asked", async () => {
  const { code, out } = await runCommandLine([
    "analyze",
    join(folder, "gone.csv"),
    ...analyzeArguments(server.baseUrl, join(folder, "sessions")),
    "--question",
    "Sum?",
    "--json",
  ]);
  const { error } = errorSchema.parse(JSON.parse(out));
  expect([code, error.code, error.message.includes("gone.csv")]).toEqual([1, "table.not-found", true]);
});

test("Ctrl-C ends a cell that never would, and the session is kept whole", async () => {
  server.expectChat(said("assistant_agent"), called("print('started', flush=True)\nwhile True: pass"));
  const running = runCommandLine(
    [
      "analyze",
      table,
      ...analyzeArguments(server.baseUrl, join(folder, "sessions")),
      "--question",
      "Sum?",
      "--yes",
      "--json",
    ],
    { interruptAt: "while True" },
  );
  const { code, out } = await running;
  expect([code, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, "cancelled"]);
  expect(readdirSync(join(folder, "sessions"))).toHaveLength(1);
});

test("flags that make no sense are usage errors", async () => {
  const results = await Promise.all([
    runCommandLine(["analyze", "--json"]),
    runCommandLine(["analyze", table, "--json"]),
    runCommandLine(["analyze", table, "--question", "x", "--colour", "--json"]),
    runCommandLine(["paint", "--json"]),
    runCommandLine(["profile", "--json"]),
  ]);
  expect(results.map(({ code, out }) => [code, errorSchema.parse(JSON.parse(out)).error.code])).toEqual(
    results.map(() => [1, "cli.usage"]),
  );
});

test("profile prints one document with the promised fields", async () => {
  const { code, out } = await runCommandLine(["profile", table, "--rows", "2", "--json"]);
  const document = z.record(z.string(), z.unknown()).parse(JSON.parse(out));
  expect(code).toBe(0);
  expect(document).toMatchObject({
    format: "csv",
    encoding: "utf-8",
    delimiter: ",",
    headerRow: 0,
    rowCount: 3,
    rows: [
      ["北京", 10],
      ["上海", 20],
    ],
  });
  expect(Object.keys(document)).toEqual(expect.arrayContaining(["columns", "totals", "warnings"]));
});

test("profile prints a card whose reading can be typed into Python", async () => {
  const nested = join(folder, "nested.json");
  writeFileSync(nested, JSON.stringify({ data: { items: [{ id: 1, place: { lat: 1.5 } }, { id: 2 }] } }));
  const { code, out } = await runCommandLine(["profile", nested]);
  const typed = /^Read it in Python: (.+)$/mu.exec(out)?.[1] ?? "";
  expect(code).toBe(0);
  expect(typed).toMatch(/^import json; (?!.*__import__)/u);
  const script = `import pandas as pd\npath = ${JSON.stringify(nested)}\n${typed.replace("; ", "\ndf = ")}\nprint(df.shape)`;
  expect(execFileSync(testPython(), ["-c", script], { encoding: "utf8" }).trim()).toBe("(2, 2)");
});

test("a cluster that is not there ends the program, whatever a model is asked at that moment", async () => {
  server.expectChat({ type: "hang" });
  const { code, out } = await analyze("--question", "Sum?", "--json", "--ray", "127.0.0.1:9");
  expect([code, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, "remote.unreachable"]);
  await server.left;
});

test.each(["analyze", "profile", "index", "search", "ask"])("%s says its own help", async (command) => {
  const { code, out } = await runCommandLine([command, "--help"]);
  expect([code, out.startsWith(`byzer ${command} `), out.includes("--json")]).toEqual([0, true, true]);
});

test("a flag that there is not is named, in one sentence", async () => {
  const { code, err } = await runCommandLine(["search", "--colour", "x"]);
  expect([code, err]).toEqual([1, "byzer: Unknown option '--colour'. See byzer --help.\n"]);
});
