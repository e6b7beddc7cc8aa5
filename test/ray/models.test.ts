import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { createEndpointMemory } from "../../src/agents/models/endpoint-memory.ts";
import { createOpenAiChatModel } from "../../src/agents/models/openai-chat-model.ts";
import { ClusterModels } from "../../src/agents/remote/cluster-models.ts";
import { runCommandLine } from "../process/command-line.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow } from "./test-window.ts";

const cluster = sharedCluster();
const folder = mkdtempSync(join(tmpdir(), "byzer-models-"));
const env = { HOME: folder, RAY_AUTH_TOKEN: cluster.token };
const { signal } = new AbortController();
const order = {
  name: "small",
  model: "org/small",
  servedName: "small-1",
  gpusPerWorker: 0,
  backend: "stand_in_model:build",
};
const modelSchema = z.object({ state: z.string(), baseUrl: z.string(), servedName: z.string() });

const ray = (...args: readonly string[]) => runCommandLine(["--ray", cluster.dashboard, ...args, "--json"], { env });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a model is deployed, answers in pieces to this machine alone, and is removed", { timeout: 400_000 }, async () => {
  const { cluster: connected } = await openWindow(cluster);
  const models = new ClusterModels(connected);
  expect(await models.find("small", signal)).toBeNull();
  const made = await models.deploy(order, { waitMs: 120_000 }, signal);
  expect(made).toMatchObject({ state: "running", already: false, servedName: "small-1", shortage: null });
  expect((await models.deploy(order, {}, signal)).already).toBe(true);
  const words = Array.from({ length: 20 }, (_, index) => `word${index}`).join(" ");
  const pieces = await askModel(made.baseUrl, () => models.readKey(), words);
  expect(pieces.join("")).toBe(`You said: ${words}`);
  expect(pieces.length).toBeGreaterThan(10);
  await expect(askModel(made.baseUrl, async () => "wrong", words)).rejects.toMatchObject({ code: "model.wrong-key" });
  await expect(askModel(made.baseUrl, async () => null, words)).rejects.toMatchObject({ code: "model.wrong-key" });
  expect(await models.remove("small", signal)).toBe(true);
  expect(await models.list(signal)).toEqual([]);
});

test("one for which there are no GPUs waits, and says for how many", { timeout: 400_000 }, async () => {
  const { cluster: connected } = await openWindow(cluster);
  const models = new ClusterModels(connected);
  const large = { ...order, name: "large", workers: 2, gpusPerWorker: 2 };
  const made = await models.deploy(large, { waitMs: 3000 }, signal);
  expect(made).toMatchObject({ state: "deploying", shortage: { wanted: 4, found: 0 } });
  expect(await models.remove("large", signal)).toBe(true);
  const real = { name: "real", model: "org/real" };
  await expect(models.deploy(real, {}, signal)).rejects.toMatchObject({ code: "remote.llm-missing" });
});

test("byzer ray model, and byzer --ray ADDRESS --model NAME analyze", { timeout: 600_000 }, async () => {
  const deploy = ["deploy", "small", "--model", "org/small", "--gpus-per-worker", "0"];
  const made = await ray("ray", "model", ...deploy, "--backend", "stand_in_model:build", "--wait", "120");
  expect({ code: made.code, err: made.code === 0 ? "" : made.err }).toEqual({ code: 0, err: "" });
  expect(modelSchema.parse(JSON.parse(made.out))).toMatchObject({ state: "running", servedName: "small" });
  writeFileSync(join(folder, "a.csv"), "a,b\n1,2\n3,4\n");
  const table = join(folder, "a.csv");
  const asked = ["analyze", table, "-q", "What is in it?", "--agent", "assistant_agent", "--yes"];
  const answered = await ray("--model", "small", ...asked, "--sessions", join(folder, "sessions"));
  expect({ code: answered.code, err: answered.code === 0 ? "" : answered.err }).toEqual({ code: 0, err: "" });
  const { answer } = z.object({ answer: z.string() }).parse(JSON.parse(answered.out));
  expect(answer).toContain("What is in it?");
  expect(answered.err).toContain("/byzer-models/small/v1");
  expect(JSON.parse((await ray("ray", "model", "list")).out)).toMatchObject({ models: [{ name: "small" }] });
  expect(JSON.parse((await ray("ray", "model", "remove", "small")).out)).toEqual({ removed: true });
  const missing = await ray("ray", "model", "status", "small");
  expect(JSON.parse(missing.out)).toMatchObject({ error: { code: "remote.model-missing" } });
});

async function askModel(baseUrl: string, readKey: () => Promise<string | null>, words: string): Promise<string[]> {
  const model = createOpenAiChatModel({ baseUrl, readKey, model: "small-1", memory: createEndpointMemory() });
  const pieces: string[] = [];
  for await (const event of model.complete({ messages: [{ role: "user", content: words }] }, signal)) {
    if (event.type === "text") {
      pieces.push(event.text);
    }
  }
  return pieces;
}
