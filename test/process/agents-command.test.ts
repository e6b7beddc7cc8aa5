import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { type ModelServer, type ServerAnswer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { analyzeArguments, runCommandLine } from "./command-line.ts";

const listSchema = z.object({
  agents: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      origin: z.object({ kind: z.string() }),
      problem: z.nullable(z.object({ message: z.string() })),
    }),
  ),
});
const documentSchema = z.object({
  answer: z.string(),
  agents: z.array(z.string()),
  messages: z.array(z.object({ from: z.string(), to: z.string(), content: z.string() })),
  tools: z.array(z.object({ agent: z.string(), tool: z.string(), input: z.string(), status: z.string() })),
});
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const echo = `import { defineAgent, defineTool } from "byzer-agent";
const stamp = defineTool({ name: "stamp", description: "Stamps.", parameters: { type: "object" }, run: () => "stamped" });
export default defineAgent({
  description: "says it again",
  tools: [stamp],
  replies: [
    {
      reply: async ({ message, agent }) => {
        const words = message.content === "stamp" ? (await agent.tool("stamp", {})).text : message.content;
        return [true, "again: " + words];
      },
    },
  ],
});
`;

let folder = "";
let server: ModelServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-agents-"));
  const agents = join(folder, ".byzer", "agents");
  mkdirSync(agents, { recursive: true });
  writeFileSync(join(folder, "notes.md"), "The move is on Friday.\n");
  writeFileSync(
    join(agents, "ann.agent.md"),
    "---\ndescription: reads\ntools: [read_file, stamp]\n---\nYou are ann.\n",
  );
  writeFileSync(join(agents, "小助手.agent.md"), "---\ndescription: 帮忙\n---\n你是小助手。\n");
  writeFileSync(join(agents, "broken.agent.md"), "---\ndescription: [\n---\n");
  writeFileSync(join(agents, "echo.agent.mjs"), echo);
  writeFileSync(join(agents, "pair.group.md"), "---\ndescription: two\nmembers: [echo, ann]\nmaxRounds: 2\n---\n");
  server = await startModelServer();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const common = () => analyzeArguments(server.baseUrl, join(folder, "sessions"));
const run = (agent: string, ...more: readonly string[]) =>
  runCommandLine(["agent", "run", agent, "--folder", folder, ...common(), ...more]);

function calls(name: string, input: object): ServerAnswer {
  const call = { index: 0, id: "c1", type: "function", function: { name, arguments: JSON.stringify(input) } };
  const delta = { role: "assistant", tool_calls: [call] };
  return { type: "stream", chunks: [{ choices: [{ index: 0, delta, finish_reason: "tool_calls" }] }] };
}

test("agents lists who exists, runs no code, and says what is broken where", async () => {
  const { code, out } = await runCommandLine(["agents", "--folder", folder, "--json"]);
  const { agents } = listSchema.parse(JSON.parse(out));
  expect(code).toBe(0);
  const own = agents.filter(({ origin }) => origin.kind !== "catalog").map(({ name, state }) => [name, state]);
  expect(own.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1))).toEqual([
    ["ann", "ready"],
    ["broken", "broken"],
    ["echo", "untrusted"],
    ["pair", "ready"],
    ["小助手", "ready"],
  ]);
  expect(agents.find(({ name }) => name === "broken")?.problem?.message).toContain("broken.agent.md");
  expect(agents.map(({ name }) => name)).toEqual(expect.arrayContaining(["assistant_agent", "planner"]));
});

test("an agent of one's own goes before one of the catalog, but not before those that work together", async () => {
  const agents = join(folder, ".byzer", "agents");
  writeFileSync(join(agents, "planner.agent.md"), "---\ndescription: plans\n---\nYou are our planner.\n");
  writeFileSync(join(agents, "assistant_agent.agent.md"), "---\ndescription: helps\n---\nYou are another.\n");
  server.expectChat(said("On Monday, then."));
  const { out } = await run("planner", "--message", "When?", "--json");
  expect(documentSchema.parse(JSON.parse(out)).answer).toBe("On Monday, then.");
  expect(JSON.stringify(server.chats.at(-1))).toContain("You are our planner.");
  const { agents: all } = listSchema.parse(
    JSON.parse((await runCommandLine(["agents", "--folder", folder, "--json"])).out),
  );
  const taken = all.find(({ name, origin }) => name === "assistant_agent" && origin.kind === "file");
  expect(taken?.problem?.message).toContain("taken by Byzer Agent");
});

