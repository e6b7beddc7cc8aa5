import { expect, test, vi } from "vitest";
import type { AgentDeclaration, AgentMessage } from "./agent-types.ts";
import { createOffice, defineAgent, defineTool } from "./index.ts";
import type { OfficeModel, OfficeOptions } from "./office-types.ts";

const hello = defineAgent({
  name: "hello",
  replies: [{ reply: ({ message }) => [true, `Hello, ${message.content}!`] }],
});

async function officeOf(agents: readonly AgentDeclaration[], options: OfficeOptions = {}) {
  const office = createOffice({ model: () => Promise.reject(new Error("No model was expected.")), ...options });
  for (const agent of agents) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await office.add(agent);
  }
  return office;
}

test("an agent answers, and both remember what was said", async () => {
  const office = await officeOf([hello]);
  const reply = await office.send("hello", "World");
  expect(reply).toMatchObject({ from: "hello", to: "user", content: "Hello, World!" });
  expect(office.messages("hello", "user").map(({ content }) => content)).toEqual(["World", "Hello, World!"]);
  expect(office.names).toEqual(["hello", "user"]);
});

test("triggers and order decide which function answers", async () => {
  const office = await officeOf([
    defineAgent({
      name: "ordered",
      replies: [
        said("for-boss", ["boss"]),
        said("for-plots", ({ content }) => content.startsWith("plot")),
        said("last"),
        { ...said("passes"), position: { before: "last" } },
      ],
      setup: (agent) => agent.registerReply({ ...said("first", ["stranger"]) }),
    }),
    { name: "boss" },
    { name: "stranger" },
  ]);
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const from = async (sender: string, content: string) =>
    (await office.send("ordered", content, { from: sender }))?.content;
  expect(await from("boss", "Hi")).toBe("for-boss");
  expect(await from("user", "plot it")).toBe("for-plots");
  expect(await from("user", "Hi")).toBe("last");
  expect(await from("stranger", "plot it")).toBe("first");
  expect(log.mock.calls.map(([text]) => text)).toEqual(["for-boss\n", "for-plots\n", "passes\n", "last\n", "first\n"]);
  log.mockRestore();
});

test("a function that is registered while the agent answers is tried first from then on, and replaces its namesake", async () => {
  const office = await officeOf([counting(1)]);
  expect((await office.send("counter", ""))?.content).toBe("once 1");
  expect((await office.send("counter", ""))?.content).toBe("again 1");
  expect((await office.send("counter", ""))?.content).toBe("again 1");
});

test("agents ask each other; silent messages are not shown", async () => {
  const seen: string[] = [];
  const office = await officeOf(
    [
      hello,
      defineAgent({
        name: "asker",
        replies: [
          {
            async reply({ agent, message }) {
              const answered = await agent.send("hello", message.content, { metadata: { from: "asker" } });
              const told = await agent.send("hello", "psst", { requestReply: false, silent: true });
              return [true, { content: `${answered?.content} ${told === null}`, metadata: { n: 1 } }];
            },
          },
        ],
      }),
    ],
    { onMessage: ({ from, to, content }) => seen.push(`${from} > ${to}: ${content}`) },
  );
  expect(await office.send("asker", "you")).toMatchObject({ content: "Hello, you! true", metadata: { n: 1 } });
  expect(seen).toEqual([
    "user > asker: you",
    "asker > hello: you",
    "hello > asker: Hello, you!",
    "asker > user: Hello, you! true",
  ]);
  expect(office.messages("hello", "asker").map(({ content, metadata }) => [content, metadata])).toContainEqual([
    "you",
    { from: "asker" },
  ]);
});

test("a message that no function answers goes to the model, with the system message, the history and the tools", async () => {
  const requests: Parameters<OfficeModel>[0][] = [];
  const add = defineTool({
    name: "add",
    description: "Adds.",
    parameters: { type: "object" },
    run: ({ a, b }: { a: number; b: number }) => a + b,
  });
  const shown: string[] = [];
  const office = await officeOf([defineAgent({ name: "sums", systemMessage: "Add.", model: "small", tools: [add] })], {
    onText: (agent, text) => shown.push(`${agent}: ${text}`),
    model: async (request) => {
      requests.push({ ...request, messages: [...request.messages] });
      if (request.messages.some(({ role }) => role === "tool")) {
        request.onText("3");
        return "3";
      }
      return {
        text: "",
        toolCalls: [
          { id: "c", name: "add", arguments: '{"a":1,"b":2}' },
          { id: "d", name: "ad", arguments: "{" },
        ],
      };
    },
  });
  expect((await office.send("sums", "1+2?"))?.content).toBe("3");
  expect(requests.map(({ model, tools }) => [model, tools.map(({ name }) => name)])).toEqual([
    ["small", ["add"]],
    ["small", ["add"]],
  ]);
  expect(requests[1]?.messages.slice(0, 2)).toEqual([
    { role: "system", content: "Add." },
    { role: "user", content: "1+2?" },
  ]);
  expect(requests[1]?.messages.slice(3)).toEqual([
    { role: "tool", toolCallId: "c", content: "3" },
    { role: "tool", toolCallId: "d", content: expect.stringContaining("no JSON") },
  ]);
  expect(shown).toEqual(["sums: 3"]);
});

test("a tool that acts waits for a yes, and one that the agent was not given fails", async () => {
  const run = vi.fn(() => "done");
  const office = await officeOf(
    [
      defineAgent({ name: "owner", tools: [defineTool({ name: "act", description: "", parameters: {}, run })] }),
      defineAgent({
        name: "caller",
        tools: ["act"],
        replies: [
          { reply: async ({ agent, message }) => [true, JSON.stringify(await agent.tool(message.content, { x: 1 }))] },
        ],
      }),
    ],
    { approve: ({ input }) => JSON.stringify(input) !== '{"x":1}' },
  );
  const call = async (tool: string) => JSON.parse((await office.send("caller", tool))?.content ?? "");
  expect(await call("act")).toEqual({ text: "act was not allowed.", failed: true });
  expect(await call("other")).toEqual({ text: "caller has no tool other. It has act.", failed: true });
  expect(run).not.toHaveBeenCalled();
});

