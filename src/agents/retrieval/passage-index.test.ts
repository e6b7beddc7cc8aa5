import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Passage } from "../ports/passage-index.ts";
import { makeXlsx } from "../testing/make-documents.ts";
import { createPassageIndex, type ThreadedPassageIndex } from "./passage-index.ts";

const never = new AbortController().signal;
let folder = "";
let root = "";
let index: ThreadedPassageIndex;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "byzer-threaded-")));
  root = join(folder, "files");
  mkdirSync(root);
  index = createPassageIndex({ folder: join(folder, "index") });
});

afterEach(async () => {
  await index.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test("through the thread: the status of nothing makes nothing, then all there is can be asked for", async () => {
  writeFileSync(join(root, "a.txt"), "The zebra sleeps.");
  expect(await index.status(root)).toMatchObject({ files: 0, passages: 0, updating: false, updatedMs: null });
  expect(existsSync(join(folder, "index"))).toBe(false);
  writeFileSync(join(root, "b.txt"), "Many words. ".repeat(100_000));
  const update = index.update({ root }, never);
  const during = await index.status(root);
  expect([during.updating, (await update).files]).toEqual([true, 2]);
  expect(await index.status(root)).toMatchObject({
    files: 2,
    updating: false,
    updatedMs: expect.any(Number),
  });
  expect(await index.read({ root, within: [{ path: "a.txt" }], mostCharacters: 100 }, never)).toMatchObject({
    passages: [{ path: "a.txt", text: "The zebra sleeps." }],
    files: 1,
  });
  expect(await index.search({ root, text: "zebra", top: 1, within: [{ path: "a.txt" }] }, never)).toHaveLength(1);
  await index.remove(root);
  expect(await index.status(root)).toMatchObject({ files: 0, sizeBytes: 0 });
});

test("a reading that is spread takes files from all over the scope, and the middle of each", async () => {
  for (const name of ["a", "b", "c", "d"]) {
    const lines = Array.from({ length: 200 }, (_item, at) => `${name} says ${at} and more than that.`);
    writeFileSync(join(root, `${name}.txt`), lines.join("\n\n"));
  }
  await index.update({ root }, never);
  const read = async (spread: number, ...paths: readonly string[]) => {
    const within = paths.map((path) => ({ path, lines: { first: 1, last: 2 } }));
    return await index.read({ root, within, mostCharacters: 1_000_000, spread }, never);
  };
  const two = await read(2);
  expect(two.passages.map(({ path }) => path)).toEqual(["b.txt", "d.txt"]);
  expect(two.files).toBe(4);
  expect(two.passages.every(({ startLine }) => startLine > 50 && startLine < 350)).toBe(true);
  const one = await read(3, "c.txt");
  expect(one.passages.map(({ path }) => path)).toEqual(["c.txt", "c.txt", "c.txt"]);
  expect(new Set(one.passages.map(({ startLine }) => startLine)).size).toBe(3);
  const all = await index.read({ root, within: [], mostCharacters: 1_000_000 }, never);
  expect((await read(10_000)).passages.toSorted(byPlace)).toEqual(all.passages);
  expect((await index.read({ root, within: [], mostCharacters: 10, spread: 2 }, never)).passages).toEqual([]);
});

function byPlace(one: Passage, other: Passage): number {
  return one.path.localeCompare(other.path) || one.start - other.start;
}

function bytes(): string {
  return readdirSync(join(folder, "index"))
    .map((name) => readFileSync(join(folder, "index", name)).toString("latin1"))
    .join("");
}

test("what was removed is in none of the files of an index that was purged, and what stayed is found", async () => {
  const secret = "quokkafestival";
  for (let at = 0; at < 40; at += 1) {
    writeFileSync(join(root, `${at}.md`), `Paper ${at} on wombats. ${at === 7 ? `The ${secret} is in May.` : ""}`);
    // Many small parts of full-text search, as they come from conversations.
    // oxlint-disable-next-line no-await-in-loop
    await index.update({ root, only: [`${at}.md`], named: true }, never);
  }
  expect(await index.search({ root, text: secret, top: 1, within: [] }, never)).toHaveLength(1);
  rmSync(join(root, "7.md"));
  await index.update({ root, only: ["7.md"], named: true }, never);
  expect(await index.search({ root, text: secret, top: 1, within: [] }, never)).toHaveLength(0);
  expect(bytes()).toContain(secret);

  await index.purge(root);
  // Words of full-text search begin like the one before them: only the end of a word is sure to be there.
  expect(bytes()).not.toContain(secret);
  expect(bytes()).not.toContain("okkafest");
  expect(await index.search({ root, text: "wombats", top: 50, within: [] }, never)).toHaveLength(39);
});

test("purging what is not there makes nothing", async () => {
  await index.purge(root);
  expect(existsSync(join(folder, "index"))).toBe(false);
});

test("rows of a sheet with blank ones between them keep their numbers in the index", async () => {
  const blank = ["", ""];
  const people = [["Name", "Born"], ["Ada", 1815], blank, blank, ["Grace", 1906], blank, ["Zebra", 1999]];
  writeFileSync(join(root, "people.xlsx"), makeXlsx({ People: people }));
  writeFileSync(join(root, "plain.txt"), "Grace\n\nand Ada");
  await index.update({ root }, never);
  const [sheet] = await index.search({ root, text: "Zebra", top: 1 }, never);
  expect(sheet).toMatchObject({ path: "people.xlsx", startLine: 2, endLine: 7, lineNumbers: [2, 5, 7] });
  const read = await index.read({ root, within: [{ path: "plain.txt" }], mostCharacters: 100 }, never);
  expect(read.passages.map(({ lineNumbers }) => lineNumbers)).toEqual([undefined]);
});
