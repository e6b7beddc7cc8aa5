import { expect, test } from "vitest";
import { createEndpointMemory } from "../models/endpoint-memory.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import { createScriptedModel } from "../testing/scripted-model.ts";
import { createClusterFirstModels } from "./cluster-first-models.ts";

const { signal } = new AbortController();

function provider(models: readonly object[]) {
  const said: string[] = [];
  const elsewhere = createScriptedModel();
  const otherwise: ModelProvider = { modelFor: async () => elsewhere, modelNamed: async () => elsewhere };
  const first = createClusterFirstModels({
    name: "small",
    otherwise,
    memory: createEndpointMemory(),
    environment: {},
    say: (sentence) => said.push(sentence),
    cluster: async () => ({
      address: { dashboard: "http://10.0.0.4:8265", serve: "http://10.0.0.4:8000" },
      gateway: { ask: async () => models },
      run: () => Promise.reject(new Error("nothing is to be run")),
      readToken: async () => "token",
    }),
  });
  return { first, said, elsewhere };
}

const there = {
  name: "small",
  servedName: "small-1",
  model: "org/small",
  path: "/byzer-models/small/v1",
  state: "RUNNING",
  message: "",
  replicas: {},
};

test("a model of the cluster answers in all roles, and the person is told where it is", async () => {
  const { first, said } = provider([there]);
  const [chat, router] = await Promise.all([first.modelFor("chat", signal), first.modelFor("router", signal)]);
  expect(chat).toMatchObject({ name: "small-1", place: "http://10.0.0.4:8000/byzer-models/small/v1" });
  expect(router).toBe(chat);
  expect(said).toEqual(["Using small-1 of the cluster at http://10.0.0.4:8000/byzer-models/small/v1."]);
});

test("one that the cluster does not have is looked for elsewhere, and that is said", async () => {
  const { first, said, elsewhere } = provider([]);
  expect(await first.modelFor("chat", signal)).toBe(elsewhere);
  expect(await first.modelNamed?.("other", signal)).toBe(elsewhere);
  expect(said).toEqual([expect.stringContaining("small")]);
});

test("one that does not run is an error and no reason to ask another", async () => {
  const { first } = provider([{ ...there, state: "DEPLOYING", shortage: { wanted: 2, found: 0 } }]);
  await expect(first.modelFor("chat", signal)).rejects.toMatchObject({
    code: "remote.model-not-running",
    message: expect.stringContaining("2 GPUs are wanted"),
  });
});
