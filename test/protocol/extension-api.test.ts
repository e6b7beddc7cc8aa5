import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { runInThisContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { ExtensionAgents } from "../../src/agents/byzer-agent/extension-agents.ts";
import { ConversableAgent } from "../../src/agents/core/agent.ts";
import { PostOffice } from "../../src/agents/core/post-office.ts";
import { AgentDirectory, type DirectoryEntry } from "../../src/agents/directory/agent-directory.ts";
import { ToolRack } from "../../src/agents/directory/tool-rack.ts";
import type { Message } from "../../src/agents/protocol/message.ts";
import { sampleOf } from "../process/agent-samples.ts";
import type { ByzerAgentApi } from "../../src/extension/api/api-types.ts";
import { createApi } from "../../src/extension/api/create-api.ts";
import { ApiRegistrations } from "../../src/extension/api/registrations.ts";

const extension = { id: "someone.else" };
const samplePath = resolve("test", "fixtures", "hello-extension", "extension.cjs");
const message: Message = {
  id: "1",
  from: "a",
  to: "b",
  content: "Hi",
  metadata: {},
  requestReply: true,
  silent: false,
};

function apiOf() {
  const registrations = new ApiRegistrations();
  const listeners = new Set<(message: Message) => void>();
  const failures: unknown[] = [];
  const asked: unknown[] = [];
  const api = createApi({
    registrations,
    ask: async (to, content) => {
      asked.push([to, content]);
      return { ...message, from: to, to: "user", content: `${content} yourself` };
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    onFailure: (error) => failures.push(error),
  });
  return { api, registrations, listeners, failures, asked };
}

/** What a session makes of the registrations: nothing before it opens. */
function houseOf(registrations: ApiRegistrations) {
  const log: string[] = [];
  const agents = new ExtensionAgents(registrations, (id, text) => log.push(`${id}: ${text}`));
  const directory = new AgentDirectory();
  const shelf = new ToolRack();
  directory.add(agents);
  shelf.add(agents);
  return { agents, directory, shelf, log };
}

async function ask(entry: DirectoryEntry | undefined, content: string, shelf: ToolRack): Promise<string | undefined> {
  if (entry === undefined) {
    throw new Error("There is no such agent.");
  }
  const office = new PostOffice();
  const { name } = entry.definition;
  const signal = new AbortController().signal;
  const callTool = async (tool: string, input: unknown) => {
    const [found] = shelf.find([tool]).tools;
    return (await found?.run(input, { agent: name, signal })) ?? { text: "unknown", failed: true };
  };
  const help = { callTool, show: () => undefined, complete: () => Promise.reject(new Error("No model.")) };
  office.register(name, new ConversableAgent({ name, replies: entry.replies, help: () => help }));
  const run = office.open({ signal });
  return (await new ConversableAgent({ name: "user" }).send(run, name, content))?.content;
}

test("the sample extension's agent answers, calls the tool beside it, and goes with its extension", async () => {
  const { api, registrations, listeners } = apiOf();
  const sample = await runSample(api);
  const { directory, shelf } = houseOf(registrations);
  await vi.waitUntil(() => directory.find("greeter")?.state === "ready");
  const entry = directory.find("greeter");
  expect(entry).toMatchObject({
    origin: { kind: "extension", extensionId: "byzer-samples.hello-extension" },
    definition: { description: "Says hello.", tools: ["shout"] },
  });
  expect(await ask(entry, "World", shelf)).toBe("Hello, World!");
  expect(await ask(entry, "World!", shelf)).toBe("HELLO, WORLD!");
  expect(shelf.all).toMatchObject([{ name: "shout", origin: "byzer-samples.hello-extension", effect: "reads" }]);
  expect(await sample.commands.get("hello-extension.greet")?.("you")).toBe("you yourself");
  listeners.forEach((listener) => listener(message));
  expect(sample.lines).toEqual(["a (to b): Hi"]);
  sample.subscriptions.forEach((each) => each.dispose());
  expect([directory.entries, shelf.all, listeners.size]).toEqual([[], [], 0]);
});

test("the extension of the documentation does what it says", async () => {
  const { api, registrations } = apiOf();
  await runSample(api, sampleOf("extension.cjs"));
  const { directory, shelf } = houseOf(registrations);
  await vi.waitUntil(() => directory.find("greeter")?.state === "ready");
  expect(await ask(directory.find("greeter"), "World", shelf)).toBe("Hello, World!");
  const caller = { agent: "greeter", signal: new AbortController().signal };
  expect(await shelf.all[0]?.run({ text: "loud" }, caller)).toEqual({ text: "LOUD", failed: false });
});

test("what comes later is there later, and a change is told", async () => {
  const { api, registrations } = apiOf();
  const { directory } = houseOf(registrations);
  const told = vi.fn();
  directory.onChange(told);
  const registered = api.registerAgent(extension, { name: "late" });
  await vi.waitUntil(() => directory.find("late")?.state === "ready");
  expect(told).toHaveBeenCalled();
  registered.dispose();
  registered.dispose();
  expect(directory.find("late")).toBeUndefined();
});

test.each([
  ["throws", () => JSON.parse("{"), { code: "agent.threw" }],
  ["rejects", () => Promise.reject(new Error("no")), { code: "agent.threw", message: "bad failed: no" }],
  ["gives back nonsense", () => "text", { code: "agent.nonsense" }],
  ["hangs", () => new Promise(() => undefined), { code: "agent.timeout" }],
])("an agent that %s is told so and hurts nobody", async (_what, reply, problem) => {
  const { api, registrations } = apiOf();
  const { directory, shelf } = houseOf(registrations);
  loosely(api.registerAgent, extension, { name: "bad", limits: { seconds: 0.1 }, replies: [{ reply }] });
  api.registerAgent(extension, { name: "good", replies: [{ reply: () => [true, "well"] }] });
  await vi.waitUntil(() => directory.entries.every(({ state }) => state === "ready"));
  await expect(ask(directory.find("bad"), "Hi", shelf)).rejects.toMatchObject(problem);
  expect(await ask(directory.find("good"), "Hi", shelf)).toBe("well");
});

test("a declaration that is wrong is shown beside the agent and logged; a tool that is wrong is not offered", async () => {
  const { api, registrations } = apiOf();
  loosely(api.registerAgent, extension, { name: "wrong", sytemMessage: "" });
  loosely(api.registerTool, extension, { name: "odd tool", run: () => "" });
  const { directory, shelf, log } = houseOf(registrations);
  await vi.waitUntil(() => directory.find("wrong")?.state === "broken");
  expect(directory.find("wrong")?.problem).toMatchObject({
    code: "agent.declaration",
    message: "wrong: nothing is known of sytemMessage.",
  });
  expect(shelf.all).toEqual([]);
  expect(log).toEqual([expect.stringContaining("odd tool"), expect.stringContaining("sytemMessage")]);
  await expect(ask(directory.find("wrong"), "Hi", shelf)).rejects.toMatchObject({ code: "agent.declaration" });
});

test("calls that make no sense are refused at once", async () => {
  const { api } = apiOf();
  expect(() => loosely(api.registerAgent, { name: "x" }, {})).toThrow("registerAgent: a name is needed.");
  expect(() => loosely(api.registerAgent, undefined, { name: "x" })).toThrow(
    "registerAgent: the first argument is the extension",
  );
  expect(() => loosely(api.registerTool, extension, { name: "x" })).toThrow("registerTool: x has no function run.");
  await expect(loosely(api.send, extension, "x")).rejects.toThrow("a text");
});

test("a listener that throws is told of and disturbs nobody", () => {
  const { api, listeners, failures } = apiOf();
  const heard: string[] = [];
  api.onMessage(() => {
    throw new Error("mine");
  });
  api.onMessage((each) => {
    heard.push(each.content);
    // What others hear is their own.
    Object.assign(each, { content: "changed" });
  });
  api.onMessage(({ content }) => heard.push(content));
  listeners.forEach((listener) => listener(message));
  expect([heard, failures]).toEqual([["Hi", "Hi"], [new Error("mine")]]);
});

test("the types that are published are those of the source", async () => {
  const script: string = resolve("scripts", "api-declarations.mjs");
  const { apiDeclarations, renderApiDeclarations }: { apiDeclarations: string; renderApiDeclarations: () => string } =
    await import(script);
  const published = readFileSync(apiDeclarations, "utf8");
  expect(plain(published), 'run "node scripts/api-declarations.mjs"').toBe(plain(renderApiDeclarations()));
});

/** Without what a formatter changes. */
function plain(text: string): string {
  return text.replaceAll(/\s+/gu, " ").replaceAll(/ ?([|{}()<>;:,]) ?/gu, "$1");
}

/** Calls as somebody does who writes without types. */
function loosely(call: (...given: never[]) => unknown, ...given: readonly unknown[]): unknown {
  return Reflect.apply(call, undefined, given);
}

/** Runs the sample as the editor does, in an editor that keeps what it is told. */
async function runSample(api: ByzerAgentApi, text = readFileSync(samplePath, "utf8")) {
  const commands = new Map<string, (name: unknown) => Promise<unknown>>();
  const lines: string[] = [];
  const vscode = {
    extensions: {
      getExtension: (id: string) => (id === "byzer.byzer-agent" ? { activate: async () => api } : undefined),
    },
    window: {
      createOutputChannel: () => ({ appendLine: (line: string) => lines.push(line), dispose: () => undefined }),
    },
    commands: {
      registerCommand: (id: string, run: (name: unknown) => Promise<unknown>) => {
        commands.set(id, run);
        return { dispose: () => commands.delete(id) };
      },
    },
  };
  const load = createRequire(samplePath);
  const exported: { activate?: (context: object) => Promise<void> } = {};
  const run: unknown = runInThisContext(`(function (exports, require) {${text}\n})`, samplePath);
  if (typeof run !== "function") {
    throw new TypeError("The sample is no module.");
  }
  run(exported, (name: string): unknown => (name === "vscode" ? vscode : load(name)));
  const subscriptions: { dispose(): void }[] = [];
  const manifest = load("./package.json");
  await exported.activate?.({ subscriptions, extension: { id: `${manifest.publisher}.${manifest.name}` } });
  return { commands, lines, subscriptions };
}
