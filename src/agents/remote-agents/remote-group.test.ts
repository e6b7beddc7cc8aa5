import { expect, test } from "vitest";
import { settled } from "../testing/core-fixture.ts";
import { toolOf } from "../testing/conversing-fixture.ts";
import { createScriptedModel, provideModel } from "../testing/scripted-model.ts";
import { RemoteGroup } from "./remote-group.ts";
import { createRemoteTown } from "../testing/remote-town.ts";

const call = (name: string, input: object) => ({ toolCalls: [{ name, arguments: input }] });
const asking = (agent: string, message: string) => call("ask_agent", { agent, message });

test("an agent elsewhere answers with the window's model, and what it says is shown here", async () => {
  const town = await createRemoteTown({ remote: [{ name: "analyst", systemMessage: "You analyse." }] });
  town.model.expect("Forty-two.");
  expect((await town.ask("analyst", "How many?"))?.content).toBe("Forty-two.");
  expect(town.model.requests[0]?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(town.messages).toEqual(["user > analyst: How many?", "analyst > user: Forty-two."]);
  expect(town.events.filter(({ type }) => type === "text-end")).toHaveLength(1);
  expect(await town.settled).toEqual([{ name: "analyst", problem: null }]);
});

test("agents here and there talk in one conversation, each word shown once and nobody waiting for another in vain", async () => {
  const town = await createRemoteTown({
    remote: [
      { name: "analyst", asks: ["checker", "reader"] },
      { name: "reader", asks: ["checker"] },
    ],
    local: { checker: ({ content }) => `checked: ${content}` },
  });
  town.model.expect(
    asking("checker", "Is it 7?"),
    asking("reader", "What does it say?"),
    asking("checker", "Is it 8?"),
    "It says eight.",
    "Eight.",
  );
  expect((await town.ask("analyst"))?.content).toBe("Eight.");
  expect(town.messages).toEqual([
    "user > analyst: What now?",
    "analyst > checker: Is it 7?",
    "checker > analyst: checked: Is it 7?",
    "analyst > reader: What does it say?",
    "reader > checker: Is it 8?",
    "checker > reader: checked: Is it 8?",
    "reader > analyst: It says eight.",
    "analyst > user: Eight.",
  ]);
  town.model.assertFinished();
});

test("tools run here, after the yes that they need here", async () => {
  const look = toolOf("look", () => "a lake", { effect: "acts" });
  const given = { remote: [{ name: "analyst", tools: ["look"] }], tools: [look] };
  const town = await createRemoteTown(given);
  town.model.expect(call("look", { text: "out" }), "A lake.");
  expect((await town.ask("analyst"))?.content).toBe("A lake.");
  expect(town.asked.map(({ tool, agent }) => [tool, agent])).toEqual([["look", "analyst"]]);
  expect(town.model.requests[1]?.messages.at(-1)?.content).toBe("a lake");
  const trusting = await createRemoteTown({ ...given, granted: true });
  trusting.model.expect(call("look", { text: "out" }), "A lake.");
  await trusting.ask("analyst");
  expect(trusting.asked).toEqual([]);
});

test("what is spent there is spent here, and a stop reaches there", async () => {
  const poor = await createRemoteTown({
    remote: [{ name: "analyst", asks: ["checker"] }],
    local: { checker: () => "no" },
    limits: { messages: 3 },
  });
  poor.model.expect(...Array.from({ length: 5 }, () => asking("checker", "again")));
  await expect(poor.ask("analyst")).rejects.toMatchObject({ code: "run.budget" });
  const slow = await createRemoteTown({ remote: [{ name: "analyst" }] });
  const stopped = Promise.withResolvers<string>();
  slow.model.expect((_request, signal) => {
    signal.addEventListener("abort", () => stopped.resolve("stopped"), { once: true });
    return new Promise<string>(() => undefined);
  });
  const answer = slow.ask("analyst");
  await settled();
  slow.controller.abort(new Error("The person stopped."));
  await expect(answer).rejects.toThrow("The person stopped.");
  expect(await stopped.promise).toBe("stopped");
});

test("a host that is lost while it works is followed by one that goes on with what it was given", async () => {
  const town = await createRemoteTown({ remote: [{ name: "analyst", systemMessage: "You analyse." }] });
  const reached = Promise.withResolvers<void>();
  const dropped = Promise.withResolvers<string>();
  town.model.expect((_request, signal) => {
    signal.addEventListener("abort", () => dropped.resolve("dropped"), { once: true });
    reached.resolve();
    return new Promise<string>(() => undefined);
  }, "At last.");
  const answer = town.ask("analyst", "How many?");
  await reached.promise;
  town.actor.crash();
  expect((await answer)?.content).toBe("At last.");
  expect(town.model.requests[1]?.messages).toEqual(town.model.requests[0]?.messages);
  expect(await dropped.promise).toBe("dropped");
});

test("an answer that comes after the window was closed is told to the next one", async () => {
  const town = await createRemoteTown({ remote: [{ name: "analyst" }] });
  const slow = Promise.withResolvers<string>();
  town.model.expect(() => slow.promise, "Seven.");
  void town.ask("analyst", "How many?").catch(() => undefined);
  await settled();
  await town.reopen();
  await expect.poll(() => town.late.map(({ reply }) => reply?.content)).toEqual(["Seven."]);
  town.model.assertFinished();
  slow.resolve("too late");
});

test("a host of another version is ended and said; a word that is not known is passed over", async () => {
  const listeners = new Set<(body: unknown) => void>();
  const tell = (body: unknown): void => listeners.forEach((listener) => listener(body));
  const left: boolean[] = [];
  const log: string[] = [];
  const group = new RemoteGroup({
    name: "team",
    channel: {
      send: () => undefined,
      onBody: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      leave: (end) => left.push(end),
      closed: new Promise(() => undefined),
    },
    models: provideModel(createScriptedModel()),
    onLate: () => undefined,
    onLog: (_agent, text) => log.push(text),
  });
  tell({ type: "sing", words: "la" });
  expect(log).toEqual([expect.stringContaining("team said something that is not understood")]);
  const settlement = { agents: [], files: [], model: { kind: "window" as const }, tools: [], purposes: {} };
  const settling = group.settle(settlement);
  tell({ type: "hello", version: 99, node: "v24", pid: 1 });
  await expect(settling).rejects.toMatchObject({
    code: "agent.protocol",
    message: expect.stringContaining("version 99"),
  });
  await expect(group.settle(settlement)).rejects.toMatchObject({ code: "agent.protocol" });
  expect(left).toEqual([true]);
});

test("keys of models are told and never kept", async () => {
  const way = {
    kind: "endpoint",
    baseUrl: "http://127.0.0.1:9/v1",
    key: "sk-canary",
    models: { chat: "m", router: "m", reviewer: "m" },
  } as const;
  const town = await createRemoteTown({ remote: [{ name: "analyst" }], way });
  expect(JSON.stringify([...town.actor.kept])).not.toContain("canary");
  expect(JSON.stringify([...town.actor.kept])).toContain("analyst");
});
