import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PassageScope } from "../../ports/passage-index.ts";
import { PassageStore } from "../index/passage-store.ts";
import { updateIndex } from "../index/update-index.ts";
import { createTermCounter } from "./rarity.ts";
import { searchPassages } from "./search-passages.ts";

let folder = "";
let store: PassageStore | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-literal-"));
  const files = {
    "launch.md": "The rocket \u{1f680} flies \u{1f680} today.\n",
    "again.md": "One \u{1f680} only, with a \u2764\ufe0f\u200d\u{1f525} behind it.\n",
    "plain.txt": "A heart as text: \u2764, and an arrow => here.\n",
    "code.ts": "const add = (a, b) => a ?? b;\n",
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  store = new PassageStore(join(folder, "index", "test.db"), 1024 ** 3);
  const request = { root: folder, exclude: ["index"], only: null, named: false, mostFiles: 100 };
  await updateIndex(store, { ...request, onProgress: () => undefined }, new AbortController().signal);
});

afterEach(() => {
  store?.close();
  store = null;
  rmSync(folder, { recursive: true, force: true });
});

function find(text: string, within: readonly PassageScope[] = []): readonly string[] {
  return store === null
    ? []
    : searchPassages(store, createTermCounter(store), { text, top: 10, within }).map(({ path }) => path);
}

test.each([
  ["an emoji, most often first", "\u{1f680}", ["launch.md", "again.md"]],
  ["two of them together", "\u{1f680}  \u{1f525}", ["again.md"]],
  ["one that is drawn as a picture here and as text there", "\u2764\ufe0f", ["again.md", "plain.txt"]],
  ["one that is joined of two", "\u2764\ufe0f\u200d\u{1f525}", ["again.md"]],
  ["signs of code", "??", ["code.ts"]],
  ["what is in no text", "\u{1f984}", []],
  ["nothing", " \n\t ", []],
  ["a NUL", "\0", []],
  ["what full-text search would take for its language", '"*', []],
])("a query is looked for as it is written where it has no words: %s", (_, query, paths) => {
  expect(find(query)).toEqual(paths);
});

test("what is looked for as it is written stays within a scope, too", () => {
  expect(find("=>").toSorted()).toEqual(["code.ts", "plain.txt"]);
  expect(find("=>", [{ path: "code.ts" }])).toEqual(["code.ts"]);
  expect(find("=>", [{ path: "launch.md" }])).toEqual([]);
});
