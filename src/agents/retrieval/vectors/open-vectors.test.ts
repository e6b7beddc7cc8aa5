import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeDatabase } from "../index/database.ts";
import { PassagePacker } from "../index/packed-passages.ts";
import { PassageStore } from "../index/passage-store.ts";
import { createTermCounter } from "../search/rarity.ts";
import { openVectors, type OpenVectors } from "./open-vectors.ts";
import type { LackingPassage } from "./vector-table.ts";

let folder = "";
let store: PassageStore;
let vectors: OpenVectors;
const notices: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-vectors-"));
  openStore();
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function openStore(): void {
  store = new PassageStore(join(folder, "index.db"), 1024 ** 3);
  vectors = openVectors(store, createTermCounter(store), (text) => notices.push(text));
}

function addFile(path: string, texts: readonly string[]): void {
  store.begin();
  const stamp = { sizeBytes: 1, modifiedMs: 1, changedMs: 1 };
  const id = store.addFile({ path, stamp, seenMs: 1, hash: "00", reason: null, leftOut: null });
  const packer = new PassagePacker(null);
  for (const [at, text] of texts.entries()) {
    const chunk = { start: at, end: at + 1, startLine: at + 1, endLine: at + 1, page: null, place: "", text };
    packer.add(chunk, path, false);
  }
  store.addPassages({ id, path }, packer.packed(), { first: 0, count: texts.length });
  store.commit();
}

function removeFile(path: string): void {
  store.begin();
  store.removeFile(store.file(path)?.id ?? 0);
  store.commit();
}

