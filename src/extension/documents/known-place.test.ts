import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Session, emptySession } from "../../agents/protocol/session-state.ts";
import { newTurn } from "../../agents/protocol/reduce-turn.ts";
import { isKnownPlace } from "./known-place.ts";

const home = mkdtempSync(join(tmpdir(), "byzer-known-place-"));
const notes = join(home, "notes");
const outside = join(home, "outside.md");
mkdirSync(notes);
writeFileSync(join(notes, "a.md"), "a");
writeFileSync(outside, "secret");
symlinkSync(outside, join(notes, "link.md"));
afterAll(() => rmSync(home, { recursive: true }));

const about: Session = {
  ...emptySession,
  sources: [{ id: "1", kind: "folder", path: notes, name: "notes", lines: null, state: null }],
};
const place = { path: outside, name: "o", startLine: 1, endLine: 1, start: 0, end: 1, page: null, place: "" };
const start = { type: "turn-start", at: 0, turnId: "t", question: "?", agent: null, replaces: null } as const;

test("files in what is asked about are known, others and links that lead out are not", async () => {
  expect(await isKnownPlace(about, { path: join(notes, "a.md") })).toBe(true);
  expect(await isKnownPlace(about, { path: outside })).toBe(false);
  expect(await isKnownPlace(about, { path: join(notes, "..", "outside.md") })).toBe(false);
  expect(await isKnownPlace(about, { path: join(notes, "link.md") })).toBe(false);
});

test("what a passage or a citation names is known, also of a turn that was replaced", async () => {
  const read = { ...place, number: 1, text: "x", score: 1 };
  const passages = { kind: "passages", id: "p", agent: "a", query: "q", how: "search", passages: [read] } as const;
  const cited = { ...place, number: 1, passage: 1, quote: "x" };
  const text = { kind: "text", id: "b", agent: "a", role: "answer", text: "[1]", complete: true } as const;
  const turns = [{ ...newTurn(start), blocks: [passages] }];
  const removed = [{ by: "t", turns: [{ ...newTurn(start), blocks: [{ ...text, citations: [cited], doubts: [] }] }] }];
  expect(await isKnownPlace({ ...emptySession, turns }, place)).toBe(true);
  expect(await isKnownPlace({ ...emptySession, removed }, place)).toBe(true);
  expect(await isKnownPlace(emptySession, place)).toBe(false);
});
