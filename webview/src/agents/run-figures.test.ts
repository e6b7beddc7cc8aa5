import { expect, test } from "vitest";
import type { SessionEvent } from "../../../src/agents/protocol/session-event.ts";
import { emptySession, reduceSession } from "../../../src/agents/protocol/session-state.ts";
import { agentFigures, allRuns, between, pairs, totalFigures } from "./run-figures.ts";

const turn = { at: 1, turnId: "t" };
const said = (id: string, from: string, to: string): SessionEvent => {
  const message = { id, from, to, content: id, metadata: {}, requestReply: true, silent: false };
  return { type: "message", ...turn, message };
};
const called = (agent: string, model: string, tokens: number): SessionEvent => {
  const usage = { promptTokens: tokens, completionTokens: 1, estimated: model === "small" };
  return { type: "model-call", ...turn, agent, model, usage, durationMs: 10, repairs: [] };
};
const events: readonly SessionEvent[] = [
  { type: "turn-start", ...turn, question: "?", agent: null, replaces: null },
  said("1", "user", "writer"),
  called("writer", "large", 100),
  called("router", "small", 5),
  said("2", "writer", "critic"),
  called("writer", "large", 200),
  said("3", "critic", "writer"),
];
const session = events.reduce(reduceSession, emptySession);
const prices = { large: { input: 10_000, output: 0 } };

test("each agent is charged with what it said and what its models read", () => {
  const figures = agentFigures(session.turns, prices);
  expect(figures.map(({ agent, sent, calls, promptTokens }) => [agent, sent, calls, promptTokens])).toEqual([
    ["user", 1, 0, 0],
    ["writer", 1, 2, 300],
    ["critic", 1, 0, 0],
    ["router", 0, 1, 5],
  ]);
  expect(figures[1]?.cost).toEqual({ amount: 3, isLeast: false });
  expect(figures[3]).toMatchObject({ estimated: true, cost: { amount: null, isLeast: true } });
  expect(totalFigures(session.turns, prices)).toMatchObject({
    sent: 3,
    calls: 3,
    modelMs: 30,
    cost: { amount: 3, isLeast: true },
  });
});

test("those who spoke to each other are one pair, whoever began", () => {
  const { messages = [] } = session.turns[0] ?? {};
  expect(pairs(messages)).toEqual([
    { names: ["user", "writer"], count: 1 },
    { names: ["writer", "critic"], count: 2 },
  ]);
  expect(between(messages, ["critic", "writer"]).map(({ id }) => id)).toEqual(["2", "3"]);
});

test("runs that were replaced count in the session", () => {
  const again: SessionEvent = { type: "turn-start", at: 2, turnId: "u", question: "?", agent: null, replaces: "t" };
  const replaced = reduceSession(session, again);
  expect(replaced.turns).toHaveLength(1);
  expect(totalFigures(allRuns(replaced), prices).calls).toBe(3);
});
