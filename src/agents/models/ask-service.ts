import { AgentError } from "../base/errors.ts";
import { diagnose, type Diagnosis, type SentFeatures } from "./diagnose.ts";
import type { Endpoint } from "./endpoint.ts";
import { judgeRefusal } from "./judge-refusal.ts";
import { isJsonObject } from "./lenient-json.ts";
import type { RequestFailure } from "./request-failure.ts";
import { freshRetryState, nextDelay } from "./retry-policy.ts";

/** What a model that does not chat is asked for: its errors are named after it. */
export type Service = "embedding" | "rerank";

/** Who is asked. */
export interface ServiceContext {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly service: Service;
  /** Waits between tries. Rejects with the signal's reason. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** What a request came to, after it was tried again where that made sense. */
export type ServiceAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: RequestFailure; readonly diagnosis: Diagnosis };

/** Such requests carry nothing of what chats carry. */
const plainRequest: SentFeatures = {
  tools: false,
  parallelToolCalls: false,
  streaming: false,
  streamOptions: false,
  temperature: false,
  maxTokens: false,
  images: false,
  systemRole: false,
};

/**
 * Sends a request whose answer is JSON. Waits out rate limits and tries again after server errors as chats do.
 * Abort rejects with the signal's reason.
 */
export async function askService(
  context: ServiceContext,
  path: string,
  body: { readonly [name: string]: unknown },
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  const retry = freshRetryState();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const answer = await askOnce(context, path, body, signal);
    if (answer.ok || answer.diagnosis.type !== "again") {
      return answer;
    }
    const delayMs = nextDelay(retry, answer.diagnosis.reason === "rate-limited", answer.failure.retryAfterMs);
    if (delayMs === null) {
      return answer;
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await context.wait(delayMs, signal);
  }
}

async function askOnce(
  { endpoint }: ServiceContext,
  path: string,
  body: { readonly [name: string]: unknown },
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  const result = await endpoint.post(path, body, signal);
  if (!result.ok) {
    return refused(result.failure);
  }
  const { response } = result;
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    return refused(await endpoint.failureOf(error));
  }
  const value = parseNumbers(text);
  if (value === undefined) {
    const failure = await endpoint.failureOfAnswer(response.status, text, response.headers);
    return refused({ ...failure, kind: "not-an-api", reason: failure.reason === "" ? "no JSON" : failure.reason });
  }
  if (isJsonObject(value) && value["error"] !== undefined && value["error"] !== null) {
    return refused(await endpoint.failureOfAnswer(null, value, response.headers));
  }
  return { ok: true, value };
}

function refused(failure: RequestFailure): ServiceAnswer {
  return { ok: false, failure, diagnosis: diagnose(failure, plainRequest) };
}

/** JSON in which numbers that are none may stand as Python and JavaScript write them; those are read as `null`. */
function parseNumbers(text: string): unknown {
  for (const candidate of [text, text.replace(/(?<=[[,:]\s*)-?(?:NaN|Infinity|nan|inf)\b/gu, "null")]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The next reading may do.
    }
  }
  return undefined;
}

/** The error that a refused request ends in, named after the service. Abort rejects with the signal's reason. */
export async function serviceError(
  { endpoint, model, service }: ServiceContext,
  refusal: { readonly failure: RequestFailure; readonly diagnosis: Diagnosis },
  signal: AbortSignal,
): Promise<AgentError> {
  const error = await judgeRefusal(endpoint, model, { ...refusal, use: service }, signal);
  if (AgentError.is(error, "model.unreachable")) {
    return new AgentError(`${service}.unreachable`, error.details, error.message);
  }
  if (AgentError.is(error, "model.wrong-key")) {
    return new AgentError(`${service}.wrong-key`, error.details, error.message);
  }
  if (AgentError.is(error, "model.unknown")) {
    return new AgentError(`${service}.unknown-model`, error.details, error.message);
  }
  if (AgentError.is(error, "model.rate-limited")) {
    return new AgentError(`${service}.rate-limited`, error.details, error.message);
  }
  if (AgentError.is(error, "model.failed")) {
    return new AgentError(`${service}.failed`, error.details, error.message);
  }
  const { status, reason } = refusal.failure;
  const details = { baseUrl: endpoint.baseUrl, status, reason };
  return new AgentError(`${service}.failed`, details, `${model} refused the request: ${reason}`);
}