test("two agents talk until the budget is spent, and say so", async () => {
  const office = await officeOf([parrot("one"), parrot("two")], { budget: { messages: 7 } });
  await expect(office.initiateChat("one", "two", "Hi")).rejects.toMatchObject({
    code: "run.budget",
    details: { what: "messages", limit: 7 },
  });
});

test("a chat ends where metadata says so", async () => {
  const office = await officeOf([
    { name: "asks", replies: [{ reply: ({ message }) => [true, `${message.content}!`] }] },
    {
      name: "ends",
      replies: [
        {
          reply: ({ messages }) => [
            true,
            { content: `${messages.length}`, metadata: { terminate: messages.length > 3 } },
          ],
        },
      ],
    },
  ]);
  expect((await office.initiateChat("asks", "ends", "Hi"))?.content).toBe("5");
});

test("a group lets its members speak in turn, or as it chooses", async () => {
  const office = await officeOf([member("a"), member("b")]);
  office.addGroup({ name: "turns", members: ["a", "b"], maxRounds: 3 });
  office.addGroup({ name: "chosen", members: ["a", "b"], chooseSpeaker: (said) => (said.length < 2 ? "b" : null) });
  expect((await office.send("turns", "Go"))?.content).toBe("a3");
  expect((await office.send("chosen", "Go"))?.content).toMatch(/^b/u);
});

test("a system message can be changed and a history forgotten", async () => {
  const office = await officeOf([
    {
      name: "told",
      systemMessage: "old",
      replies: [{ reply: ({ agent, messages }) => [true, `${agent.systemMessage} ${messages.length}`] }],
    },
  ]);
  await office.send("told", "Hi");
  office.instruct("told", "new");
  office.reset("told", "user");
  expect((await office.send("told", "Hi"))?.content).toBe("new 1");
  expect(() => office.instruct("nobody", "")).toThrow("Nobody called nobody lives here. There are: told, user.");
});

const runs = (): string => "";

test.each([
  [{ name: "1st" }, /^1st: name: /u],
  [{ name: "x", replies: [{}] }, /^x: replies\.0\.reply: Expected a function/u],
  [{ name: "x", tools: [{ name: "t t", description: "", parameters: {}, run: runs }] }, /^x: tools\.0/u],
  [{ name: "x", sytem: "" }, /nothing is known of sytem/u],
  [{ name: "x", replies: [{ reply: () => [false], triger: "anyone" }] }, /^x: replies\.0: nothing is known of triger/u],
  [
    { name: "x", tools: [{ name: "t", description: "", parameters: {}, run: runs, efect: "reads" }] },
    /^x: tools\.0: nothing is known of efect/u,
  ],
  [{ name: "x", limits: { second: 1 } }, /^x: limits: nothing is known of second/u],
  [{ name: "x", handOffs: [{ agent: "y", promt: "" }] }, /^x: handOffs\.0: nothing is known of promt/u],
  [{ name: "x", replies: [{ reply: () => [false], position: { befor: "y" } }] }, /position/u],
  ["x", /an object is needed, and this is a string/u],
])("%j is no agent", (declaration, sentence) => {
  // @ts-expect-error -- it is none
  expect(() => defineAgent(declaration)).toThrow(sentence);
});

test("what a person's code throws is told with the agent's name", async () => {
  const office = await officeOf([{ name: "bad", replies: [{ reply: () => JSON.parse("{") }] }]);
  await expect(office.send("bad", "Hi")).rejects.toMatchObject({
    code: "agent.threw",
    message: expect.stringMatching(/^bad failed: SyntaxError: /u),
  });
  await expect(office.send("nobody", "Hi")).rejects.toMatchObject({ code: "agent.unknown" });
});

const said = (name: string, trigger?: "anyone" | readonly string[] | ((message: AgentMessage) => boolean)) => ({
  name,
  ...(trigger === undefined ? {} : { trigger }),
  reply: ({ agent }: Parameters<NonNullable<AgentDeclaration["replies"]>[number]["reply"]>[0]) => {
    agent.log(name);
    return [name !== "passes", name] as const;
  },
});

const counting = (n: number): AgentDeclaration =>
  defineAgent({
    name: "counter",
    replies: [
      {
        name: "count",
        reply: ({ agent }) => {
          agent.registerReply({ name: "count", reply: () => [true, `again ${n}`] });
          return [true, `once ${n}`];
        },
      },
    ],
  });

const parrot = (name: string): AgentDeclaration => ({
  name,
  replies: [{ reply: ({ message }) => [true, message.content] }],
});

const member = (name: string): AgentDeclaration => ({
  name,
  replies: [{ reply: ({ messages }) => [true, `${name}${messages.length}`] }],
});

test("the types know a misspelt key, wherever it stands", () => {
  const wrong = [
    // @ts-expect-error -- systemMessage
    () => defineAgent({ sytemMessage: "" }),
    // @ts-expect-error -- trigger
    () => defineAgent({ replies: [{ triger: "anyone", reply: () => [false] }] }),
    // @ts-expect-error -- seconds
    () => defineAgent({ limits: { second: 1 } }),
    // @ts-expect-error -- effect
    () => defineTool({ name: "t", description: "", parameters: {}, efect: "reads", run: () => "" }),
  ];
  wrong.forEach((declare) => expect(declare).toThrow(/nothing is known of/u));
});
