import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Passage } from "../../src/agents/ports/passage-index.ts";
import { createPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { runCommandLine } from "./command-line.ts";
import { findPostgres, type PostgresServer, startPostgres } from "./postgres-server.ts";
import { endConnections, sampleFiles, sampleQueries, startMachine, type TestMachine } from "./shared-index.ts";

const found = findPostgres();
const missing = "missing" in found ? found.missing : null;
const never = new AbortController().signal;
const program = join(import.meta.dirname, "..", "..", "dist", "cli.mjs");
const placesOf = (passages: readonly Passage[]): readonly string[] =>
  passages.map(({ path, start, score }) => `${path}:${start} ${score}`);

const paths = async ({ index, root }: TestMachine, text: string): Promise<readonly string[]> =>
  (await index.search({ root, text, top: 10 }, never)).map(({ path }) => path);

/** Files that have fewer passages than they say. */
const filesInPart = (schema: string): string =>
  `SELECT file.path FROM ${schema}.file AS file LEFT JOIN ${schema}.passage AS passage ON passage.file = file.id
   GROUP BY file.id HAVING count(passage.id) <> max(chunks)`;

describe.skipIf(missing !== null)(`an index in PostgreSQL${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  let server: PostgresServer;
  const machines: TestMachine[] = [];
  let count = 0;
  let url = "";

  beforeAll(async () => {
    server = await startPostgres("bin" in found ? found.bin : "");
    await server.sql("postgres", "CREATE DATABASE team");
  });
  afterAll(async () => await server.stop());
  beforeEach(() => {
    count += 1;
    url = `${server.url("team")}?corpus=test${count}`;
  });
  afterEach(async () => {
    await Promise.all(machines.splice(0).map((machine) => machine.close()));
  });

  const machine = (name?: string): TestMachine => {
    const started = startMachine({ url, password: server.password, ...(name === undefined ? {} : { name }) });
    machines.push(started);
    return started;
  };

  test("finds what the index on this machine finds, in the same order", async () => {
    const ann = machine();
    ann.write(sampleFiles());
    const local = createPassageIndex({ folder: join(ann.folder, "local") });
    await local.update({ root: ann.root }, never);
    await ann.index.update({ root: ann.root }, never);
    for (const text of sampleQueries) {
      const query = { root: ann.root, text, top: 5 };
      /* oxlint-disable no-await-in-loop -- one query after the other */
      const here = await local.search(query, never);
      const shared = await ann.index.search(query, never);
      /* oxlint-enable no-await-in-loop */
      expect(here.length, text).toBeGreaterThan(0);
      expect(placesOf(shared), text).toEqual(placesOf(here));
    }
    await local.dispose();
  });

  test("what one machine has read, another reads once and does not write", async () => {
    const ann = machine();
    const ben = machine("the same files elsewhere");
    ann.write(sampleFiles());
    cpSync(ann.root, ben.root, { recursive: true });
    const files = Object.keys(sampleFiles()).length;
    expect(await ann.index.update({ root: ann.root }, never)).toMatchObject({ files, added: files });
    const [before] = await server.sql("team", `SELECT max(id) AS last FROM "byzer_test${count}".passage`);
    expect(await ben.index.update({ root: ben.root }, never)).toMatchObject({ files, added: 0, changed: 0 });
    await setTimeout(2100);
    await ben.index.update({ root: ben.root }, never);
    expect(await ben.index.update({ root: ben.root }, never)).toMatchObject({ readBytes: 0, unchanged: files });
    const [after] = await server.sql("team", `SELECT max(id) AS last FROM "byzer_test${count}".passage`);
    expect(after).toEqual(before);
    expect(await paths(ben, "bees")).toContain("docs/bees.md");
  });

  test("what is new, changed and gone is followed, whoever did it", async () => {
    const ann = machine();
    ann.write({ "a.txt": "apples are red", "b.txt": "pears", "c.txt": "cherries" });
    await ann.index.update({ root: ann.root }, never);
    const ben = machine();
    cpSync(ann.root, ben.root, { recursive: true });
    ben.write({ "a.txt": "bananas are yellow" });
    renameSync(join(ben.root, "c.txt"), join(ben.root, "d.txt"));
    expect(await ben.index.update({ root: ben.root }, never)).toMatchObject({ added: 1, changed: 1, removed: 1 });
    expect([await paths(ann, "apples"), await paths(ann, "banana"), await paths(ann, "cherries")]).toEqual([
      [],
      ["a.txt"],
      ["d.txt"],
    ]);
    ann.write({ "b.txt": "plums" });
    expect(await ann.index.update({ root: ann.root, only: ["b.txt"] }, never)).toMatchObject({ files: 3, changed: 1 });
    expect([await paths(ben, "pears"), await paths(ben, "plum")]).toEqual([[], ["b.txt"]]);
  });

  test("a search and a reading stay within files, folders and lines", async () => {
    const ann = machine();
    const lines = Array.from({ length: 400 }, (_, at) => `Line ${at + 1} has a needle and word${at + 1}.`).join("\n");
    ann.write({ "a/long.txt": lines, "ab/x.txt": "needle", '%_/y\'s "z".txt': "needle", "中文/针.txt": "needle 针" });
    await ann.index.update({ root: ann.root }, never);
    const within = async (
      ...scopes: Parameters<typeof ann.index.search>[0]["within"] & object
    ): Promise<readonly string[]> => {
      const passages = await ann.index.search({ root: ann.root, text: "needle", top: 50, within: scopes }, never);
      return Array.from(new Set(passages.map(({ path }) => path))).toSorted();
    };
    expect(await within({ path: "a" })).toEqual(["a/long.txt"]);
    expect(await within({ path: "%_" }, { path: "中文/针.txt" })).toEqual(['%_/y\'s "z".txt', "中文/针.txt"]);
    expect(await within({ path: "none" })).toEqual([]);
    const scope = { path: "a/long.txt", lines: { first: 200, last: 210 } };
    const some = await ann.index.search({ root: ann.root, text: "needle", top: 50, within: [scope] }, never);
    expect(some.length).toBeGreaterThan(0);
    expect(some.every(({ startLine, endLine }) => startLine <= 210 && endLine >= 200)).toBe(true);
    const whole = await ann.index.read({ root: ann.root, within: [{ path: "a" }], mostCharacters: 1e6 }, never);
    expect(whole.passages.map(({ text }) => text).join("\n").length).toBeGreaterThan(lines.length * 0.95);
    expect(whole).toMatchObject({ files: 1 });
    const begin = await ann.index.read({ root: ann.root, within: [{ path: "a" }], mostCharacters: 3000 }, never);
    expect(begin.passages.length).toBeLessThan(whole.passages.length);
    expect(begin).toMatchObject({ files: 1, count: whole.passages.length, characters: whole.characters });
    const spread = await ann.index.read({ root: ann.root, within: [], mostCharacters: 1e6, spread: 2 }, never);
    expect(spread.passages.map(({ path }) => path)).toEqual(["a/long.txt", "中文/针.txt"]);
    const all = { root: ann.root, within: [scope], mostCharacters: 1e6, spread: 1000 };
    expect((await ann.index.read(all, never)).passages).toEqual(whole.passages);
    expect((await ann.index.read({ ...all, spread: 3 }, never)).passages).toHaveLength(3);
  });

  test("a query of signs and emoji is looked for as it is written", async () => {
    const ann = machine();
    ann.write({
      "a/one.txt": "Hearts \u2764\ufe0f \u2764\ufe0f and => here",
      "two.txt": "No \u2764, no arrow, 100 %_\\ sure",
    });
    await ann.index.update({ root: ann.root }, never);
    const inA = await ann.index.search({ root: ann.root, text: "\u2764", top: 5, within: [{ path: "a" }] }, never);
    expect(inA.map(({ path }) => path)).toEqual(["a/one.txt"]);
    expect([await paths(ann, "\u2764\ufe0f"), await paths(ann, "=>"), await paths(ann, "%_\\")]).toEqual([
      ["a/one.txt", "two.txt"],
      ["a/one.txt"],
      ["two.txt"],
    ]);
    expect([await paths(ann, " "), await paths(ann, "\0"), await paths(ann, "\u{1f984}")]).toEqual([[], [], []]);
  });

  test("passages are where they say, behind emoji and with NUL in the text", async () => {
    const ann = machine();
    const text = `😀😀 ${"padding 𝄞 ".repeat(200)}\n\nThe zebra\0sleeps.\n`;
    ann.write({ "emoji.txt": text });
    await ann.index.update({ root: ann.root }, never);
    const [zebra] = await ann.index.search({ root: ann.root, text: "zebra", top: 1 }, never);
    const characters = Array.from(text.replace("\0", "\ufffd"));
    expect(characters.slice(zebra?.start, zebra?.end).join("")).toBe(zebra?.text);
    expect(zebra?.text).toContain("zebra\ufffdsleeps");
  });

  test("an index whose writer is killed is whole, and the next goes on", { timeout: 360_000 }, async () => {
    const ann = machine();
    const line = "Some words stand here and there, and more of them follow.\n";
    ann.write(
      Object.fromEntries(Array.from({ length: 1200 }, (_, at) => [`${at}.txt`, `unique${at}\n${line.repeat(120)}`])),
    );
    const env = { ...process.env, PGPASSWORD: server.password, BYZER_INDEX_URL: url, BYZER_INDEX: ann.folder };
    let kept = 0;
    for (let round = 0; round < 6; round += 1) {
      const child = spawn(process.execPath, [program, "index", ann.root], { stdio: "ignore", env });
      const ended = new Promise((resolve) => {
        child.on("exit", resolve);
      });
      /* oxlint-disable no-await-in-loop -- one process after the other */
      // The first is killed early, others once they have kept something, however busy the machine is.
      const longestWaits = round === 0 ? 0 : 200;
      for (let waits = 0; waits < longestWaits && (await ann.index.status(ann.root)).files === kept; waits += 1) {
        await setTimeout(50);
      }
      await setTimeout(round * 40);
      child.kill("SIGKILL");
      await ended;
      const { files } = await ann.index.status(ann.root);
      expect(files).toBeGreaterThanOrEqual(kept);
      kept = files;
      const broken = files === 0 ? [] : await server.sql("team", filesInPart(`"byzer_test${count}"`));
      /* oxlint-enable no-await-in-loop */
      expect(broken).toEqual([]);
    }
    expect(kept).toBeGreaterThan(0);
    expect(await ann.index.update({ root: ann.root }, never)).toMatchObject({ files: 1200, added: 1200 - kept });
    expect([await paths(ann, "unique7"), await paths(ann, "unique1199")]).toEqual([["7.txt"], ["1199.txt"]]);
  });

  test("two machines may index at once, and every file is there once", async () => {
    const [ann, ben] = [machine(), machine("copy")];
    ann.write(Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`${at}.txt`, `unique${at} and some words`])));
    cpSync(ann.root, ben.root, { recursive: true });
    const reports = await Promise.all([ann, ben].map(({ index, root }) => index.update({ root }, never)));
    expect(reports.map(({ files }) => files)).toEqual([700, 700]);
    expect(reports.reduce((sum, { added }) => sum + added, 0)).toBe(700);
    expect((await ann.index.status(ann.root)).passages).toBe(700);
  });

  test("a connection that is lost midway is had again", async () => {
    const ann = machine();
    ann.write(Object.fromEntries(Array.from({ length: 2500 }, (_, at) => [`${at}.txt`, `unique${at} words`])));
    let ended = 0;
    const cut = (async () => {
      for (let round = 0; round < 200 && ended === 0; round += 1) {
        // oxlint-disable-next-line no-await-in-loop -- again and again
        await setTimeout(10);
        // oxlint-disable-next-line no-await-in-loop
        ended += await endConnections(server, "team");
      }
    })();
    expect(await ann.index.update({ root: ann.root }, never)).toMatchObject({ files: 2500, added: 2500 });
    await cut;
    expect(ended).toBeGreaterThan(0);
    await endConnections(server, "team");
    expect(await paths(ann, "unique77")).toEqual(["77.txt"]);
  });

  test("a stopped update keeps what it has, and the next goes on", async () => {
    const ann = machine();
    const text = "some more words ".repeat(6000);
    ann.write(Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`${at}.txt`, `unique${at} ${text}`])));
    const controller = new AbortController();
    const onProgress = ({ doneFiles }: { readonly doneFiles: number }): void => {
      if (doneFiles > 60) {
        controller.abort();
      }
    };
    await expect(ann.index.update({ root: ann.root, onProgress }, controller.signal)).rejects.toMatchObject({
      name: "AbortError",
    });
    const next = await ann.index.update({ root: ann.root }, never);
    expect(next.files).toBe(150);
    expect(next.added).toBeLessThan(150);
  });

  test("an index is removed with all that it has", async () => {
    const ann = machine();
    ann.write({ "a.txt": "needle" });
    await ann.index.update({ root: ann.root }, never);
    expect(await ann.index.status(ann.root)).toMatchObject({ files: 1, passages: 1, updating: false });
    await ann.index.remove(ann.root);
    expect(await ann.index.status(ann.root)).toMatchObject({ files: 0, passages: 0, sizeBytes: 0, updatedMs: null });
    expect(await paths(ann, "needle")).toEqual([]);
    const schemas = await server.sql("team", `SELECT 1 FROM pg_namespace WHERE nspname = 'byzer_test${count}'`);
    expect(schemas).toEqual([]);
    expect(await ann.index.update({ root: ann.root }, never)).toMatchObject({ files: 1, added: 1 });
  });

  test("the command line takes the address from an option or the environment", async () => {
    const folder = mkdtempSync(join(tmpdir(), "byzer-shared-"));
    const ann = machine();
    ann.write({ "a.txt": "needle" });
    const env = { PGPASSWORD: server.password };
    const indexed = await runCommandLine(["index", ann.root, "--index", folder, "--index-url", url, "--json"], { env });
    expect(JSON.parse(indexed.out)).toMatchObject({ files: 1, database: url.replace("owner@", "") });
    const args = ["search", ann.root, "needle", "--index", folder, "--json"];
    const searched = await runCommandLine(args, { env: { ...env, BYZER_INDEX_URL: url } });
    expect(JSON.parse(searched.out)).toMatchObject({ results: [{ path: "a.txt" }] });
    rmSync(folder, { recursive: true, force: true });
  });
});
