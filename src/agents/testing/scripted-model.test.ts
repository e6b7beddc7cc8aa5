import { expect, test } from "vitest";
import type { ModelEvent, ModelRequest } from "../ports/chat-model.ts";
import { createScriptedModel, type ScriptedModel } from "./scripted-model.ts";

const request: ModelRequest = { messages: [{ role: "user", content: "Hi" }] };

async function ask(model: ScriptedModel, signal = new AbortController().signal): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.complete(request, signal)) {
    events.push(event);
  }
  return events;
}

test("answers come in order, in pieces, and end once", async () => {
  const toolCalls = [{ name: "run", arguments: { a: 1 } }];
  const model = createScriptedModel({ text: "abc", pieceLength: 2 }, (asked) => asked.messages[0]?.content ?? "", {
    toolCalls,
  });
  expect((await ask(model)).map(({ type }) => type)).toEqual(["text", "text", "end"]);
  expect((await ask(model)).at(-1)).toMatchObject({ text: "Hi", finishReason: "stop" });
  expect((await ask(model)).at(-1)).toMatchObject({
    finishReason: "tool-calls",
    toolCalls: [{ arguments: '{"a":1}' }],
  });
  model.assertFinished();
});

test("a call that was not expected throws, and is not forgotten", async () => {
  const model = createScriptedModel();
  await expect(ask(model)).rejects.toThrow("not expected");
  expect(() => model.assertFinished()).toThrow("1 unexpected");
});

test("an answer left over is noticed", () => {
  expect(() => createScriptedModel("x").assertFinished()).toThrow("1 answers left over");
});

test("an error is thrown after what was said", async () => {
  const model = createScriptedModel({ text: "abc", error: new Error("broken") });
  await expect(ask(model)).rejects.toThrow("broken");
});

test("an abort ends a wait with its reason", async () => {
  const controller = new AbortController();
  const model = createScriptedModel({ text: "x", until: new Promise(() => undefined) });
  const asking = ask(model, controller.signal);
  controller.abort(new Error("stopped"));
  await expect(asking).rejects.toThrow("stopped");
});
