import { expect, test } from "vitest";
import { diagnose, type SentFeatures } from "./diagnose.ts";
import { failureOfBody, failureOfError, oneLine } from "./request-failure.ts";

const everything: SentFeatures = {
  tools: true,
  parallelToolCalls: true,
  streaming: true,
  streamOptions: true,
  temperature: true,
  maxTokens: true,
  images: true,
  systemRole: true,
};

function judge(status: number | null, body: unknown, sent: Partial<SentFeatures> = {}): unknown {
  const failure = failureOfBody({ status, body, now: 0 }, []);
  const diagnosis = diagnose(failure, { ...everything, ...sent });
  return diagnosis.type === "adapt" ? diagnosis.learned : diagnosis.type;
}

test.each([
  [400, "registry.ollama.ai/library/gemma2:2b does not support tools", { tools: false }],
  [400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', { tools: false }],
  [404, "No endpoints found that support tool use.", { tools: false }],
  [500, "tools param requires --jinja flag", { tools: false }],
  [400, "Function calling is not supported for this model", { tools: false }],
  [400, "messages with role 'tool' must be a response to a preceding message with 'tool_calls'", "failed"],
  [400, "Invalid schema for function 'run_python': 'type' is missing", "failed"],
  [400, "This model's maximum context length is 4096 tokens, however you requested 5000", "too-long"],
  [400, "max_tokens is too large: 99999. This model supports at most 4096", { maxTokens: "none" }],
  [404, "The model `gpt-9` does not exist or you do not have access to it.", "unknown-model"],
  [400, "Invalid model name passed in model=x", "unknown-model"],
  [404, "404 page not found", "not-found"],
  [400, "Streaming is not supported for this deployment", { streaming: false }],
  [400, "Invalid content type. image_url is only supported by certain models.", { images: false }],
  [402, "Payment required", "failed"],
  [429, "Rate limit reached", "again"],
  [429, "You exceeded your current quota, please check your plan", "rate-limited"],
  [503, "Loading model", "again"],
  [401, "no", "key"],
])("%i %j", (status, message, expected) => {
  expect(judge(status, { error: { message } })).toEqual(expected);
});

test("what was not sent cannot be refused", () => {
  expect(judge(400, { error: "m does not support tools" }, { tools: false })).toBe("failed");
});

test.each([
  ["an error object", { error: { message: "boom" } }, "boom"],
  ["an error text", { error: "boom" }, "boom"],
  ["a detail", { detail: "boom" }, "boom"],
  ["a list of one", [{ error: { message: "boom" } }], "boom"],
  ["plain text", "boom", "boom"],
  ["what a gateway got", { error: { message: "Provider error", metadata: { raw: "boom" } } }, "Provider error: boom"],
])("the reason is found in %s", (_, body, reason) => {
  expect(failureOfBody({ status: 400, body, now: 0 }, []).reason).toBe(reason);
});

test.each([
  ["Please try again in 1.5s.", 1500],
  ["Please try again in 250ms", 250],
  ["Please try again in 1m30s", 90_000],
  ['{"retryDelay": "12s"}', 12_000],
  ["Please try again later", null],
])("%j asks for %j ms", (message, retryAfterMs) => {
  expect(failureOfBody({ status: 429, body: { error: { message } }, now: 0 }, []).retryAfterMs).toBe(retryAfterMs);
});

test.each([
  ["ENOTFOUND", "dns"],
  ["ECONNREFUSED", "refused"],
  ["ETIMEDOUT", "timeout"],
  ["ECONNRESET", "lost"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
  ["HPE_INVALID_CONSTANT", "not-an-api"],
])("%s is %s", (code, kind) => {
  const cause = Object.assign(new Error("deep"), { code });
  expect(failureOfError(new Error("Connection error.", { cause }), [])).toMatchObject({ kind, code, reason: "deep" });
});

test("no key survives in a sentence", () => {
  const line = oneLine("Bearer abc sk-proj-12345678 and my own secret\nword", ["my own secret"]);
  expect(line).toBe("Bearer … … and … word");
});
