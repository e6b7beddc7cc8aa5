import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { type CommandResult, runCommandLine } from "./command-line.ts";

const passageSchema = z.strictObject({
  path: z.string(),
  startLine: z.number(),
  endLine: z.number(),
  start: z.number(),
  end: z.number(),
  page: z.nullable(z.number()),
  place: z.string(),
  score: z.number(),
  text: z.string(),
});
const lineSchema = z.strictObject({ _id: z.union([z.string(), z.number()]), results: z.array(passageSchema) });
const reportSchema = z.object({ files: z.number(), passages: z.number(), added: z.number(), unchanged: z.number() });
const errorSchema = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });

const program = join(import.meta.dirname, "..", "..", "dist", "cli.mjs");
let folder = "";
let files = "";
let index = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-search-"));
  files = join(folder, "files 文件");
  index = join(folder, "index");
  mkdirSync(files);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]): Promise<CommandResult> => runCommandLine([...args, "--index", index]);

async function search(...queries: readonly string[]): Promise<readonly z.infer<typeof lineSchema>[]> {
  const list = join(folder, "queries.jsonl");
  writeFileSync(list, queries.map((text, id) => `${JSON.stringify({ _id: id, text })}\n`).join(""));
  const { code, out, err } = await run("search", files, "--queries", list, "--top", "3");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  return out
    .trim()
    .split("\n")
    .map((line) => lineSchema.parse(JSON.parse(line)));
}

async function update(): Promise<z.infer<typeof reportSchema>> {
  const { out } = await run("index", files, "--json");
  return reportSchema.parse(JSON.parse(out));
}

test("passages are where they say, in characters, also behind emoji and in other encodings", async () => {
  writeFileSync(join(files, "emoji.md"), `# 😀😀\n\n${"Padding 𝄞 text. ".repeat(150)}\n\nThe zebra sleeps.\n`);
  writeFileSync(join(files, "gb.txt"), Buffer.from("b6abcef7c4cfb1b1a3accde6c5bccae2b3b5a1a30a", "hex"));
  const [zebra, toy, nothing] = await search("Where does the zebra sleep?", "玩偶", "xylophone");
  const [found] = zebra?.results ?? [];
  const characters = Array.from(readFileSync(join(files, "emoji.md"), "utf8"));
  expect(found).toMatchObject({ path: "emoji.md", endLine: 5, page: null });
  expect(characters.slice(found?.start, found?.end).join("")).toBe(found?.text);
  expect(toy?.results.map(({ path, start, text }) => [path, start, text])).toEqual([
    ["gb.txt", 0, expect.stringMatching(/^东西南北，玩偶/)],
  ]);
  expect(nothing).toEqual({ _id: 2, results: [] });
});

test.each([
  ["search", "--queries", "missing.jsonl", "cli.usage"],
  ["search", "--top", "0", "cli.usage"],
])("%s %s %s is an error in JSON", async (command, flag, value, code) => {
  const { code: exit, out } = await run(
    command,
    files,
    "--json",
    ...(flag === "--top" ? ["question"] : []),
    flag,
    value,
  );
  expect([exit, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, code]);
});

test("a folder that is not there is named", async () => {
  const { code, out } = await run("index", join(folder, "gone"), "--json");
  const { error } = errorSchema.parse(JSON.parse(out));
  expect([code, error.code, error.message.includes("gone")]).toEqual([1, "index.not-found", true]);
});

test("the index is found again, outside the folder, and only what changed is read", async () => {
  writeFileSync(join(files, "a.txt"), "apple");
  writeFileSync(join(files, "b.txt"), "pear");
  await setTimeout(2100);
  expect(await update()).toMatchObject({ files: 2, added: 2 });
  writeFileSync(join(files, "c.txt"), "plum");
  expect(await update()).toMatchObject({ files: 3, added: 1, unchanged: 2 });
  expect(readdirSync(files).toSorted()).toEqual(["a.txt", "b.txt", "c.txt"]);
});

