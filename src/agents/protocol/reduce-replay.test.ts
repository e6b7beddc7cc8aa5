import { expect, test } from "vitest";
import { placeOfReplay } from "./reduce-replay.ts";
import { type SessionEvent, sessionEventSchema } from "./session-event.ts";
import { emptySession, reduceSession } from "./session-state.ts";

const start = (turnId: string, fields: object = {}): SessionEvent =>
  sessionEventSchema.parse({
    type: "turn-start",
    at: 1,
    turnId,
    question: "?",
    agent: null,
    replaces: null,
    ...fields,
  });
const at = { at: 1, turnId: "t" };
const message = { id: "m", from: "a", to: "b", content: "x", metadata: {}, requestReply: true, silent: false };
const text = { ...at, type: "text-end", blockId: "b", agent: "a", role: "comment", text: "x" } as const;
const cell = { ...at, cellId: "c" };
const usage = { promptTokens: 5, completionTokens: 5, estimated: false };
const call = {
  ...at,
  type: "model-call",
  agent: "a",
  model: "m",
  usage,
  durationMs: 9,
  repairs: new Array<string>(),
} as const;
const replays = { replays: { turnId: "s", messageId: "n", content: "y" } };

function turnOf(...events: readonly SessionEvent[]) {
  return [start("t", replays), ...events].reduce(reduceSession, emptySession).turns[0];
}

test("what is from the log is marked, and neither its model calls nor its time count again", () => {
  const turn = turnOf(
    { ...at, type: "message", message, replayed: true },
    { ...call, replayed: true },
    { ...text, replayed: true },
    { ...cell, type: "cell-end", status: "ok", durationMs: 50, replayed: true },
    { ...at, type: "replay-end", how: "changed", messageId: "m2" },
    { ...at, type: "message", message: { ...message, id: "m2" } },
    call,
    { ...text, blockId: "b2" },
  );
  expect(turn?.replay).toEqual({ turnId: "s", messageId: "n", messages: ["m"], changed: "m2", end: "changed" });
  expect(turn?.blocks.map(({ id, replayed }) => [id, replayed])).toEqual([
    ["b", true],
    ["c", true],
    ["b2", undefined],
  ]);
  expect(turn?.usage.calls).toBe(1);
  expect(turn?.pythonMs).toBe(0);
});

test("a cell that goes on anew is not from the log any more", () => {
  const begun = {
    ...cell,
    type: "cell-start",
    number: 1,
    agent: "a",
    code: "x",
    repair: 0,
    effects: new Array<never>(),
  } as const;
  const turn = turnOf({ ...begun, replayed: true }, { ...cell, type: "cell-run" });
  expect(turn?.blocks[0]).toMatchObject({ phase: "running", replayed: false });
});

test("a run is played again in its own place, or in that of what took it; not where the questions before are gone", () => {
  const session = [start("a"), start("b"), start("b2", { replaces: "b" }), start("b3", { replaces: "b2" })].reduce(
    reduceSession,
    emptySession,
  );
  expect(["a", "b3", "b2", "b"].map((turnId) => placeOfReplay(session, turnId))).toEqual(["a", "b3", "b3", "b3"]);
  const gone = reduceSession(session, start("a2", { replaces: "a" }));
  expect(["a", "b3", "b", "x"].map((turnId) => placeOfReplay(gone, turnId))).toEqual(["a2", null, null, null]);
});
