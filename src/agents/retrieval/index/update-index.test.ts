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
import { readPassages } from "../search/read-passages.ts";
import { createTermCounter } from "../search/rarity.ts";
import { searchPassages } from "../search/search-passages.ts";
import { indexStatus } from "./index-status.ts";
import { PassageStore } from "./passage-store.ts";
import type { UpdateRequest } from "./plan-update.ts";
import { updateIndex } from "./update-index.ts";

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
  const all = { root, exclude: [], only: null, named: false, mostFiles: 1000, onProgress: () => undefined };
  return updateIndex(store, { ...all, ...request }, signal);
}

const find = (text: string, ...paths: readonly string[]): readonly string[] => {
  const within = paths.map((path) => ({ path }));
  return searchPassages(store, createTermCounter(store), { text, top: 10, within }).map(({ path }) => path);
};

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

test("what agents are told is no document, which is said, but for who names it", async () => {
  write({ "a.txt": "apples", ".byzer/agents/ann.agent.md": "Answer about apples.", ".byzer/notes.md": "apples too" });
  const told = [{ path: ".byzer/agents/ann.agent.md", reason: "agent" }];
  expect((await update()).leftOut).toEqual(told);
  expect(find("apples").toSorted()).toEqual([".byzer/notes.md", "a.txt"]);
  for (const only of [".byzer/agents/ann.agent.md", ".byzer/agents"]) {
    // oxlint-disable-next-line no-await-in-loop
    expect((await update({ only: [only], named: true })).leftOut).toEqual([]);
    expect(find("apples", only)).toEqual([".byzer/agents/ann.agent.md"]);
    // oxlint-disable-next-line no-await-in-loop
    expect((await update()).leftOut).toEqual(told);
  }
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

test("what a person names is read though ignore files and globs leave it out, until all is looked at again", async () => {
  write({
    ".gitignore": "dist/\n*.log\n",
    "x.log": "needle",
    "dist/a.txt": "needle",
    "dist/deep/b.txt": "needle",
    "dist/deep/.gitignore": "c.txt\n",
    "dist/deep/c.txt": "needle",
    "dist/node_modules/p/d.txt": "needle",
    "dist/.env": "TOKEN=needle",
    "src/e.txt": "needle",
    "src/f.log": "needle",
    "gen/g.txt": "needle",
  });
  const exclude = ["gen/**"];
  const only = ["dist", "x.log", "src", "gen/g.txt"];
  const { leftOut } = await update({ only, named: true, exclude });
  expect(leftOut).toEqual([{ path: "dist/.env", reason: "secret" }]);
  expect(find("needle").toSorted()).toEqual(["dist/a.txt", "dist/deep/b.txt", "gen/g.txt", "src/e.txt", "x.log"]);
  await update({ exclude });
  expect(find("needle")).toEqual(["src/e.txt"]);
});

test("a link that a person names is followed, but not to keys; what lies behind one is not found by itself", async () => {
  mkdirSync(join(folder, ".ssh"));
  writeFileSync(join(folder, ".ssh", "config"), "needle");
  writeFileSync(join(folder, "outside.txt"), "needle");
  symlinkSync(join(folder, "outside.txt"), join(root, "link.txt"));
  symlinkSync(join(folder, ".ssh"), join(root, "keys"));
  symlinkSync(folder, join(root, "above"));
  await update({ only: ["link.txt", "above/outside.txt", "../outside.txt"] });
  expect(find("needle")).toEqual([]);
  const { leftOut } = await update({ only: ["link.txt", "keys", "../outside.txt"], named: true });
  expect([find("needle"), leftOut]).toEqual([["link.txt"], [{ path: "keys", reason: "secret" }]]);
});

test("a folder that was made, renamed or deleted is followed as a whole, and so is a changed ignore file", async () => {
  write({ "a/x.txt": "needle", "b.txt": "needle" });
  await update();
  renameSync(join(root, "a"), join(root, "c"));
  expect(await update({ only: ["a", "c"] })).toMatchObject({ added: 1, removed: 1 });
  expect(find("needle").toSorted()).toEqual(["b.txt", "c/x.txt"]);
  write({ "c/.byzerignore": "x.txt\n" });
  await update({ only: ["c/.byzerignore"] });
  expect(find("needle")).toEqual(["b.txt"]);
});

test("a file that is asked for twice is read once", async () => {
  write({ "a/x.txt": "needle" });
  expect(await update({ only: ["a", "a/x.txt", "a"] })).toMatchObject({ added: 1, unchanged: 0, files: 1 });
});

test("one file is an index too, and is named by its name", async () => {
  write({ "a.md": "# Apples\n\nRed." });
  await update({ root: join(root, "a.md") });
  expect(find("apple")).toEqual(["a.md"]);
});

test("a search stays within files and folders", async () => {
  write({ "a/x.txt": "needle", "ab/y.txt": "needle", "c.txt": "needle", "%/z.txt": "needle" });
  await update();
  expect([find("needle", "a"), find("needle", "c.txt", "%").toSorted(), find("needle", "none")]).toEqual([
    ["a/x.txt"],
    ["%/z.txt", "c.txt"],
    [],
  ]);
});

test("other forms of a word are found, in any language, and stand behind the word itself", async () => {
  write({
    "de.txt": "Die Entdeckungen der Seefahrer.",
    "ru.txt": "Он писал о государствах Европы.",
    "tr.txt": "Şehirlerimizden biri.",
    "a.txt": "discoverable",
    "b.txt": "discovers",
  });
  await update();
  expect([find("Entdeckung"), find("государства"), find("şehirlerimiz")]).toEqual([["de.txt"], ["ru.txt"], ["tr.txt"]]);
  expect(find("discovering")).toEqual(["b.txt", "a.txt"]);
});

test("what is frequent everywhere is found in a scope too, small or large", async () => {
  const common = "Common words stand in every file of this folder.";
  const texts = Array.from({ length: 2000 }, (_, number) => [`${number % 2}/${number}.txt`, common] as const);
  write({ ...Object.fromEntries(texts), "one/a.txt": "Common words.", "one/b.txt": "Others." });
  await update({ mostFiles: 5000 });
  expect(find("common words", "one")).toEqual(["one/a.txt"]);
  expect(find("common", "one")).toEqual(["one/a.txt"]);
  expect([find("common", "0").length, find("common words", "0").every((path) => path.startsWith("0/"))]).toEqual([
    10,
    true,
  ]);
});

test("a search stays within lines of a file", async () => {
  write({ "a.txt": "needle and some more words\n".repeat(400), "b.txt": "needle" });
  await update();
  const lines = { first: 200, last: 201 };
  const request = { text: "needle", top: 50, within: [{ path: "a.txt", lines }] };
  const found = searchPassages(store, createTermCounter(store), request);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ path, startLine, endLine }) => path === "a.txt" && startLine <= 201 && endLine >= 200)).toBe(
    true,
  );
});