/** Texts in which every file has a word of its own. */
function writeTexts(count: number): void {
  for (let number = 0; number < count; number += 1) {
    const lines = Array.from(
      { length: 300 },
      (_, line) => `Line ${line} of text ${number} has words like w${line % 50}.`,
    );
    writeFileSync(join(files, `${number}.txt`), `unique${number}\n${lines.join("\n")}\n`);
  }
}

test("an index whose writer is killed 25 times is whole, and each time it goes on", async () => {
  writeTexts(400);
  for (let round = 0; round < 25; round += 1) {
    const child = spawn(process.execPath, [program, "index", files, "--index", index], { stdio: "ignore" });
    const ended = new Promise((resolve) => {
      child.on("exit", resolve);
    });
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    await setTimeout(80 + round * 25);
    child.kill("SIGKILL");
    // oxlint-disable-next-line no-await-in-loop
    await ended;
    if (round % 5 === 4) {
      writeFileSync(join(files, `${round}.txt`), `unique${round} changed${round}\n`);
    }
  }
  expect(await update()).toMatchObject({ files: 400 });
  const found = await search("unique7", "unique399", "changed24");
  expect(found.map(({ results }) => results[0]?.path)).toEqual(["7.txt", "399.txt", "24.txt"]);
  expect(found.map(({ results }) => results.length)).toEqual([1, 1, 1]);
});

test("three processes may index one folder at once", async () => {
  writeTexts(150);
  const results = await Promise.all([1, 2, 3].map(() => run("index", files, "--json")));
  expect(results.map(({ code, out }) => [code, reportSchema.parse(JSON.parse(out)).files])).toEqual([
    [0, 150],
    [0, 150],
    [0, 150],
  ]);
  const [found] = await search("unique77");
  expect(found?.results.map(({ path }) => path)).toEqual(["77.txt"]);
});

test("a file that goes on changing does no harm, and its last state is found", async () => {
  writeTexts(60);
  const over = new AbortController();
  const changing = (async () => {
    for (let number = 0; !over.signal.aborted; number += 1) {
      writeFileSync(join(files, "3.txt"), `state${number} ${"filler ".repeat(number % 500)}`);
      // oxlint-disable-next-line no-await-in-loop -- again and again
      await setTimeout(1);
    }
  })();
  await update();
  over.abort();
  await changing;
  writeFileSync(join(files, "3.txt"), "laststate");
  const [last, first] = await search("laststate", "unique3");
  expect([last?.results.map(({ path }) => path), first?.results]).toEqual([["3.txt"], []]);
});

test("an index that somebody overwrote is made anew", async () => {
  writeFileSync(join(files, "a.txt"), "needle");
  await update();
  const database = readdirSync(index).find((name) => name.endsWith(".db")) ?? "";
  writeFileSync(join(index, database), "not a database ".repeat(1000));
  const [found] = await search("needle");
  expect(found?.results.map(({ path }) => path)).toEqual(["a.txt"]);
});

test("of a log of 200 MB the beginning and the end are searched, in little memory, which is said", async () => {
  const megabyte = "2026-01-01 12:00:00 INFO request served in 12 ms by worker\n".repeat(17_772);
  const log = openSync(join(files, "big.log"), "w");
  writeSync(log, "needle at the top\n");
  for (let number = 0; number < 200; number += 1) {
    writeSync(log, megabyte);
  }
  writeSync(log, "a thimble at the end\n");
  closeSync(log);
  const measuring = join(import.meta.dirname, "peak-memory.mjs");
  const { out } = await runCommandLine(["index", files, "--index", index, "--json"], {
    env: { NODE_OPTIONS: `--import ${pathToFileURL(measuring).href}` },
  });
  const [report = "", peak = "{}"] = out.trim().split("\n");
  expect(JSON.parse(report)).toMatchObject({
    files: 1,
    leftOut: [{ path: "big.log", reason: "first-and-last-megabytes 25 25 200" }],
  });
  const { peakMegabytes } = z.object({ peakMegabytes: z.number() }).parse(JSON.parse(peak));
  expect(peakMegabytes).toBeLessThan(400);
  const [found] = await search("needle");
  expect(found?.results[0]).toMatchObject({ path: "big.log", startLine: 1 });
  const [last] = await search("thimble");
  expect(last?.results[0]).toMatchObject({ path: "big.log", endLine: 200 * 17_772 + 2 });
  const { err } = await run("search", files, "needle");
  expect(err).toContain("big.log: of 200 MB only the first 25 and the last 25 are read");
});

