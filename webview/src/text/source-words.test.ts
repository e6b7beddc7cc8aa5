import { expect, test } from "vitest";
import type { SessionSource } from "../../../src/agents/protocol/session-state.ts";
import type { SourceState } from "../../../src/agents/protocol/source.ts";
import { leftOutText } from "../../../src/agents/protocol/words/left-out-text.ts";
import { en } from "../strings/en.ts";
import { zh } from "../strings/zh.ts";
import { createFormat } from "./format.ts";
import { sourceFacts, sourceName, sourceProblem, stateLines, warnsOf } from "./source-words.ts";
import { suggestSourceQuestions } from "./suggest-source-questions.ts";

const format = createFormat("en");
const read = { status: "ready", files: 3, passages: 40, leftOutFiles: 0, leftOut: [], tooManyFiles: false } as const;
const state = (fields: Partial<Extract<SourceState, { readonly files: number }>> = {}): SourceState => ({
  ...read,
  leftOut: [],
  ...fields,
});

function source(fields: Partial<SessionSource> = {}): SessionSource {
  return { id: "1", kind: "file", path: "/w/notes.md", name: "notes.md", lines: null, state: null, ...fields };
}

test.each([
  [source(), "notes.md"],
  [source({ kind: "lines", lines: { first: 10, last: 20 } }), "notes.md:10–20"],
  [source({ kind: "lines", lines: { first: 10, last: 10 } }), "notes.md:10"],
  [source({ kind: "workspace", name: "company" }), "company (whole workspace)"],
])("a source is called what a person knows it by", (one, name) => {
  expect(sourceName(one, en)).toBe(name);
});

test("a file that is left out is said so in the page's language, another problem as it came", () => {
  const leftOut = { code: "source.left-out", message: "In English.", details: { path: "/w/a", reason: "password" } };
  expect(sourceProblem(leftOut, en)).toBe(`It was not read: ${leftOutText("password", "en")}.`);
  expect(sourceProblem(leftOut, zh)).toBe(`未能读取：${leftOutText("password", "zh")}。`);
  expect(sourceProblem({ ...leftOut, code: "source.not-found" }, zh)).toBe(zh.sourceGone);
  expect(sourceProblem({ ...leftOut, code: "index.busy" }, zh)).toContain("索引");
  expect(sourceProblem({ ...leftOut, code: "page.failed" }, zh)).toBe("In English.");
});

test("counts are exact until they are long", () => {
  expect(sourceFacts(state(), en, format)).toBe("3 files · 40 passages");
  expect(sourceFacts(state({ files: 1, passages: 1 }), en, format)).toBe("1 passage");
  expect(sourceFacts(state({ files: 200_000, passages: 1_900_000 }), en, format)).toBe("200K files · 1.9M passages");
  expect(sourceFacts(state({ passages: 0 }), en, format)).toBe("");
});

test("a chip says how far it is, or what is wrong", () => {
  expect(stateLines({ status: "indexing", doneFiles: 2, ofFiles: 9 }, en, format)).toEqual([
    "2 of 9 files read",
    "can be asked while it is being read",
  ]);
  const unread = state({ files: 0, passages: 0, leftOutFiles: 1, leftOut: [{ path: "notes.md", reason: "scanned" }] });
  expect(stateLines(unread, en, format)).toEqual([`It was not read: ${leftOutText("scanned", "en")}.`]);
  expect(stateLines(state({ leftOutFiles: 2 }), en, format)).toEqual([
    "3 files · 40 passages",
    "2 files not read, or not in full",
  ]);
  expect([null, state(), unread, state({ status: "stopped" }), state({ tooManyFiles: true })].map(warnsOf)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  ["a text", [source()], [en.askSummary, en.askMainPoints]],
  ["code", [source({ name: "App.TSX" })], [en.askCode, en.askCodeParts]],
  ["lines", [source({ kind: "lines", lines: { first: 1, last: 2 } })], [en.askLines]],
  ["a folder", [source({ kind: "folder" })], [en.askFolder, en.askMainPoints]],
  ["a workspace beside a file", [source(), source({ kind: "workspace" })], [en.askProject, en.askBuild]],
  ["several", [source(), source({ id: "2" })], [en.askMainPoints, en.askSeveral]],
  ["nothing that holds text", [source({ state: state({ passages: 0 }) })], []],
])("questions that fit %s", (_name, sources, questions) => {
  expect(suggestSourceQuestions(sources, en)).toEqual(questions);
});
