import { expect, test, vi } from "vitest";
import { problemOf } from "../ports/problem-of.ts";
import { problemText } from "../protocol/words/problem-text.ts";
import { ClusterModels, type ClusterModel, type ModelCluster } from "./cluster-models.ts";
import type { OwnJob } from "./cluster.ts";

const there = {
  name: "small",
  servedName: "small-1",
  model: "org/small",
  path: "/byzer-models/small/v1",
  state: "RUNNING",
  message: "",
  replicas: { model: { RUNNING: 1 } },
  shortage: null,
};
const order = { name: "small", model: "org/small" };

interface Fake {
  readonly answers?: readonly unknown[];
  readonly result?: { readonly ok: boolean; readonly [name: string]: unknown };
}

function fakeCluster({ answers = [], result = { ok: true } }: Fake): ModelCluster & { readonly jobs: OwnJob[] } {
  const left = [...answers];
  const jobs: OwnJob[] = [];
  return {
    jobs,
    address: { dashboard: "http://10.0.0.4:8265", serve: "http://10.0.0.4:8000" },
    gateway: { ask: async () => left.shift() },
    run: async (job) => {
      jobs.push(job);
      return { ...result };
    },
    readToken: async () => "the-token",
  };
}

const { signal } = new AbortController();

test("models are listed with the address that speaks for them, and found by either name", async () => {
  const waiting = { ...there, name: "big", servedName: "big", state: "DEPLOYING", shortage: { wanted: 6, found: 2 } };
  const models = new ClusterModels(fakeCluster({ answers: [[there, waiting], [there], [there], []] }));
  const [first, second] = await models.list(signal);
  expect(first).toMatchObject({ state: "running", baseUrl: "http://10.0.0.4:8000/byzer-models/small/v1" });
  expect(second).toMatchObject({ state: "deploying", shortage: { wanted: 6, found: 2 } });
  expect((await models.find("small", signal))?.name).toBe("small");
  expect((await models.find("small-1", signal))?.name).toBe("small");
  expect(await models.find("small", signal)).toBeNull();
  expect(await models.readKey()).toBe("the-token");
});

test.each([[undefined], [{}], [[{ ...there, path: "//elsewhere.example/v1?x" }]]])(
  "a list that cannot be understood is no empty list: %j",
  async (answer) => {
    const models = new ClusterModels(fakeCluster({ answers: [answer] }));
    await expect(models.list(signal)).rejects.toMatchObject({ code: "remote.malformed" });
  },
);

test("deploying hands over what was ordered, and waits as long as it should", async () => {
  const made = { ...there, state: "DEPLOYING", already: false };
  const cluster = fakeCluster({
    answers: [[{ ...there, state: "DEPLOYING" }], [there]],
    result: { ok: true, model: made },
  });
  const seen: ClusterModel["state"][] = [];
  const options = { waitMs: 60_000, onState: ({ state }: ClusterModel) => void seen.push(state) };
  vi.useFakeTimers();
  const deploying = new ClusterModels(cluster).deploy({ ...order, workers: 2, backend: "vllm" }, options, signal);
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  const deployed = await deploying;
  expect(deployed).toMatchObject({ state: "running", already: false });
  expect(seen).toEqual(["deploying", "running"]);
  expect(cluster.jobs).toMatchObject([
    { module: "byzer_ray.deploy_model", config: { action: "deploy", name: "small", model: "org/small", workers: 2 } },
  ]);
  expect(cluster.jobs[0]?.config).not.toHaveProperty("backend");
});

test("another engine is named by what builds its application", async () => {
  const cluster = fakeCluster({ result: { ok: true, model: { ...there, already: true } } });
  const deployed = await new ClusterModels(cluster).deploy({ ...order, backend: "mine:build" }, {}, signal);
  expect(cluster.jobs[0]?.config).toMatchObject({ builder: "mine:build" });
  expect(deployed.already).toBe(true);
});

test("what makes no sense is not sent", async () => {
  const cluster = fakeCluster({});
  const deployed = new ClusterModels(cluster).deploy({ ...order, workers: 0 }, {}, signal);
  await expect(deployed).rejects.toMatchObject({ code: "remote.model-order" });
  expect(cluster.jobs).toEqual([]);
});

test.each([
  ["llm-missing", { module: "vllm" }, "remote.llm-missing", "ray[llm]"],
  ["name-taken", { name: "byzer-model-small" }, "remote.model-name-taken", "byzer-model-small"],
  ["config", {}, "remote.model-order", "what it said"],
  ["unguarded", {}, "remote.job-failed", "what it said"],
  ["failed", {}, "remote.job-failed", "what it said"],
])("a job that says %s becomes words with a way out, in both languages", async (code, values, wanted, word) => {
  const cluster = fakeCluster({ result: { ok: false, code, message: "what it said", values } });
  const problem = await new ClusterModels(cluster).deploy(order, {}, signal).then(() => null, problemOf);
  expect(problem?.code).toBe(wanted);
  expect(problem?.message).toContain(word);
  expect(problem === null ? "" : problemText(problem, "zh-cn")).toMatch(/\p{Script=Han}/u);
});

test("removing says whether there was one", async () => {
  const cluster = fakeCluster({ result: { ok: true, removed: false } });
  expect(await new ClusterModels(cluster).remove("small", signal)).toBe(false);
  expect(cluster.jobs).toMatchObject([{ config: { action: "remove", name: "small" } }]);
});
