import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { type ModelServer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { type CommandCluster, startCommandCluster } from "./command-cluster.ts";
import { type CommandOptions, runCommandLine } from "./command-line.ts";

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const answerSchema = z.object({ answer: z.string() });
const model = {
  name: "qwen",
  servedName: "qwen",
  model: "Qwen/Qwen2.5-7B-Instruct",
  path: "/byzer-models/qwen",
  state: "RUNNING",
  message: "",
  replicas: {},
};

let cluster: CommandCluster;
let server: ModelServer;
let folder = "";

beforeEach(async () => {
  cluster = await startCommandCluster([model]);
  server = await startModelServer();
  folder = join(cluster.home, "work");
  const agents = join(folder, ".byzer", "agents");
  mkdirSync(agents, { recursive: true });
  writeFileSync(join(agents, "far.agent.md"), "---\ndescription: far\nlocation: ray\n---\nYou are far away.\n");
  writeFileSync(join(agents, "near.agent.md"), "---\ndescription: near\n---\nYou are near.\n");
});

afterEach(async () => {
  await cluster.close();
  await server.close();
});

function run(args: readonly string[], options: CommandOptions = {}): ReturnType<typeof runCommandLine> {
  const env = { HOME: cluster.home, USERPROFILE: cluster.home, OPENAI_API_KEY: "sk-canary", ...options.env };
  return runCommandLine(args, { cwd: folder, ...options, env });
}

const tell = (message: string, more: readonly string[] = [], options: CommandOptions = {}) =>
  run(
    [
      "agent",
      "run",
      "far",
      "-m",
      message,
      "--ray",
      cluster.dashboard,
      "--base-url",
      server.baseUrl,
      "--model",
      "m",
    ].concat("--json", more),
    options,
  );

async function refusal(...args: readonly string[]): Promise<string> {
  const { code, out } = await run([...args, "--json"]);
  expect(code).toBe(1);
  return errorSchema.parse(JSON.parse(out)).error.message;
}

test("agents end with their command, unless a space is named", async () => {
  server.expectChat(said("One."), said("Two."));
  expect((await tell("first")).code).toBe(0);
  expect(cluster.titles()).toEqual([]);
  expect((await tell("second", [], { env: { BYZER_RAY_SPACE: "team" } })).code).toBe(0);
  expect(cluster.titles()).toEqual(["far · team"]);
});

test("the next command with the same space finds the same agents, with what was said before", async () => {
  server.expectChat(said("One."), said("Two."), said("Three."));
  const first = await tell("My name is Ann.", ["--ray-space", "team"]);
  expect({ code: first.code, err: first.code === 0 ? "" : first.err }).toEqual({ code: 0, err: "" });
  const [before] = cluster.gateway.children.values();
  const second = await tell("What is my name?", ["--ray-space", "team"]);
  expect(answerSchema.parse(JSON.parse(second.out)).answer).toBe("Two.");
  expect([...cluster.gateway.children.values()]).toEqual([before]);
  expect(JSON.stringify(server.chats[1])).toContain("My name is Ann.");
  await tell("Who am I?", ["--ray-space", "others"]);
  expect(JSON.stringify(server.chats[2])).not.toContain("Ann");
  expect(cluster.titles()).toEqual(["far · team", "far · others"]);
});

test("an answer that was owed to a command that was killed comes to the next one, and stands in the conversation", async () => {
  const kill = new AbortController();
  server.expectChat({ type: "hang" });
  const killing = tell("Count the stars.", ["--ray-space", "team"], { killed: kill.signal });
  // Killed once it has said that it has heard everything: what it has not heard is told to the next one.
  const [taken, told] = [
    () => Math.max(0, ...cluster.gateway.frames.map((frame) => (frame.t === "ack" ? frame.seq : 0))),
    () => [...cluster.gateway.children.values()].flatMap(({ bodies }) => bodies).length,
  ];
  await expect.poll(() => server.chats.length === 1 && taken() === told(), { timeout: 20_000 }).toBe(true);
  kill.abort();
  const killed = await killing;
  expect([killed.code, killed.out]).toEqual([null, ""]);
  server.expectChat(said("Seven thousand."), said("Yes."));
  const { code, out, err } = await tell("Is that many?", ["--ray-space", "team"]);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(err).toContain("far has answered what was asked before (Count the stars.): Seven thousand.");
  expect(answerSchema.parse(JSON.parse(out)).answer).toBe("Yes.");
  expect(JSON.stringify(server.chats[2])).toContain("Seven thousand.");
  server.expectChat(said("Bye."));
  expect((await tell("Good night.", ["--ray-space", "team"])).err).not.toContain("asked before");
});

test("status lists what runs there and the models, and one alone can be ended", async () => {
  server.expectChat(said("One."), said("Two."));
  await tell("first", ["--ray-space", "team"]);
  await tell("first", ["--ray-space", "others"]);
  const { out } = await run(["ray", "status", cluster.dashboard]);
  expect(out).toContain("group far · team on 10.0.0.5: idle");
  expect(out).toContain("qwen (Qwen/Qwen2.5-7B-Instruct) runs: http://");
  const { out: document } = await run(["ray", "status", "--ray", cluster.dashboard, "--json"]);
  expect(JSON.parse(document)).toMatchObject({ models: [{ name: "qwen", state: "running" }] });
  expect(await refusal("ray", "end", "far", cluster.dashboard)).toMatch(
    /means several.*far · team \(group-.*far · others/u,
  );
  expect(await refusal("ray", "end", "nobody", cluster.dashboard)).toContain('called "nobody". There are: group far');
  expect((await run(["ray", "end", "team", "--ray", cluster.dashboard])).out).toBe("far · team has ended.\n");
  expect(cluster.titles()).toEqual(["far · others"]);
});

test("what is wrong is said with the way out", async () => {
  const { dashboard } = cluster;
  expect(await refusal("ray", "model", "deploy", "x", "--ray", dashboard)).toContain("with --model");
  expect(await refusal("index", ".", "--ray", dashboard)).toMatch(/--index-url.*BYZER_INDEX_URL/u);
  expect(await refusal("agent", "run", "far", "-m", "hi")).toContain("with --ray ADDRESS");
  expect(await refusal("agent", "run", "far", "-m", "hi", "--ray-space", "team")).toContain("with --ray ADDRESS");
  expect(await refusal("analyze", "x.csv", "-q", "hi", "--ray", dashboard, "--ray-cpus", "-1")).toBe(
    "--ray-cpus wants a number from 0 on; got -1.",
  );
  expect(await refusal("ray", "frobnicate")).toMatch(/no "frobnicate".*up \| status \| down.*end.*model/u);
});

test("a token that is refused is named by its place, and not told", async () => {
  cluster.ray.token = "right";
  const wrong = async (env: { readonly [name: string]: string }, ...args: readonly string[]): Promise<string> => {
    // Nothing of ours is known there, so that Ray itself is asked.
    const given = { env: { HOME: folder, USERPROFILE: folder, ...env } };
    return (await run(["ray", "up", cluster.dashboard, ...args], given)).err;
  };
  mkdirSync(join(folder, ".ray"));
  writeFileSync(join(folder, ".ray", "auth_token"), "wrong-canary");
  const all = await Promise.all([
    wrong({ RAY_AUTH_TOKEN: "wrong-canary" }),
    wrong({ RAY_AUTH_TOKEN: "", MY_TOKEN: "wrong-canary" }, "--ray-token-env", "MY_TOKEN"),
    wrong({ RAY_AUTH_TOKEN: "" }),
  ]);
  expect(all[0]).toContain("It was taken from the variable RAY_AUTH_TOKEN.");
  expect(all[1]).toContain("It was taken from the variable MY_TOKEN.");
  expect(all[2]).toContain(`It was taken from the file ${join(folder, ".ray", "auth_token")}.`);
  expect(all.join("")).not.toContain("canary.");
  expect(all.join("")).not.toContain("wrong-canary");
});

test.each([
  ["up", "--python"],
  ["status", '"models"'],
  ["down", "--remove"],
  ["end", "NAME is its title"],
  ["model", "--gpus-per-worker"],
])("ray %s says its own help", async (verb, own) => {
  const { code, out } = await run(["ray", verb, "--help"]);
  expect(code).toBe(0);
  expect(out.split("\n")[0]).toMatch(new RegExp(`^byzer ray ${verb} `, "u"));
  expect(out).toContain(own);
  expect(out).toContain("--ray-token-env");
});

test("agents says who lives on a cluster", async () => {
  const { out } = await run(["agents"]);
  expect(out).toContain("far (lives on a cluster; ");
  expect(out).toContain(`near (${join(".byzer", "agents", "near.agent.md")})`);
});