test("passages are read in their order up to a number of characters, and summed up over the scope", async () => {
  write({ "b.txt": "second words here\n".repeat(300), "a/x.txt": "first words", "c.txt": "third words" });
  await update();
  const all = readPassages(store, { within: [], mostCharacters: 1e9 });
  expect(all.passages.map(({ path }) => path)).toEqual([
    "a/x.txt",
    ...all.passages.slice(2).map(() => "b.txt"),
    "c.txt",
  ]);
  expect(all).toMatchObject({
    files: 3,
    count: all.passages.length,
    characters: all.passages.reduce((sum, { text }) => sum + text.length, 0),
  });
  const some = readPassages(store, { within: [{ path: "a" }, { path: "c.txt" }], mostCharacters: 15 });
  expect(some).toMatchObject({
    files: 2,
    characters: 22,
    passages: [{ path: "a/x.txt", score: 0, text: "first words" }],
  });
  const lines = { first: 300, last: 300 };
  const last = readPassages(store, { within: [{ path: "b.txt", lines }], mostCharacters: 1e9 });
  expect(last).toMatchObject({ files: 1, passages: [{ path: "b.txt", endLine: 300 }] });
});

test("the status says what is there, and when all of it was last looked at", async () => {
  write({ "a.txt": "apple", ".env": "TOKEN=x" });
  await update({ only: ["a.txt"] });
  expect(indexStatus(store, true)).toMatchObject({ files: 1, passages: 1, updating: true, updatedMs: null });
  const beforeMs = Date.now();
  await update();
  const { updatedMs, ...status } = indexStatus(store, false);
  expect(status).toMatchObject({ files: 1, leftOutFiles: 1, leftOut: [{ path: ".env", reason: "secret" }] });
  expect(updatedMs).toBeGreaterThanOrEqual(beforeMs);
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

test("one file as root is named as it was, whatever a link leads to; keys behind a link are not read", async () => {
  write({ "real.md": "zebras sleep", ".ssh/id_rsa": "giraffes" });
  symlinkSync(join(root, "real.md"), join(folder, "link.md"));
  symlinkSync(join(root, ".ssh/id_rsa"), join(folder, "notes.md"));
  expect(await update({ root: join(folder, "link.md") })).toMatchObject({ files: 1, added: 1 });
  const leftOut = [{ path: "notes.md", reason: "secret" }];
  expect(await update({ root: join(folder, "notes.md") })).toMatchObject({ files: 1, added: 0, leftOut });
  expect([find("zebras"), find("giraffes")]).toEqual([["link.md"], []]);
});

test.runIf(process.platform === "linux")("a file whose name is no Unicode is named as left out", async () => {
  write({ "a.txt": "apple" });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/b`), Buffer.from([0xff, 0xfe]), Buffer.from(".txt")]), "pear");
  const leftOut = [{ path: "b\ufffd\ufffd.txt", reason: "unreadable" }];
  expect(await update()).toMatchObject({ files: 1, added: 1, leftOut });
});

test("what an update is told to leave out stays where it was kept for others", async () => {
  write({ "a.txt": "apple", "docs/b.md": "pear", "docs/c.md": "plum" });
  await update();
  write({ "docs/c.md": "cherry", "d.txt": "fig" });
  const exclude = ["docs"];
  expect(await update({ exclude, keepExcluded: true })).toMatchObject({ added: 1, changed: 0, removed: 0, files: 4 });
  expect([find("pear"), find("cherry"), find("fig")]).toEqual([["docs/b.md"], [], ["d.txt"]]);
  expect(await update({ exclude })).toMatchObject({ removed: 2 });
});
