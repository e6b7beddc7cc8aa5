import { expect, test } from "vitest";
import type { RunEvent } from "../../core/run.ts";
import { type RecordedDelivery, readRecordedRun } from "./recorded-run.ts";

const tells = (id: string, from: string, to: string, fields: object = {}): RunEvent => ({
  type: "message",
  message: { id, from, to, content: id, metadata: {}, requestReply: true, silent: false, ...fields },
});
const answers = (id: string, from: string, to: string, inReplyTo: string): RunEvent =>
  tells(id, from, to, { inReplyTo, requestReply: false });
const called = (agent: string, text: string): RunEvent => ({
  type: "model-call",
  agent,
  model: "m",
  usage: { promptTokens: 1, completionTokens: 1, estimated: false },
  durationMs: 1,
  repairs: [],
  said: { text, toolCalls: [] },
});

const nested: readonly RunEvent[] = [
  tells("q", "user", "press"),
  tells("d", "press", "desk"),
  tells("w", "desk", "writer"),
  called("writer", "Draft"),
  answers("w'", "writer", "desk", "w"),
  tells("s", "desk", "shy"),
  tells("n", "desk", "critic", { requestReply: false }),
  tells("c", "desk", "critic"),
  called("critic", "Fine"),
  answers("c'", "critic", "desk", "c"),
  answers("d'", "desk", "press", "d"),
  called("press", "Done"),
  answers("q'", "press", "user", "q"),
];

const tree = (delivery: RecordedDelivery): unknown => [delivery.message.id, delivery.end, delivery.children.map(tree)];
const read = (messageId: string, events = nested) => {
  const run = readRecordedRun(events, messageId);
  if (run === undefined) {
    throw new Error(`There is no message ${messageId}.`);
  }

  return run;
};

test("who was answering what is read from the order; what is never answered was passed over when its sender goes on", () => {
  expect(read("q").roots.map(tree)).toEqual([
    [
      "q",
      12,
      [
        [
          "d",
          10,
          [
            ["w", 4, []],
            ["s", 5, []],
            ["n", 6, []],
            ["c", 9, []],
          ],
        ],
      ],
    ],
  ]);
  const calls = read("q").all.map(({ message, calls: own }) => [message.id, own.map(({ said }) => said?.text)]);
  expect(calls.filter(([, own]) => own?.length !== 0)).toEqual([
    ["q", ["Done"]],
    ["w", ["Draft"]],
    ["c", ["Fine"]],
  ]);
});

test("a message is changed where it was sent, an answer where it was given", () => {
  expect(read("c")).toMatchObject({ part: "message", cut: 7, changed: { message: { id: "c" } } });
  expect(read("c'")).toMatchObject({ part: "reply", cut: 9, changed: { message: { id: "c" } } });
  expect(readRecordedRun(nested, "x")).toBeUndefined();
});

test("a run that broke off leaves open what was being answered", () => {
  const broken = nested.slice(0, 8);
  expect(read("q", broken).all.map(({ message, end }) => [message.id, end])).toEqual([
    ["q", Number.POSITIVE_INFINITY],
    ["d", Number.POSITIVE_INFINITY],
    ["w", 4],
    ["s", 5],
    ["n", 6],
    ["c", Number.POSITIVE_INFINITY],
  ]);
});

test("calls of an agent that was asked silently belong to nobody's message", () => {
  const events = [tells("q", "user", "a"), called("b", "Quiet"), called("b", "Still"), answers("q'", "a", "user", "q")];
  expect(
    read("q", events)
      .loose.get("b")
      ?.map(({ said }) => said?.text),
  ).toEqual(["Quiet", "Still"]);
});

test("tools belong to who was answering, with what they gave; one that did not end has no end", () => {
  const call = { type: "tool-call", agent: "a", tool: "look", origin: "test", input: "{}" } as const;
  const events: readonly RunEvent[] = [
    tells("q", "user", "a"),
    { ...call, callId: "1" },
    { type: "tool-end", callId: "1", failed: true, text: "nothing", durationMs: 3 },
    { ...call, callId: "2" },
  ];
  expect(read("q", events).roots[0]?.tools).toEqual([
    { at: 1, callId: "1", tool: "look", input: "{}", end: 2, failed: true, text: "nothing" },
    { at: 3, callId: "2", tool: "look", input: "{}", end: Number.POSITIVE_INFINITY, failed: false, text: "" },
  ]);
});
