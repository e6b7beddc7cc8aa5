import { expect, test } from "vitest";
import { problemOf } from "../ports/problem-of.ts";
import { problemText } from "../protocol/words/problem-text.ts";
import { checkModelOrder } from "./model-order.ts";

test("an order is taken as it is", () => {
  const order = {
    name: "qwen-small",
    model: "Qwen/Qwen2.5-0.5B-Instruct",
    workers: 2,
    gpusPerWorker: 4,
    acceleratorType: "A10G",
    backend: "my_engine.app:build",
    engineArguments: { max_model_len: 8192, tokenizer: "Qwen/other", max_num_batched_tokens: 32_768, hf_token: true },
  };
  expect(checkModelOrder(order)).toEqual(order);
});

const good = { name: "a", model: "org/a" };

test.each([
  [{ ...good, name: "../a" }, "name", "form"],
  [{ ...good, name: "Upper" }, "name", "form"],
  [{ name: "a" }, "model", "missing"],
  [{ ...good, model: "" }, "model", "missing"],
  [{ ...good, workers: 0 }, "workers", "range"],
  [{ ...good, workers: 1.5 }, "workers", "form"],
  [{ ...good, gpusPerWorker: 65 }, "gpusPerWorker", "range"],
  [{ ...good, backend: "ray/vllm" }, "backend", "form"],
  [{ ...good, replicas: 2 }, "replicas", "unknown"],
  [{ ...good, gpusPerWorker: 0, acceleratorType: "A10G" }, "acceleratorType", "range"],
  [{ ...good, model: "https://me:pass@models.example/a" }, "model", "secret"],
  [{ ...good, engineArguments: { hf_token: "hf_x" } }, "engineArguments.hf_token", "secret"],
  [{ ...good, engineArguments: { a: { apiKey: "x" } } }, "engineArguments.a.apiKey", "secret"],
  [{ ...good, engineArguments: { cache: "redis://me:pass@host" } }, "engineArguments.cache", "secret"],
])("%j is refused at its member", (order, field, fault) => {
  const problem = problemFrom(() => checkModelOrder(order));
  expect(problem).toMatchObject({ code: "remote.model-order", details: { field, fault } });
  expect(problem.message).toContain(field);
  expect(problem.message).not.toMatch(/hf_x|pass@/u);
  expect(problemText(problem, "zh-cn")).toMatch(/\p{Script=Han}/u);
});

function problemFrom(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return problemOf(error);
  }
  throw new Error("nothing was refused");
}
