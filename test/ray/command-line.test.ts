import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { type ServerAnswer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { runCommandLine } from "../process/command-line.ts";
import { sharedCluster } from "./shared-cluster.ts";

const statusSchema = z.object({
  server: z.object({ ray: z.string() }),
  nodes: z.array(z.object({ address: z.string(), isHead: z.boolean() })),
  children: z.array(z.object({ kind: z.string() })),
});
const answerSchema = z.object({
  answer: z.string(),
  messages: z.array(z.object({ from: z.string(), to: z.string(), content: z.string() })),
});
const errorSchema = z.object({ error: z.object({ code: z.string() }) });

const counter = `import { defineAgent } from "byzer-agent";
export default defineAgent({
  description: "Counts.",
  location: "ray",
  replies: [{ reply: async ({ message, agent }) => {
    const checked = await agent.send("checker", "Is it 7?");
    return [true, "7, " + checked.content + ", " + process.env.BYZER_HOME_CANARY];
  } }],
});
`;

const cluster = sharedCluster();
let folder = "";
let env: { readonly [name: string]: string };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-ray-test-"));
  const agents = join(folder, "work", ".byzer", "agents");
  mkdirSync(agents, { recursive: true });
  writeFileSync(join(agents, "counter.agent.mjs"), counter);
  writeFileSync(join(agents, "tally.agent.mjs"), tally);
  writeFileSync(join(agents, "checker.agent.md"), "---\ndescription: checks\n---\nYou check.\n");
  writeFileSync(
    join(agents, "analyst.agent.md"),
    "---\ndescription: analyses\nlocation: ray\nagents: [checker]\ntools: [run_python]\n---\nYou analyse.\n",
  );
  env = { HOME: folder, RAY_AUTH_TOKEN: cluster.token };
});

const tally = `import { defineAgent } from "byzer-agent";
let count = 0;
export default defineAgent({
  description: "Counts.",
  location: "ray",
  replies: [{ reply: async () => [true, "count " + (count += 1)] }],
});
`;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a missing or wrong token is told apart, and nothing is put there", async () => {
  const codes = await Promise.all(
    ["", "wrong-token"].map(async (token) => {
      const given = { env: { ...env, RAY_AUTH_TOKEN: token } };
      return codeOf((await runCommandLine(["ray", "up", cluster.dashboard, "--json"], given)).out);
    }),
  );
  expect(codes).toEqual(["remote.token-missing", "remote.token-wrong"]);
});

test("ours is put on the cluster, and says what there is", async () => {
  // Other files share the cluster, and leave children that end by themselves later.
  await runCommandLine(["ray", "down", cluster.dashboard, "--remove", "--json"], { env });
  const { code, out, err } = await runCommandLine(["ray", "up", cluster.dashboard, "--json"], { env });
  expect(err).not.toContain(cluster.token);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const status = statusSchema.parse(JSON.parse(out));
  expect(status.nodes.map(({ address }) => address).toSorted()).toEqual(
    ["head", "n1", "n2"].map((name) => cluster.addressOf(name)),
  );
  expect(status.children).toEqual([]);
});

test("agents here and on the cluster talk in one conversation, and code runs there", async () => {
  const server = await startModelServer();
  server.expectChat(
    calling("ask_agent", { agent: "checker", message: "Is it 7?" }),
    said("It is."),
    calling("run_python", { code: "import ray; print(6 * 7, ray.__version__)" }),
    said("Seven, and 42."),
  );
  const { code, out, err } = await run(["analyst"], server.baseUrl);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const { answer, messages } = answerSchema.parse(JSON.parse(out));
  expect(answer).toBe("Seven, and 42.");
  expect(messages.map(({ from, to }) => `${from} > ${to}`)).toEqual([
    "user > analyst",
    "analyst > checker",
    "checker > analyst",
    "analyst > python_interpreter",
    "python_interpreter > analyst",
    "analyst > user",
  ]);
  expect(messages[4]?.content).toContain("42 2.58.0");
  await server.close();
});

test("an agent in code moves to the cluster, and asks one that stayed", async () => {
  const server = await startModelServer();
  server.expectChat(said("yes"));
  const { code, out, err } = await run(["counter"], server.baseUrl);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(answerSchema.parse(JSON.parse(out)).answer).toBe("7, yes, undefined");
  await server.close();
});

test("agents of a space go on after their command, are found again, and are ended alone", async () => {
  const space = ["--ray-space", `try-${process.pid}`];
  expect([await count(space), await count(space), await count([])]).toEqual(["count 1", "count 2", "count 1"]);
  const title = `tally · try-${process.pid}`;
  const { out: before } = await runCommandLine(["ray", "status", cluster.dashboard], { env });
  expect(before).toContain(title);
  expect((await runCommandLine(["ray", "end", title, cluster.dashboard], { env })).out).toBe(`${title} has ended.\n`);
  const { out: after } = await runCommandLine(["ray", "status", cluster.dashboard], { env });
  expect(after).not.toContain(title);
});

test("everything of ours is removed, and nothing is left", async () => {
  const { code, err } = await runCommandLine(["ray", "down", cluster.dashboard, "--remove", "--json"], { env });
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const status = await runCommandLine(["ray", "status", cluster.dashboard, "--json"], { env });
  expect(status.code).toBe(1);
});

function run(
  agent: readonly string[],
  baseUrl: string,
  more: readonly string[] = [],
): ReturnType<typeof runCommandLine> {
  const args = [
    "agent",
    "run",
    ...agent,
    "--message",
    "How many?",
    "--folder",
    join(folder, "work"),
    "--yes",
    "--json",
  ];
  const model = ["--base-url", baseUrl, "--model", "scripted", "--sessions", join(folder, "sessions")];
  return runCommandLine([...args, ...model, ...more, "--ray", cluster.dashboard], {
    env: { ...env, OPENAI_API_KEY: "sk-canary", BYZER_HOME_CANARY: "canary" },
  });
}

async function count(more: readonly string[]): Promise<string> {
  const { out } = await run(["tally"], "http://127.0.0.1:9/v1", more);
  return answerSchema.parse(JSON.parse(out)).answer;
}

function calling(name: string, input: object): ServerAnswer {
  const call = { index: 0, id: "call_1", type: "function", function: { name, arguments: JSON.stringify(input) } };
  const delta = { role: "assistant", tool_calls: [call] };
  return { type: "stream", chunks: [{ choices: [{ index: 0, delta, finish_reason: "tool_calls" }] }] };
}

function codeOf(out: string): string {
  return errorSchema.parse(JSON.parse(out)).error.code;
}