/** A direction for each text: its letters counted. */
function meaningOf(text: string, dimensions: number): number[] {
  const counts = Array.from({ length: dimensions }, () => 0.01);
  for (const letter of text) {
    const at = (letter.codePointAt(0) ?? 0) % dimensions;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

async function lacking(embedder: string, dimensions = 33, most = 100): Promise<readonly LackingPassage[]> {
  return (await vectors.lacking({ embedder, dimensions, most, fromFile: 0 })).passages;
}

async function fill(embedder: string, dimensions = 33): Promise<readonly string[]> {
  const passages = await lacking(embedder, dimensions);
  await vectors.keep({
    embedder,
    dimensions,
    passages,
    vectors: Float32Array.from(passages.flatMap(({ text }) => meaningOf(text, dimensions))),
    refused: [],
  });
  return passages.map(({ text }) => text);
}

const queryOf = (text: string, embedder = "m", dimensions = 33) => ({
  embedder,
  vector: Float32Array.from(meaningOf(text, dimensions)),
});

test("only what has no vector is embedded: changed passages, not renamed files or the rest of a changed one", async () => {
  addFile("a.txt", ["alpha", "beta", "gamma"]);
  addFile("b.txt", ["delta"]);
  expect(await fill("m")).toEqual(["alpha", "beta", "gamma", "delta"]);
  expect(await fill("m")).toEqual([]);
  removeFile("a.txt");
  addFile("a.txt", ["alpha", "new words", "gamma"]);
  removeFile("b.txt");
  addFile("renamed.txt", ["delta"]);
  expect(await fill("m")).toEqual(["new words"]);
  expect(await vectors.count("m")).toBe(4);
});

test("a passage is found by its meaning where no word is shared, within its scope", async () => {
  addFile("docs/a.txt", ["aabbcc", "zzyyxx"]);
  addFile("other/b.txt", ["aabbccd"]);
  await fill("m");
  const search = (within: Parameters<OpenVectors["search"]>[0]["within"]) =>
    vectors
      .search({ text: "ccbbaa", top: 1, within }, queryOf("ccbbaa"))
      ?.map(({ path, startLine }) => [path, startLine]);
  expect(search([])).toEqual([["docs/a.txt", 1]]);
  expect(search([{ path: "other" }])).toEqual([["other/b.txt", 1]]);
  expect(search([{ path: "docs/a.txt", lines: { first: 2, last: 2 } }])).toEqual([["docs/a.txt", 2]]);
  const [best] = vectors.search({ text: "aabbcc", top: 1, within: [] }, queryOf("aabbcc")) ?? [];
  expect(best?.scores?.vector).toBeCloseTo(1, 2);
  expect(best?.scores?.text).toBeGreaterThan(0);
});

function find(): readonly string[] | undefined {
  return vectors.search({ text: "ccbbaa", top: 5, within: [] }, queryOf("ccbbaa"))?.map(({ path }) => path);
}

test("what is removed is found no more, what comes is found at once", async () => {
  addFile("a.txt", ["aabbcc"]);
  await fill("m");
  expect(find()).toEqual(["a.txt"]);
  addFile("b.txt", ["bbaacc"]);
  removeFile("a.txt");
  await fill("m");
  expect(find()).toEqual(["b.txt"]);
});

test("another model, or other dimensions, have vectors of their own; a third drives out the one not used for longest", async () => {
  addFile("a.txt", ["alpha"]);
  await fill("m");
  expect(vectors.search({ text: "x", top: 1, within: [] }, queryOf("x", "other"))).toBeNull();
  expect(await fill("m", 40)).toEqual(["alpha"]);
  expect(await fill("m", 33)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await fill("other")).toEqual(["alpha"]);
  expect(vectors.search({ text: "x", top: 1, within: [] }, queryOf("x", "m", 40))).toBeNull();
  expect(await vectors.count("m")).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await lacking("third")).toHaveLength(1);
  await fill("third");
  expect(await vectors.count("m")).toBe(0);
});

test("vectors of zeros, without numbers or of another length are never kept", async () => {
  addFile("a.txt", ["alpha"]);
  const passages = await lacking("m", 2);
  const keep = (values: readonly number[]) => async () =>
    await vectors.keep({ embedder: "m", dimensions: 2, passages, vectors: Float32Array.from(values), refused: [] });
  await expect(keep([0, 0])).rejects.toThrow("zeros");
  await expect(keep([1, Number.NaN])).rejects.toThrow("zeros");
  await expect(keep([1, 2, 3])).rejects.toThrow("vectors of 2");
  expect(await vectors.count("m")).toBe(0);
});

test("vectors of passages that changed while they were made are passed over", async () => {
  addFile("a.txt", ["alpha"]);
  const passages = await lacking("m", 2);
  removeFile("a.txt");
  addFile("a.txt", ["other words"]);
  const request = { embedder: "m", dimensions: 2, passages, vectors: Float32Array.of(1, 2), refused: [] };
  expect(await vectors.keep(request)).toBe(0);
  const [again] = await lacking("m", 2);
  expect(again?.text).toBe("other words");
});

test("texts that a model refuses are not asked for again", async () => {
  addFile("a.txt", ["alpha", "beta"]);
  const [first, second] = await lacking("m", 2);
  await vectors.keep({
    embedder: "m",
    dimensions: 2,
    passages: second === undefined ? [] : [second],
    vectors: Float32Array.of(1, 2),
    refused: [first?.hash ?? ""],
  });
  expect(await lacking("m", 2)).toEqual([]);
});

test("many passages are asked for in parts, and long files in several rows", async () => {
  addFile(
    "long.txt",
    Array.from({ length: 700 }, (_, at) => `text ${at}`),
  );
  const seen: string[] = [];
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    const part = await lacking("m", 33, 300);
    if (part.length === 0) {
      break;
    }
    seen.push(...part.map(({ text }) => text));
    // oxlint-disable-next-line no-await-in-loop
    await fillSome(part);
  }
  expect(seen).toEqual(Array.from({ length: 700 }, (_, at) => `text ${at}`));
  expect(vectors.search({ text: "??", top: 20, within: [] }, queryOf("text 650"))?.at(0)?.scores?.vector).toBeCloseTo(
    1,
    2,
  );
});

async function fillSome(passages: readonly LackingPassage[]): Promise<void> {
  const all = Float32Array.from(passages.flatMap(({ text }) => meaningOf(text, 33)));
  await vectors.keep({ embedder: "m", dimensions: 33, passages, vectors: all, refused: [] });
}

test("vectors survive closing, and a new version of all else", async () => {
  addFile("a.txt", ["alpha"]);
  await fill("m");
  store.prepare("PRAGMA user_version = 1").run();
  store.close();
  openStore();
  addFile("a.txt", ["alpha"]);
  expect(await lacking("m")).toEqual([]);
  expect(await vectors.count("m")).toBe(1);
  store.close();
  removeDatabase(store.path);
  openStore();
});
