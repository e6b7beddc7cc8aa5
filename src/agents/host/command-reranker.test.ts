import { expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import { createScriptedModel, provideModel } from "../testing/scripted-model.ts";
import { commandReranker } from "./command-reranker.ts";

const models = provideModel(createScriptedModel("[2, 1]"));
const { signal } = new AbortController();

test("nothing reranks unless it is asked for", () => {
  expect(commandReranker({}, models, {})).toBeUndefined();
});

test("the chat model puts passages into order; without one the order stays", async () => {
  const reranker = await commandReranker({ rerank: "model" }, models, {})?.(signal);
  const scores = await reranker?.rerank("q", ["a", "b"], signal);
  expect((scores?.[1] ?? 0) > (scores?.[0] ?? 0)).toBe(true);
  const missing = new AgentError("model.missing", { looked: [] }, "none");
  const none = { modelFor: () => Promise.reject(missing) };
  expect(await commandReranker({ rerank: "model" }, none, {})?.(signal)).toBeNull();
});

test("a service needs its model, named here or in the environment", async () => {
  const values = { rerank: "http://127.0.0.1:9/v1" };
  expect(() => commandReranker(values, models, {})).toThrow("--rerank-model");
  expect(() => commandReranker({ rerank: "models" }, models, {})).toThrow("got models");
  const named = await commandReranker({ ...values, "rerank-model": "judge" }, models, {})?.(signal);
  const other = await commandReranker(values, models, { BYZER_RERANK_MODEL: "judge" })?.(signal);
  expect([named?.model, other?.model]).toEqual(["judge", "judge"]);
});
