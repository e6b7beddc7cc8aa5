import { expect, test, vi } from "vitest";
import { answer } from "./bridge.ts";

const toProblem = (error: unknown): { code: string; message: string; details: Record<string, never> } => ({
  code: "test",
  message: String(error),
  details: {},
});

test("a request reaches its handler and is answered under its number", async () => {
  const send = vi.fn(async () => ({}));
  const frame = { id: 7, name: "chat-send", params: { text: "hello", agent: null } };
  expect(await answer(frame, { "chat-send": send }, toProblem)).toEqual({
    kind: "answer",
    id: 7,
    result: {},
  });
  expect(send).toHaveBeenCalledWith({ text: "hello", agent: null });
});

test.each([null, "text", {}, { id: "1", name: "chat-send", params: {} }, { id: 1, name: "toString", params: {} }])(
  "%j is no request",
  async (frame) => {
    expect(await answer(frame, {}, toProblem)).toBeUndefined();
  },
);

test("parameters that do not fit are refused before the handler", async () => {
  const send = vi.fn(async () => ({}));
  const frame = { id: 1, name: "chat-send", params: { text: 5 } };
  const refused = await answer(frame, { "chat-send": send }, toProblem);
  expect(refused?.problem?.code).toBe("page.params");
  expect(send).not.toHaveBeenCalled();
});

test("what a handler throws is answered as a problem", async () => {
  const stop = vi.fn(async () => Promise.reject(new Error("no turn runs")));
  const refused = await answer({ id: 2, name: "turn-stop", params: {} }, { "turn-stop": stop }, toProblem);
  expect(refused).toEqual({
    kind: "answer",
    id: 2,
    problem: { code: "test", message: "Error: no turn runs", details: {} },
  });
});
