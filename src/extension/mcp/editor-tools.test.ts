import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import { ToolRack } from "../../agents/directory/tool-rack.ts";
import type { ToolApprovalRequest } from "../../agents/ports/tool.ts";
import { answerOf } from "../../agents/sessions/analysis-session.ts";
import { type Analysis, createAnalysis } from "../../agents/testing/analysis-fixture.ts";
import { entryOf } from "../../agents/testing/conversing-fixture.ts";
import { editorTools } from "./editor-tools.ts";

interface FakeToken {
  isCancellationRequested: boolean;
}
type Invoke = (
  name: string,
  options: { readonly input: object },
  token: FakeToken,
) => Promise<{ readonly content: readonly unknown[] }>;

const editor = vi.hoisted(() => {
  class TextPart {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  }
  const lm: { tools: readonly object[]; invokeTool: Invoke } = {
    tools: [],
    invokeTool: () => Promise.reject(new Error("Nothing is invoked.")),
  };
  return { TextPart, lm };
});
vi.mock("vscode", () => ({
  lm: editor.lm,
  LanguageModelTextPart: editor.TextPart,
  CancellationTokenSource: class {
    readonly token: FakeToken = { isCancellationRequested: false };
    cancel(): void {
      this.token.isCancellationRequested = true;
    }
    dispose(): void {
      this.token.isCancellationRequested = false;
    }
  },
}));

const schema = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };
const caller = { agent: "ann", signal: new AbortController().signal };
let analysis: Analysis | undefined;

beforeEach(() => {
  editor.lm.tools = [
    { name: "look_up", description: "Looks a word up.", inputSchema: schema, tags: [] },
    { name: "ping", description: "Says pong.", inputSchema: undefined, tags: [] },
  ];
});
afterEach(async () => {
  await analysis?.dispose();
  analysis = undefined;
});

function tool(name: string) {
  const found = editorTools().find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`There is no ${name}.`);
  }
  return found;
}

test("what the editor knows now is there by its name, and each call asks", () => {
  expect(editorTools()).toMatchObject([
    { name: "editor:look_up", description: "Looks a word up.", parameters: schema, origin: "editor", effect: "acts" },
    { name: "editor:ping", parameters: { type: "object" }, effect: "acts" },
  ]);
  editor.lm.tools = [];
  expect(editorTools()).toEqual([]);
});

test("a call gives its input on, and its texts back; what is no text is said to be none", async () => {
  const calls: unknown[] = [];
  editor.lm.invokeTool = (name, options) => {
    calls.push([name, options]);
    return Promise.resolve({ content: [new editor.TextPart("A"), { tsx: {} }, new editor.TextPart("B")] });
  };
  expect(await tool("editor:look_up").run({ word: "owl" }, caller)).toEqual({
    text: "A\n\n[something that cannot be shown as text]\n\nB",
    failed: false,
  });
  await tool("editor:ping").run(undefined, caller);
  expect(calls).toEqual([
    ["look_up", { input: { word: "owl" }, toolInvocationToken: undefined }],
    ["ping", { input: {}, toolInvocationToken: undefined }],
  ]);
});

test("a tool that throws has failed, with its words", async () => {
  editor.lm.invokeTool = () => Promise.reject(new Error("No dictionary."));
  expect(await tool("editor:look_up").run({ word: "owl" }, caller)).toEqual({ text: "No dictionary.", failed: true });
});

test("a call that was given up is cancelled in the editor, and no result", async () => {
  const stop = new AbortController();
  const tokens: FakeToken[] = [];
  const cancelled: boolean[] = [];
  editor.lm.invokeTool = (_name, _options, token) => {
    tokens.push(token);
    return new Promise((_resolve, reject) => {
      stop.signal.addEventListener("abort", () => {
        cancelled.push(token.isCancellationRequested);
        reject(new Error("Cancelled"));
      });
    });
  };
  const running = tool("editor:look_up").run({ word: "owl" }, { agent: "ann", signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(running).rejects.toThrow("stopped");
  expect(tokens).toHaveLength(1);
  expect(cancelled).toEqual([true]);
});

test("an agent that names one is offered it, and uses it after the person's yes", async () => {
  editor.lm.invokeTool = (_name, { input }) =>
    Promise.resolve({ content: [new editor.TextPart(`Found ${JSON.stringify(input)}`)] });
  const asked: ToolApprovalRequest[] = [];
  const opened = await openWithAgent((request) => {
    asked.push(request);
    return "once";
  });
  const call = { toolCalls: [{ name: "editor_look_up", arguments: { word: "owl" } }] };
  opened.author.expect(call, "An owl.");
  expect(answerOf(await opened.session.ask("@ann What is an owl?"))).toBe("An owl.");
  expect(opened.author.requests[0]?.tools?.map(({ name }) => name)).toEqual(["editor_look_up"]);
  expect(opened.author.requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", content: 'Found {"word":"owl"}' });
  expect(asked).toMatchObject([{ agent: "ann", tool: "editor:look_up", origin: "editor", input: '{"word":"owl"}' }]);
});

test("without the yes nothing is invoked", async () => {
  const invoked: string[] = [];
  editor.lm.invokeTool = (name) => {
    invoked.push(name);
    return Promise.resolve({ content: [] });
  };
  const opened = await openWithAgent(() => "deny");
  opened.author.expect({ toolCalls: [{ name: "editor_look_up", arguments: { word: "owl" } }] }, "I may not.");
  await opened.session.ask("@ann What is an owl?");
  expect(invoked).toEqual([]);
});

async function openWithAgent(decide: (request: ToolApprovalRequest) => "once" | "deny"): Promise<Analysis> {
  const [directory, shelf] = [new AgentDirectory(), new ToolRack()];
  directory.add({ entries: [entryOf({ name: "ann", tools: ["editor:look_up"] })], onChange: () => () => undefined });
  shelf.add({
    get tools() {
      return editorTools();
    },
  });
  analysis = await createAnalysis({
    own: {
      directory,
      tools: () => shelf,
      approvals: { granted: () => false, ask: (request) => Promise.resolve(decide(request)) },
    },
  });
  return analysis;
}
