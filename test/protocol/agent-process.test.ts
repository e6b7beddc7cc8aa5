import { describe, expect, test } from "vitest";
import { JsonLineCutter, encodeLine } from "../../src/agents/agent-process/json-lines.ts";
import {
  type FromAgentProcess,
  type ToAgentProcess,
  agentMessageLimitBytes,
  fromAgentProcessSchema,
  toAgentProcessSchema,
} from "../../src/agents/protocol/agent-process.ts";
import { completeDefinition } from "../../src/agents/protocol/agent-definition.ts";
import { type Draw, pick, seededDraw } from "../../src/agents/testing/seeded-draw.ts";

const message = {
  id: "m",
  from: "user",
  to: "hello",
  content: '你好 \u2028 "quoted" \n end',
  metadata: { deep: [{ a: null }, true, 1.5] },
  requestReply: true,
  silent: false,
};
const toolCall = { id: "c", name: "t", arguments: "{" };
const problem = { code: "agent.threw", message: "no", details: { name: "x" } };

const toAgent: readonly ToAgentProcess[] = [
  { type: "load", id: 1, path: "/a/hello.agent.mjs", name: "hello" },
  { type: "reply", id: 2, message, messages: [message], systemMessage: "Be." },
  { type: "run-tool", id: 3, tool: "t", input: { a: [1] }, agent: "x" },
  { type: "cancel", id: 2 },
  { type: "sent", id: 2, call: 1, reply: message },
  { type: "sent", id: 2, call: 1, reply: null },
  { type: "model-text", id: 2, call: 2, text: "a" },
  { type: "completed", id: 2, call: 2, text: "ab", toolCalls: [toolCall] },
  { type: "tool-done", id: 2, call: 3, text: "ok", failed: false },
  { type: "refused", id: 2, call: 4, problem },
  { type: "ping", id: 0 },
  { type: "stop" },
];

const fromAgent: readonly FromAgentProcess[] = [
  { type: "hello", version: 1, pid: 7, inspector: null },
  {
    type: "loaded",
    id: 1,
    definition: completeDefinition({ name: "hello" }),
    tools: [{ name: "t", description: "", parameters: { type: "object" }, effect: "acts" }],
    files: ["/a"],
  },
  { type: "failed", id: 1, problem, files: [] },
  { type: "replied", id: 2, reply: { kind: "answer", content: "x", metadata: {} } },
  { type: "replied", id: 2, reply: { kind: "pass" } },
  { type: "tool-ran", id: 3, text: "", failed: true },
  { type: "show", id: 2, text: "a" },
  { type: "send", id: 2, call: 1, to: "b", content: "c", metadata: {}, requestReply: true, silent: true },
  {
    type: "complete",
    id: 2,
    call: 2,
    messages: [
      { role: "system", content: "" },
      { role: "assistant", content: "", toolCalls: [toolCall] },
      { role: "tool", toolCallId: "c", content: "" },
    ],
    tools: [{ name: "t", description: "", parameters: {} }],
    streams: false,
  },
  { type: "call-tool", id: 2, call: 3, tool: "t", input: null },
  { type: "pong", id: 0 },
  { type: "log", text: "x" },
];

describe.each([
  ["host to process", toAgent, toAgentProcessSchema],
  ["process to host", fromAgent, fromAgentProcessSchema],
] as const)("%s", (_name, samples, schema) => {
  test("every kind of message arrives as it was sent, however the bytes are cut", () => {
    const kinds = schema.def.options.map((option) => [...option.def.shape.type.def.values][0]);
    expect(new Set(samples.map(({ type }) => type))).toEqual(new Set(kinds));
    const bytes = Buffer.concat(samples.map((sample) => encodeLine("x", sample)));
    for (const size of [1, 2, 3, 7, 64, bytes.length]) {
      const cutter = new JsonLineCutter();
      const heard: unknown[] = [];
      for (let from = 0; from < bytes.length; from += size) {
        heard.push(...cutter.push(bytes.subarray(from, from + size)));
      }
      expect(heard.map((value) => schema.parse(value))).toEqual(samples);
    }
  });

  test("a message that is damaged anywhere is refused or means something else, and never breaks the reader", () => {
    const draw = seededDraw(5);
    let refused = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const sample = pick<ToAgentProcess | FromAgentProcess>(draw, samples);
      const bytes = encodeLine("x", damaged(structuredClone(sample), draw));
      const flips = draw(2) === 0 ? 0 : 1 + draw(3);
      for (let flip = 0; flip < flips; flip += 1) {
        bytes[draw(bytes.length - 1)] = draw(256);
      }
      try {
        for (const value of new JsonLineCutter().push(bytes)) {
          const { success, data } = schema.safeParse(value);
          refused += success ? 0 : 1;
          // Whatever is let through is a whole message: the same again, sent on.
          expect(success ? schema.parse(JSON.parse(JSON.stringify(data))) : undefined).toEqual(data);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(2_000);
  });

  test.each([null, 1, "x", [], {}, { type: "nothing" }, { type: 1 }, { type: "__proto__" }])(
    "%j is no message",
    (value) => {
      expect(schema.safeParse(value).success).toBe(false);
    },
  );
});

test("a message beyond the limit is neither sent nor kept", () => {
  const text = "x".repeat(agentMessageLimitBytes);
  expect(() => encodeLine("bad", { text })).toThrow("bad wanted to send 16 MB");
  const cutter = new JsonLineCutter(1_000);
  const push = (part: string) => [...cutter.push(Buffer.from(part))];
  expect(push("1".repeat(999))).toEqual([]);
  expect(() => push("11")).toThrow(RangeError);
  expect(() => encodeLine("bad", { self: 1n })).toThrow("something that JSON cannot write");
});

/** Takes a field away, adds one, or puts something else into one, at any depth. */
function damaged(value: unknown, draw: Draw): unknown {
  if (typeof value !== "object" || value === null || draw(7) === 0) {
    const others = [false, -1, 1e308, "", "\ud800", [], {}, true, "answer"];
    return pick<unknown>(draw, others);
  }

  const keys = Object.keys(value);
  const key = keys[draw(Math.max(1, keys.length))];
  if (key === undefined || draw(10) === 0) {
    return Object.assign(value, { more: 1 });
  }

  if (draw(3) === 0) {
    Reflect.deleteProperty(value, key);
    return value;
  }

  return Object.assign(value, { [key]: damaged(Reflect.get(value, key), draw) });
}
