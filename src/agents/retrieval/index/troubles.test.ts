import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IndexReport } from "../../ports/passage-index.ts";
import { openIndex } from "../open-index.ts";
import { createTermCounter } from "../search/rarity.ts";
import { searchPassages } from "../search/search-passages.ts";
import { type DatabaseHost, storeError } from "./database.ts";
import { createPace } from "./pace.ts";
import { PassageStore } from "./passage-store.ts";
import { planUpdate, type UpdateRequest } from "./plan-update.ts";
import { updateIndex } from "./update-index.ts";
import { type WalkedFile, walkFiles, type WalkRequest } from "./walk-files.ts";

const never = new AbortController().signal;
const roomy = 1024 ** 3;
let folder = "";
let root = "";
let database = "";
let store: PassageStore | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-troubles-"));
  root = join(folder, "files");
  database = join(folder, "index", "test.db");
  mkdirSync(root);
});

afterEach(() => {
  store?.close();
  store = null;
  rmSync(folder, { recursive: true, force: true });
});

function opened(host?: DatabaseHost): PassageStore {
  store?.close();
  store = new PassageStore(database, roomy, host);
  return store;
}

function write(files: { readonly [path: string]: string }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function requestOf(more: Partial<UpdateRequest> = {}): UpdateRequest {
  return { root, exclude: [], only: null, named: false, mostFiles: 1000, onProgress: () => undefined, ...more };
}

const update = (into: PassageStore): Promise<IndexReport> => updateIndex(into, requestOf(), never);

const find = (from: PassageStore, text: string): readonly string[] =>
  searchPassages(from, createTermCounter(from), { text, top: 10, within: [] }).map(({ path }) => path);

class WithoutFullText extends DatabaseSync {
  override exec(sql: string): void {
    if (/\bfts5\b/.test(sql)) {
      throw new Error("no such module: fts5");
    }
    super.exec(sql);
  }
}

const openWithoutFullText = (path: string): DatabaseSync => new WithoutFullText(path);
const openPlainly = (path: string): DatabaseSync => new DatabaseSync(path, { timeout: 5000 });

test("a Node without full-text search is told apart, when an index is made and when one is there", () => {
  const host: DatabaseHost = { open: openWithoutFullText, openToRead: openWithoutFullText, isOnNetwork: () => false };
  const expected = { code: "index.unavailable", details: { node: process.versions.node } };
  expect(() => new PassageStore(database, roomy, host)).toThrow(expect.objectContaining(expected));
  expect(storeError(new Error("no such module: fts5"), database)).toMatchObject(expected);
});

test("on a file system of another machine there is no write-ahead log", async () => {
  const host: DatabaseHost = { open: openPlainly, openToRead: openPlainly, isOnNetwork: () => true };
  write({ "a.txt": "needle" });
  expect(await update(opened(host))).toMatchObject({ added: 1 });
  const second = new PassageStore(database, roomy, host);
  write({ "b.txt": "needle" });
  expect(await update(second)).toMatchObject({ added: 1, files: 2 });
  second.close();
  expect(find(opened(host), "needle").toSorted()).toEqual(["a.txt", "b.txt"]);
  expect([existsSync(`${database}-wal`), existsSync(`${database}-shm`)]).toEqual([false, false]);
  expect(await update(opened())).toMatchObject({ files: 2 });
  expect(existsSync(`${database}-wal`)).toBe(true);
});

test("of a million files so many are taken as an index holds, and the others are not even listed", async () => {
  let listed = 0;
  const walk = function* ({ mostFiles }: WalkRequest): Generator<WalkedFile> {
    expect(mostFiles).toBe(20_001);
    for (; listed < 1_000_000; listed += 1) {
      yield { type: "file", path: `${listed}.txt`, stamp: { sizeBytes: 1, modifiedMs: 1, changedMs: 1 } };
    }
  };
  const plan = await planUpdate(opened(), requestOf({ mostFiles: 20_000 }), createPace(15, never), { walk });
  expect([plan.tasks.length, plan.tooManyFiles, listed]).toEqual([20_000, true, 20_000]);
});

test("of a folder with very many files only as many names are read as may be needed", () => {
  write(Object.fromEntries(Array.from({ length: 1500 }, (_, number) => [`${number}.txt`, "x"])));
  const walked = walkFiles({ root, exclude: [], places: [""], named: false, mostFiles: 11 });
  expect(Array.from(walked)).toHaveLength(11);
});

test("a folder that may not be read is named, and what was known of it is forgotten", async () => {
  write({ "open/a.txt": "needle", "closed/b.txt": "needle" });
  const before = opened();
  await update(before);
  [folder, dirname(database)].forEach((path) => chmodSync(path, 0o755));
  chmodSync(join(root, "closed"), 0o000);
  const isSuperuser = process.geteuid?.() === 0;
  if (isSuperuser) {
    process.seteuid?.(65_534);
  }
  try {
    const { leftOut, removed } = await update(before);
    expect({ leftOut, removed }).toEqual({ leftOut: [{ path: "closed", reason: "unreadable" }], removed: 1 });
  } finally {
    if (isSuperuser) {
      process.seteuid?.(0);
    }
    chmodSync(join(root, "closed"), 0o755);
  }
  expect(await update(opened())).toMatchObject({ added: 1, leftOut: [] });
});

test("an index in a folder of somebody else is searched as it stands, and says that it cannot be written", async () => {
  write({ "a.txt": "needle" });
  const owner = opened();
  await update(owner);
  owner.close();
  const isSuperuser = process.geteuid?.() === 0;
  chmodSync(folder, 0o755);
  chmodSync(database, isSuperuser ? 0o644 : 0o444);
  chmodSync(dirname(database), isSuperuser ? 0o755 : 0o555);
  if (isSuperuser) {
    process.seteuid?.(65_534);
  }
  try {
    const reader = opened();
    expect(find(reader, "needle")).toEqual(["a.txt"]);
    await expect(update(reader)).rejects.toMatchObject({ code: "index.not-writable" });
    expect(find(reader, "needle")).toEqual(["a.txt"]);
    expect(() => new PassageStore(join(dirname(database), "other.db"), roomy)).toThrow(
      expect.objectContaining({ code: "index.not-writable" }),
    );
  } finally {
    if (isSuperuser) {
      process.seteuid?.(0);
    }
    chmodSync(dirname(database), 0o755);
  }
});

function textOf(number: number, branch: string): string {
  return `word${number} of ${branch}`;
}

test("a switch of branches that renames, changes, makes and deletes 500 files is followed at once", async () => {
  write(Object.fromEntries(Array.from({ length: 500 }, (_, number) => [`src/${number}.txt`, textOf(number, "main")])));
  await update(opened());
  renameSync(join(root, "src"), join(root, "lib"));
  for (let number = 0; number < 100; number += 1) {
    rmSync(join(root, "lib", `${number}.txt`));
    write({ [`lib/${number + 100}.txt`]: textOf(number, "feature"), [`new/${number}.txt`]: textOf(number, "fresh") });
  }
  const only = ["src", "lib", "new"];
  expect(await updateIndex(opened(), requestOf({ only }), never)).toMatchObject({
    files: 500,
    added: 500,
    removed: 500,
  });
  expect([find(opened(), "word350"), find(opened(), "word150"), find(opened(), "word50").toSorted()]).toEqual([
    ["lib/350.txt"],
    [],
    ["lib/150.txt", "new/50.txt"],
  ]);
});

test("what ignore files leave out from now on is gone after the next update, and comes back with them gone", async () => {
  write({ "a/x.txt": "needle", "b/y.txt": "needle", "z.txt": "needle" });
  await update(opened());
  write({ ".gitignore": "a/\n", "b/.byzerignore": "*\n" });
  await update(opened());
  expect(find(opened(), "needle")).toEqual(["z.txt"]);
  rmSync(join(root, ".gitignore"));
  rmSync(join(root, "b/.byzerignore"));
  await update(opened());
  expect(find(opened(), "needle").toSorted()).toEqual(["a/x.txt", "b/y.txt", "z.txt"]);
});

/** What SQLite cannot make sense of, where only those who look for words or texts come by. */
const damages = {
  search: "UPDATE passage_data SET block = x'ffffffffffffffff' WHERE id > 10",
  read: "UPDATE sqlite_schema SET rootpage = 100000 WHERE name = 'chunk'",
};

test.each(["search", "read"] as const)(
  "damage that only shows in a %s is healed as the index was asked for",
  async (by) => {
    write({ "a.txt": "needle", "b.txt": "needle", "c.log": "needle" });
    const index = openIndex(database, roomy, () => undefined);
    const place = { id: 1, database, root, mostFiles: 1000, mostBytes: roomy };
    const order = { ...place, type: "update", exclude: ["b.txt", "*.log"], only: null, named: false } as const;
    await index.update(order, () => undefined, never);
    await index.update({ ...order, only: ["c.log"], named: true }, () => undefined, never);
    const breaking = new DatabaseSync(database, { timeout: 5000, defensive: false });
    breaking.exec(`PRAGMA writable_schema = ON; ${damages[by]}; PRAGMA schema_version = 1000`);
    breaking.close();
    const search = { ...place, type: "search", text: "needle", top: 5, within: [], embedding: null } as const;
    const read = { ...place, type: "read", within: [], mostCharacters: 1000 } as const;
    const passages = by === "read" ? (await index.read(read, never)).passages : await index.search(search, never);
    expect(passages.map(({ path }) => path).toSorted()).toEqual(["a.txt", "c.log"]);
    expect(await index.status()).toMatchObject({ files: 2, updating: false });
    await index.close();
  },
);
