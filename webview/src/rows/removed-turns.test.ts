import { expect, test } from "vitest";
import type { SessionEvent } from "../../../src/agents/protocol/session-event.ts";
import { type Session, emptySession, reduceSession } from "../../../src/agents/protocol/session-state.ts";
import { removedBy } from "./removed-turns.ts";

function sessionOf(turns: readonly (readonly [string, string, string | null, string | null])[]): Session {
  const events = turns.flatMap(([turnId, question, replaces, answer]): SessionEvent[] => {
    const turn = { at: 1, turnId };
    return [
      { type: "turn-start", ...turn, question, agent: null, replaces },
      ...(answer === null
        ? []
        : [{ type: "text-end", ...turn, blockId: "b", agent: "a", role: "answer", text: answer } as const]),
      { type: "turn-end", ...turn, reason: answer === null ? "failed" : "done", problem: null, durationMs: 1 },
    ];
  });
  return events.reduce(reduceSession, emptySession);
}

const removedIds = (session: Session): readonly string[] =>
  session.turns.flatMap((turn) => removedBy(session, turn)).map(({ id }) => id);

test("an edited question keeps what it replaced, and all that came after that", () => {
  const session = sessionOf([
    ["1", "One?", null, "One."],
    ["2", "Two?", null, "Two."],
    ["3", "Uno?", "1", "Uno."],
  ]);
  expect(removedIds(session)).toEqual(["1", "2"]);
});

test("replaced twice, both are there, the oldest first", () => {
  const session = sessionOf([
    ["1", "One?", null, "One."],
    ["2", "One?", "1", "Another one."],
    ["3", "One?", "2", "The last one."],
  ]);
  expect(removedIds(session)).toEqual(["1", "2"]);
});

test("a retry of what came to nothing has nothing to show", () => {
  const session = sessionOf([
    ["1", "One?", null, null],
    ["2", "One?", "1", "One."],
  ]);
  expect(removedIds(session)).toEqual([]);
});
