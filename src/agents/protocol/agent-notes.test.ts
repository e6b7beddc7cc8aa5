import { expect, test } from "vitest";
import { editedSystemMessage, rememberedMessages, systemMessageBefore } from "./agent-notes.ts";
import type { SessionEvent } from "./session-event.ts";
import { emptySession, reduceSession } from "./session-state.ts";

const at = 1;
const fold = (...events: readonly SessionEvent[]) => events.reduce(reduceSession, emptySession);

function turn(turnId: string, replaces: string | null = null): SessionEvent {
  return { type: "turn-start", at, turnId, question: "?", agent: null, replaces };
}

function said(turnId: string, from: string, to: string): SessionEvent {
  const content = `${turnId} ${from}>${to}`;
  const message = { id: content, from, to, content, metadata: {}, requestReply: true, silent: false };
  return { type: "message", at, turnId, message };
}

const forget = (agent: string, peer: string | null): SessionEvent => ({ type: "agent-forget", at, agent, peer });
const edit = (agent: string, systemMessage: string | null): SessionEvent => ({
  type: "agent-edit",
  at,
  agent,
  systemMessage,
});

const first = [turn("t1"), said("t1", "user", "a"), said("t1", "a", "b"), said("t1", "b", "a")];
const second = [turn("t2"), said("t2", "user", "a"), said("t2", "a", "user"), said("t2", "b", "c")];
const wordsOf = (agent: string, ...events: readonly SessionEvent[]) =>
  rememberedMessages(fold(...events), agent).map(({ content }) => content);

test("an agent remembers what it exchanged with anyone in the turns that stand", () => {
  expect(wordsOf("a", ...first, ...second)).toEqual(["t1 user>a", "t1 a>b", "t1 b>a", "t2 user>a", "t2 a>user"]);
  expect(wordsOf("a", ...first, ...second, turn("t3", "t2"))).toEqual(["t1 user>a", "t1 a>b", "t1 b>a"]);
});

test("one peer is forgotten, or everyone, up to that moment and by that agent alone", () => {
  expect(wordsOf("a", ...first, forget("a", "b"), ...second)).toEqual(["t1 user>a", "t2 user>a", "t2 a>user"]);
  expect(wordsOf("a", ...first, forget("a", null), ...second)).toEqual(["t2 user>a", "t2 a>user"]);
  expect(wordsOf("b", ...first, forget("a", null))).toEqual(["t1 a>b", "t1 b>a"]);
  expect(wordsOf("a", ...first, forget("a", "nobody"))).toHaveLength(3);
  expect(wordsOf("a", forget("a", null), ...first)).toHaveLength(3);
});

test("what is said later in the same turn is remembered", () => {
  expect(wordsOf("a", ...first, forget("a", null), said("t1", "a", "user"))).toEqual(["t1 a>user"]);
});

test("what was forgotten stays so where the turn of that moment is replaced", () => {
  const events = [...first, ...second, forget("a", null), turn("t3", "t2"), said("t3", "user", "a")];
  expect(wordsOf("a", ...events)).toEqual(["t3 user>a"]);
  expect(wordsOf("a", ...events, turn("t4", "t1"), said("t4", "user", "a"))).toEqual(["t4 user>a"]);
});

test("the last edit of a system message is in force, and can be taken back", () => {
  const once = fold(edit("a", "one"));
  expect(editedSystemMessage(once, "a")).toBe("one");
  expect(systemMessageBefore(once, "a")).toBeNull();
  const twice = fold(edit("a", "one"), edit("b", "other"), edit("a", "two"));
  expect(editedSystemMessage(twice, "a")).toBe("two");
  expect(systemMessageBefore(twice, "a")).toBe("one");
  const own = fold(edit("a", "one"), edit("a", null));
  expect(editedSystemMessage(own, "a")).toBeNull();
  expect(systemMessageBefore(own, "a")).toBe("one");
  expect(systemMessageBefore(own, "b")).toBeUndefined();
});
