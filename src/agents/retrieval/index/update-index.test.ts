import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IndexReport } from "../../ports/passage-index.ts";
import { createTermCounter } from "../search/rarity.ts";
import { searchPassages } from "../search/search-passages.ts";
import { PassageStore } from "./passage-store.ts";
import { type UpdateRequest, updateIndex } from "./update-index.ts";

const never = new AbortController().signal;
const roomy = 1024 ** 3;
let folder = "";
let root = "";
let store: PassageStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-retrieval-"));
  root = join(folder, "files");
  mkdirSync(root);
  store = new PassageStore(join(folder, "index", "test.db"), roomy);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(files: { readonly [path: string]: string | Buffer }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function update(request: Partial<UpdateRequest> = {}, signal = never): Promise<IndexReport> {
  const all = { root, exclude: [], only: null, mostFiles: 1000, onProgress: () => undefined };
  return updateIndex(store, { ...all, ...request }, signal);
}

const find = (text: string, within: readonly string[] = []): readonly string[] =>
  searchPassages(store, createTermCounter(store), { text, top: 10, within }).map(({ path }) => path);

test("what is new, changed and gone is followed, what is as it was is not read", async () => {
  write({ "a.txt": "apples are red", "docs/b.md": "# Pears\n\nPears are green.", "c.py": "def cherry():\n    pass\n" });
  expect(await update()).toMatchObject({ files: 3, added: 3, changed: 0, removed: 0 });
  write({ "a.txt": "bananas are yellow" });
  renameSync(join(root, "c.py"), join(root, "d.py"));
  expect(await update()).toMatchObject({ files: 3, added: 1, changed: 1, removed: 1 });
  expect([find("apples"), find("banana"), find("cherry"), find("green pear")]).toEqual([
    [],
    ["a.txt"],
    ["d.py"],
    ["docs/b.md"],
  ]);
});

test("another date is no other content; other content under the same date is noticed", async () => {
  write({ "a.txt": "first words" });
  await update();
  utimesSync(join(root, "a.txt"), 1, 1);
  expect(await update()).toMatchObject({ changed: 0, unchanged: 1 });
  writeFileSync(join(root, "a.txt"), "other words");
  utimesSync(join(root, "a.txt"), 1, 1);
  expect(await update()).toMatchObject({ changed: 1, unchanged: 0 });
  expect(find("other")).toEqual(["a.txt"]);
});

test("ignore files of every level, globs and folders of tools are left out", async () => {
  write({
    ".gitignore": "build/\n*.log\n!keep.log\n",
    "build/out.txt": "needle",
    "x.log": "needle",
    "keep.log": "needle",
    "sub/.gitignore": "/private.txt\n!x.log\n",
    "sub/private.txt": "needle",
    "sub/deep/private.txt": "needle",
    "sub/x.log": "needle",
    ".byzerignore": "drafts\n",
    "drafts/a.md": "needle",
    "node_modules/p/readme.md": "needle",
    "gen/a.snap": "needle",
    ".github/flow.yml": "needle: 1",
  });
  await update({ exclude: ["**/*.snap"] });
  expect(find("needle").toSorted()).toEqual([".github/flow.yml", "keep.log", "sub/deep/private.txt", "sub/x.log"]);
});

test("a folder inside a repository follows the rules above it, unless they leave it out as a whole", async () => {
  write({
    ".git/HEAD": "",
    ".gitignore": "*.tmp\nout/\n",
    "src/a.tmp": "needle",
    "src/b.txt": "needle",
    "out/c.txt": "needle",
  });
  await update({ root: join(root, "src") });
  expect(find("needle")).toEqual(["b.txt"]);
  await update({ root: join(root, "out") });
  expect(find("needle")).toEqual(["c.txt"]);
});

test("secrets are named and never read, whatever they were before", async () => {
  write({ ".env": "TOKEN=needle", "key.txt": "hello needle" });
  expect((await update()).leftOut).toEqual([{ path: ".env", reason: "secret" }]);
  write({ "key.txt": `-----BEGIN RSA PRIVATE KEY-----\n${"needle".repeat(20)}\n-----END RSA PRIVATE KEY-----\n` });
  expect((await update()).leftOut.map(({ path }) => path)).toEqual([".env", "key.txt"]);
  expect(find("needle")).toEqual([]);
  expect(readFileSync(store.path).includes("TOKEN")).toBe(false);
});

test("what cannot be read as text is named with the reason", async () => {
  write({ "a.bin": Buffer.from([0, 1, 2, 3, 0, 5, 6, 0]), "empty.txt": " \n", "ok.txt": "fine" });
  const { files, leftOut, leftOutFiles } = await update();
  expect({ files, leftOutFiles, leftOut }).toEqual({
    files: 1,
    leftOutFiles: 2,
    leftOut: [
      { path: "a.bin", reason: "binary" },
      { path: "empty.txt", reason: "empty" },
    ],
  });
});

test("links are not followed", async () => {
  write({ "a.txt": "needle" });
  writeFileSync(join(folder, "outside.txt"), "needle");
  symlinkSync(join(folder, "outside.txt"), join(root, "link.txt"));
  symlinkSync(root, join(root, "loop"));
  await update();
  expect(find("needle")).toEqual(["a.txt"]);
});

test("files beyond the cap are left out, those deepest down, and that is said", async () => {
  write({ "1.txt": "needle", "2.txt": "needle", "deep/3.txt": "needle", "deep/er/4.txt": "needle" });
  expect(await update({ mostFiles: 3 })).toMatchObject({ files: 3, tooManyFiles: true });
  expect(find("needle").toSorted()).toEqual(["1.txt", "2.txt", "deep/3.txt"]);
  expect(await update({ mostFiles: 4 })).toMatchObject({ files: 4, tooManyFiles: false });
});

test("single files and folders are looked at again without the others", async () => {
  write({ "a.txt": "apple", "sub/b.txt": "pear", "sub/c.txt": "plum", ".gitignore": "ignored\n" });
  await update();
  write({ "a.txt": "quince", "sub/b.txt": "melon", "ignored/d.txt": "melon" });
  rmSync(join(root, "sub/c.txt"));
  expect(await update({ only: ["sub", "ignored/d.txt"] })).toMatchObject({ added: 0, changed: 1, removed: 1 });
  expect([find("apple"), find("melon"), find("plum")]).toEqual([["a.txt"], ["sub/b.txt"], []]);
});

test("one file is an index too, and is named by its name", async () => {
  write({ "a.md": "# Apples\n\nRed." });
  await update({ root: join(root, "a.md") });
  expect(find("apple")).toEqual(["a.md"]);
});

test("a search stays within files and folders", async () => {
  write({ "a/x.txt": "needle", "ab/y.txt": "needle", "c.txt": "needle", "%/z.txt": "needle" });
  await update();
  expect([find("needle", ["a"]), find("needle", ["c.txt", "%"]).toSorted(), find("needle", ["none"])]).toEqual([
    ["a/x.txt"],
    ["%/z.txt", "c.txt"],
    [],
  ]);
});

test("a root that is not there is an error that names it", async () => {
  await expect(update({ root: join(folder, "gone") })).rejects.toMatchObject({ code: "index.not-found" });
});

test("a stopped update keeps what it has, and the next goes on", async () => {
  const files = Array.from(
    { length: 60 },
    (_, index) => [`${index}.txt`, `needle ${"some more words ".repeat(6000)}`] as const,
  );
  write(Object.fromEntries(files));
  const controller = new AbortController();
  const onProgress: UpdateRequest["onProgress"] = ({ doneFiles }) => doneFiles > 1 && controller.abort();
  await expect(update({ onProgress }, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  const kept = store.totals().files;
  expect([store.isWriting, kept > 0, kept < 60]).toEqual([false, true, true]);
  expect(await update()).toMatchObject({ added: 60 - kept, files: 60 });
});

test("an index without room says so and can be used", async () => {
  write({ "a.txt": "needle" });
  await update();
  store.close();
  store = new PassageStore(store.path, 600 * 1024);
  write(
    Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`${index}.txt`, `${index} filler text `.repeat(3000)]),
    ),
  );
  await expect(update()).rejects.toMatchObject({ code: "index.full", details: { path: store.path } });
  expect(find("needle")).toEqual(["a.txt"]);
});

test("an index that is damaged is made anew", async () => {
  write({ "a.txt": "needle" });
  await update();
  store.close();
  const bytes = readFileSync(store.path);
  for (const broken of [
    Buffer.from("no database at all, but long enough to look like one".repeat(100)),
    bytes.fill(0x5a, 4096),
  ]) {
    for (const suffix of ["-wal", "-shm"]) {
      rmSync(store.path + suffix, { force: true });
    }
    writeFileSync(store.path, broken);
    store = new PassageStore(store.path, roomy);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await update()).toMatchObject({ files: 1, added: 1 });
    expect(find("needle")).toEqual(["a.txt"]);
    store.close();
  }
});