test("agents says what is named and not there, and what key is unknown, at its line", async () => {
  const agents = join(folder, ".byzer", "agents");
  const lost = [
    "---",
    "description: x",
    "tools: [stamp, strmp]",
    "agents: [an]",
    "handoffs: [nobody]",
    "modle: chat",
    "---",
    "x",
  ];
  writeFileSync(join(agents, "lost.agent.md"), lost.join("\n"));
  writeFileSync(join(agents, "few.group.md"), "---\ndescription: x\nmembers: [ann, ghost]\n---\n");
  const { out } = await runCommandLine(["agents", "--folder", folder]);
  const lines = out.split("\n");
  const of = (name: string) => {
    const from = lines.findIndex((line) => line.startsWith(`${name} (`));
    return lines.slice(from + 1, from + 1 + lines.slice(from + 1).findIndex((line) => !line.startsWith("  ")));
  };
  expect(of("lost")).toEqual([
    expect.stringMatching(/^ {2}warning, line 3: .*strmp.*stamp/u),
    expect.stringMatching(/^ {2}warning, line 4: .*“an”/u),
    expect.stringMatching(/^ {2}warning, line 5: .*nobody/u),
    expect.stringMatching(/^ {2}warning, line 6: .*modle.*model/u),
  ]);
  expect(of("few")).toEqual([expect.stringMatching(/^ {2}warning, line 3: .*ghost/u)]);
  expect(of("ann")).toEqual([]);
  const { agents: all } = z
    .object({ agents: z.array(z.object({ name: z.string(), problems: z.array(z.object({ line: z.number() })) })) })
    .parse(JSON.parse((await runCommandLine(["agents", "--folder", folder, "--json"])).out));
  expect(all.find(({ name }) => name === "lost")?.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
});

test("an agent in code has one name, that which its file says, before its code has run and after", async () => {
  const named = echo.replace('description: "says', 'name: "parrot_agent", description: "says');
  writeFileSync(join(folder, ".byzer", "agents", "bird.agent.mjs"), named.replaceAll("stamp", "seal"));
  const { out } = await runCommandLine(["agents", "--folder", folder]);
  expect(out).toContain("parrot_agent (untrusted; ");
  expect(out).not.toMatch(/^bird \(/mu);
  for (const name of ["parrot_agent", "bird"]) {
    // oxlint-disable-next-line no-await-in-loop
    const { out: answered } = await run(name, "--message", "hi", "--json", "--yes");
    expect(documentSchema.parse(JSON.parse(answered))).toMatchObject({ answer: "again: hi", agents: ["parrot_agent"] });
  }
});

test("a yes for all runs only the code that is needed", async () => {
  const agents = join(folder, ".byzer", "agents");
  writeFileSync(join(agents, "other.agent.mjs"), `console.log("other runs");\n${echo.replaceAll("stamp", "other")}`);
  writeFileSync(join(agents, "echo.agent.mjs"), `console.log("echo runs");\n${echo}`);
  server.expectChat(calls("stamp", {}), said("Stamped."));
  const { out, err } = await run("ann", "--message", "Stamp it", "--yes");
  expect(out).toContain("Stamped.");
  expect(err).toContain("echo runs");
  expect(err).not.toContain("other runs");
});

test.each([
  ["missing.agent.md", "There is no file "],
  [join("..", "nowhere", "x.agent.mjs"), "There is no file "],
  ["notes.md", "notes.md is no agent's file"],
  ["anm", "Did you mean ann?"],
])("%s is nobody, which is said", async (word, message) => {
  const path = word === "notes.md" ? join(folder, word) : word;
  const { code, out } = await run(path, "--message", "hi", "--json");
  expect(code).not.toBe(0);
  expect(errorSchema.parse(JSON.parse(out)).error.message).toContain(message);
});

test("an agent in a file answers, and reads what it may", async () => {
  server.expectChat(calls("read_file", { path: "notes.md" }), said("On Friday."));
  const { code, out } = await run("ann", "--message", "When is the move?", "--json");
  const document = documentSchema.parse(JSON.parse(out));
  expect(code).toBe(0);
  expect(document).toMatchObject({
    answer: "On Friday.",
    agents: ["ann"],
    tools: [{ agent: "ann", tool: "read_file", input: '{"path":"notes.md"}', status: "ok" }],
  });
});

test("the transcript says who said what, in any script", async () => {
  server.expectChat(said("你好。"));
  const { out } = await run("小助手", "--message", "在吗？");
  expect(out).toContain("user (to 小助手):\n\n在吗？");
  expect(out).toContain("小助手 (to user):\n\n你好。");
});

test("the code of a file that is named runs; that of others needs a yes", async () => {
  const file = join(folder, ".byzer", "agents", "echo.agent.mjs");
  expect((await run(file, "--message", "hi", "--json")).out).toContain('"answer":"again: hi"');
  const { code, out } = await run("echo", "--message", "hi", "--json");
  expect([code, errorSchema.parse(JSON.parse(out)).error.code]).toEqual([1, "agent.untrusted"]);
  expect((await run("echo", "--message", "hi", "--json", "--yes")).out).toContain('"answer":"again: hi"');
});

test("a tool that acts needs somebody who allows it", async () => {
  const file = join(folder, ".byzer", "agents", "echo.agent.mjs");
  const refused = await run(file, "--message", "stamp", "--json");
  const { error } = errorSchema.parse(JSON.parse(refused.out));
  expect([refused.code, error.code]).toEqual([1, "approval.needed"]);
  expect(error.message).toContain("echo wants to use stamp");
  const { out } = await run(file, "--message", "stamp", "--json", "--yes");
  const document = documentSchema.parse(JSON.parse(out));
  expect(document).toMatchObject({ answer: "again: stamped", tools: [{ tool: "stamp", status: "ok" }] });
});

test("a tool of code that does not run is not there, and the agent is told", async () => {
  server.expectChat(calls("stamp", {}), said("I cannot stamp."));
  const { out } = await run("ann", "--message", "Stamp it", "--json");
  expect(documentSchema.parse(JSON.parse(out))).toMatchObject({ answer: "I cannot stamp.", tools: [] });
});

test("a group of an agent in code and one in a file", async () => {
  server.expectChat(said("Ann's word."));
  const { out } = await run("pair", "--message", "hi", "--json", "--yes");
  const { answer, messages } = documentSchema.parse(JSON.parse(out));
  expect(answer).toBe("Ann's word.");
  expect(messages.map(({ from, to }) => `${from}>${to}`)).toEqual([
    "user>pair",
    "pair>echo",
    "echo>pair",
    "pair>ann",
    "ann>pair",
    "pair>user",
  ]);
});

test("analyze asks an agent that the folder declares", async () => {
  const table = join(folder, "a.csv");
  writeFileSync(table, "city,sales\nA,1\nB,2\n");
  server.expectChat(said("It is a table."));
  const args = ["analyze", table, "--question", "What is it?", "--agent", "ann", "--json", ...common()];
  const { out } = await runCommandLine(args, { cwd: folder });
  expect(JSON.parse(out)).toMatchObject({ answer: "It is a table.", agents: ["ann"] });
});

test.each([
  [["nobody", "--message", "hi"], "No agent is called nobody."],
  [["ann"], "Say what to tell it"],
  [["broken", "--message", "hi"], "broken cannot answer"],
])("agent run %j says what is wrong", async (args, told) => {
  const [agent = "", ...more] = args;
  const { code, err } = await run(agent, ...more);
  expect(code).toBe(1);
  expect(err).toContain(told);
});
