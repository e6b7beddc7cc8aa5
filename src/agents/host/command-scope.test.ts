import { expect, test } from "vitest";
import type { Passage, PassageIndex } from "../ports/passage-index.ts";
import { excludeGlobs, indexWithout, partlyRead } from "./command-scope.ts";

const passage = (path: string): Passage => ({
  path,
  start: 0,
  end: 4,
  startLine: 1,
  endLine: 1,
  page: null,
  place: "",
  score: 1,
  text: "text",
});
const never = new AbortController().signal;

/** An index whose best passages are all of Markdown. */
const passages = [
  ...Array.from({ length: 30 }, (_, at) => passage(`docs/${at}.md`)),
  passage("a.txt"),
  passage("b.txt"),
];
const refuse = (): never => {
  throw new Error("not asked for");
};
const index: PassageIndex = {
  search: async ({ top }) => passages.slice(0, top),
  read: async () => ({
    passages,
    count: passages.length,
    characters: passages.length * 4,
    files: passages.length,
  }),
  update: refuse,
  status: refuse,
  remove: refuse,
};

test("globs without a slash fit at every depth, others where they say", () => {
  expect(excludeGlobs(["*.md", "drafts/", "/top.md", "docs/*.md"])).toEqual([
    "**/*.md",
    "**/drafts",
    "top.md",
    "docs/*.md",
  ]);
});

test("a search goes on until enough lies outside of what is passed over", async () => {
  const own = indexWithout(index, excludeGlobs(["docs"]));
  expect((await own.search({ root: "/", text: "x", top: 1 }, never)).map(({ path }) => path)).toEqual(["a.txt"]);
  expect((await own.search({ root: "/", text: "x", top: 9 }, never)).map(({ path }) => path)).toEqual([
    "a.txt",
    "b.txt",
  ]);
  expect(await own.read({ root: "/", within: [], mostCharacters: 1000 }, never)).toMatchObject({
    count: 2,
    characters: 8,
    files: 2,
  });
});

test("only what was read in part is told, within the scope", () => {
  const leftOut = [
    { path: "a.log", reason: "first-megabytes 50" },
    { path: "b/c.pdf", reason: "masked-keys 1; first-pages 12 300" },
    { path: "d.bin", reason: "binary" },
  ];
  expect(partlyRead(leftOut).map((sentence) => sentence.split(":")[0])).toEqual(["a.log", "b/c.pdf"]);
  expect(partlyRead(leftOut, [{ path: "b" }])).toHaveLength(1);
});
