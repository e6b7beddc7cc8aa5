import { expect, test } from "vitest";
import type { SessionEvent } from "../protocol/session-event.ts";
import { messageTo } from "../testing/core-fixture.ts";
import { emptySession, reduceSession } from "../protocol/session-state.ts";
import { lateEvents } from "./late-events.ts";

const asked = messageTo("analyst", { from: "user", content: "How many?" });
const reply = { ...messageTo("user", { from: "analyst", content: "**Three.**" }), inReplyTo: asked.id };

/** A session whose only turn was lost with its window. */
function lostTurn() {
  const events: readonly SessionEvent[] = [
    { type: "session-start", at: 1, sessionId: "s", title: "S", version: "1" },
    { type: "turn-start", at: 2, turnId: "t", question: "How many?", agent: "analyst", replaces: null },
    { type: "message", at: 3, turnId: "t", message: asked },
    { type: "turn-end", at: 4, turnId: "t", reason: "lost", problem: null, durationMs: 2 },
  ];
  const after = (more: readonly SessionEvent[]) => {
    const [turn] = [...events, ...more].reduce(reduceSession, emptySession).turns;
    if (turn === undefined) {
      throw new TypeError("The turn is missing.");
    }
    return turn;
  };
  return { turn: after([]), after };
}

test("a late answer stands in its turn, which has ended well", () => {
  const { turn, after } = lostTurn();
  const now = after(lateEvents(turn, { message: asked, reply, problem: null }, 1002));
  expect(now).toMatchObject({ status: "done", problem: null, durationMs: 1000 });
  expect(now.messages.map(({ content }) => content)).toEqual(["How many?", "**Three.**"]);
  expect(now.blocks.map((block) => (block.kind === "text" ? block.text : block.kind))).toEqual([
    "notice",
    "**Three.**",
  ]);
});

test("what failed late is the problem of its turn", () => {
  const { turn, after } = lostTurn();
  const problem = { code: "model.unreachable", message: "No model.", details: {} };
  expect(after(lateEvents(turn, { message: asked, reply: null, problem }, 9))).toMatchObject({
    status: "failed",
    problem,
  });
});

test("a turn that was stopped stays so; what comes late is shown in it all the same", () => {
  const { turn, after } = lostTurn();
  const stopped = { ...turn, status: "cancelled" } as const;
  const events = lateEvents(stopped, { message: asked, reply, problem: null }, 9);
  expect(events.map(({ type }) => type)).toEqual(["message", "notice", "text-end"]);
  expect(after(events).status).toBe("lost");
});
