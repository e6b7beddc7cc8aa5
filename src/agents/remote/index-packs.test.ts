import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileToCarry } from "../ports/index-carrier.ts";
import { type IndexPack, packFilesOf, sharedOut } from "./index-packs.ts";

const never = new AbortController().signal;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-packs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(path: string, content: string, more: Partial<FileToCarry> = {}): FileToCarry {
  const place = join(folder, path);
  writeFileSync(place, content);
  const sizeBytes = Buffer.byteLength(content);
  return { path, file: place, sizeBytes, isSecret: false, givenUp: null, knownHash: null, ...more };
}

interface ReadPack {
  readonly pack: IndexPack;
  readonly content: string | null;
}

async function packsOf(files: readonly FileToCarry[], parallel = 1): Promise<readonly ReadPack[]> {
  const packs: ReadPack[] = [];
  for await (const pack of packFilesOf(files, parallel, never)) {
    packs.push({ pack, content: pack.content === null ? null : readFileSync(pack.content.path, "utf8") });
  }
  return packs;
}

test("contents of small files follow one another in one pack, which goes when it was taken", async () => {
  const [only, ...others] = await packsOf([file("a.md", "first "), file("b.md", "zweite é"), file("c.md", "")]);
  expect([only?.content, others.length]).toEqual(["first zweite é", 0]);
  expect(only?.pack.files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    ["a.md", 6],
    ["b.md", 9],
    ["c.md", 0],
  ]);
  const hash = createHash("sha256").update("first zweite é").digest("hex");
  expect(only?.pack.content).toMatchObject({ sha256: hash, sizeBytes: 15 });
  expect(existsSync(only?.pack.content?.path ?? "")).toBe(false);
});

test("what holds keys, and what is given up, is named and never read", async () => {
  const [only] = await packsOf([
    file("key.pem", "SECRET", { isSecret: true }),
    file("agent.md", "x", { givenUp: "agent" }),
  ]);
  expect(only?.pack.content).toBeNull();
  expect(only?.pack.files).toMatchObject([
    { path: "key.pem", sizeBytes: null, isSecret: true, givenUp: null },
    { path: "agent.md", sizeBytes: null, isSecret: false, givenUp: "agent" },
  ]);
});

test("empty files are named with their size, and nothing is put for them", async () => {
  const [only] = await packsOf([file("a.md", ""), file("b.md", "")]);
  expect(only?.pack.content).toBeNull();
  expect(only?.pack.files.map(({ sizeBytes, givenUp }) => [sizeBytes, givenUp])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test("a file that has gone is named as one that cannot be read, and the others come", async () => {
  const gone = file("gone.md", "x");
  rmSync(gone.file);
  const [only] = await packsOf([gone, file("b.md", "there")]);
  expect(only?.content).toBe("there");
  expect(only?.pack.files.map(({ path, sizeBytes, givenUp }) => [path, sizeBytes, givenUp])).toEqual([
    ["gone.md", null, "unreadable"],
    ["b.md", 5, null],
  ]);
});

test("a large file travels alone, as it lies here, and stays", async () => {
  const large = file("large.txt", "x".repeat(5 * 1024 * 1024));
  chmodSync(large.file, 0o400);
  const packs = await packsOf([file("a.md", "a"), large, file("b.md", "b")]);
  expect(packs.map(({ pack }) => pack.files.map(({ path }) => path))).toEqual([["large.txt"], ["a.md", "b.md"]]);
  expect(packs[0]?.pack.content?.path).toBe(large.file);
  expect(existsSync(large.file)).toBe(true);
});

test("many files are shared out among the tasks that may run", () => {
  const many = Array.from({ length: 1000 }, (_, at) => at).map((at): FileToCarry => {
    return { path: `${at}`, file: "", sizeBytes: 100, isSecret: false, givenUp: null, knownHash: null };
  });
  const packs = sharedOut(many, 4);
  expect(packs.length).toBeGreaterThanOrEqual(16);
  expect(packs.flat()).toEqual(many);
  expect(Math.max(...sharedOut([...many, ...many, ...many], 1).map(({ length }) => length))).toBeLessThanOrEqual(256);
});

test("packing stops when it is told to", async () => {
  const stop = new AbortController();
  stop.abort(new Error("enough"));
  const packs = packFilesOf([file("a.md", "a")], 1, stop.signal);
  await expect(packs.next()).rejects.toThrow("enough");
});