test("what one search passes over stays in the index for others", async () => {
  mkdirSync(join(files, "docs"));
  writeFileSync(join(files, "docs", "a.md"), "needle in Markdown");
  writeFileSync(join(files, "b.txt"), "needle in text");
  await update();
  const some = await run("search", files, "needle", "--exclude", "*.md", "--json");
  expect([some.out.includes("b.txt"), some.out.includes("a.md"), some.err.includes("0 removed")]).toEqual([
    true,
    false,
    true,
  ]);
  const [all] = await search("needle");
  expect(all?.results.map(({ path }) => path).toSorted()).toEqual(["b.txt", "docs/a.md"]);
});

test("--within takes any path under PATH, and a mistyped one is an error", async () => {
  mkdirSync(join(files, "docs"));
  writeFileSync(join(files, "docs", "a.md"), "needle");
  writeFileSync(join(files, "b.txt"), "needle");
  for (const within of ["docs", "docs/a.md", join(files, "docs")]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { out } = await run("search", files, "needle", "--within", within, "--json");
    expect(lineSchema.parse(JSON.parse(out)).results.map(({ path }) => path)).toEqual(["docs/a.md"]);
  }
  const wrong = await run("search", files, "needle", "--within", "dosc", "--json");
  const { error } = errorSchema.parse(JSON.parse(wrong.out));
  expect([wrong.code, error.code, error.message.includes("dosc"), error.message.includes(files)]).toEqual([
    1,
    "source.not-found",
    true,
    true,
  ]);
});

test("a line of queries that is none is told plainly, with its number", async () => {
  const list = join(folder, "queries.jsonl");
  writeFileSync(list, '{"_id": 1, "text": "a"}\n{"text": "b"}\n');
  const { code, out } = await run("search", files, "--queries", list);
  const { error } = errorSchema.parse(JSON.parse(out.trim().split("\n").at(-1) ?? ""));
  expect([code, error.code]).toEqual([1, "cli.usage"]);
  expect(error.message).toBe(`Line 2 of ${list} is not {"_id": a text or a number, "text": a text}.`);
});

test.skipIf(process.platform === "win32")(
  "an index in a folder of somebody else is searched, and that is said",
  async () => {
    writeFileSync(join(files, "a.txt"), "needle");
    await update();
    writeFileSync(join(files, "b.txt"), "needle too");
    const isSuperuser = process.geteuid?.() === 0;
    chmodSync(folder, 0o755);
    readdirSync(index).forEach((name) => chmodSync(join(index, name), 0o444));
    chmodSync(index, 0o555);
    try {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [program, "search", files, "needle", "--index", index, "--json"],
        { encoding: "utf8", ...(isSuperuser ? { uid: 65_534, gid: 65_534 } : {}) },
      );
      expect(stderr).toContain("cannot be written");
      expect(stderr).toContain("It is searched as it stands.");
      expect([status, lineSchema.parse(JSON.parse(stdout)).results.map(({ path }) => path)]).toEqual([0, ["a.txt"]]);
    } finally {
      chmodSync(index, 0o755);
    }
  },
);

test.runIf(process.platform === "linux")("a PATH whose name is no Unicode is a clear error", async () => {
  const { code, out } = await run("index", join(files, "b\ufffd.txt"), "--json");
  const { error } = errorSchema.parse(JSON.parse(out));
  expect([code, error.code, error.message.includes("UTF-8")]).toEqual([1, "source.not-found", true]);
});
