import { AgentError } from "../base/errors.ts";
import { hostOf, suggestVersionPath } from "./base-url.ts";
import type { RequestFailure } from "./request-failure.ts";

/** Who was asked: what the sentences name. */
export interface Asked {
  readonly baseUrl: string;
  readonly model: string;
}

/** Nothing that speaks HTTP answered. */
export function unreachableError(asked: Asked, failure: RequestFailure): AgentError<"model.unreachable"> {
  const { baseUrl } = asked;
  return new AgentError(
    "model.unreachable",
    { baseUrl, reason: failure.reason },
    unreachableSentence(baseUrl, failure),
  );
}

/** Why an address could not be reached, and what to do. */
export function unreachableSentence(baseUrl: string, failure: RequestFailure): string {
  const host = hostOf(baseUrl);
  switch (failure.kind) {
    case "dns":
      return `The name ${host} could not be resolved: check the base URL and the network.`;
    case "refused":
      return `Nothing answers at ${host} (${failure.code || failure.reason}): start the model server, or choose another model.`;
    case "tls":
      return `No secure connection to ${host}: ${failure.reason}. Check the certificate, or whether the address begins with http rather than https.`;
    case "timeout":
      return `${host} did not answer in time (${failure.reason}): check that the server is running and not overloaded.`;
    case "lost":
      return `The connection to ${host} was lost (${failure.reason}): check the server and the network, then try again.`;
    case "status":
    case "not-an-api":
      return notApiSentence(baseUrl, failure);
  }
}

/** The address answers, and not as a model server does. */
export function notApiSentence(baseUrl: string, failure: RequestFailure): string {
  const better = suggestVersionPath(baseUrl);
  const status = failure.status === null ? "" : ` (status ${failure.status})`;
  const advice = better === null ? "Check the base URL." : `Try ${better} as the base URL.`;
  return `${baseUrl} does not answer as an OpenAI-compatible API${status}: ${failure.reason || "nothing"}. ${advice}`;
}

/** The key was refused, or one is wanted and none is set. */
export function wrongKeyError(asked: Asked, failure: RequestFailure, hasKey: boolean): AgentError<"model.wrong-key"> {
  const { baseUrl } = asked;
  const said = failure.reason === "" ? "" : ` It said: ${failure.reason}`;
  const sentence = hasKey
    ? `${hostOf(baseUrl)} refused the key (status ${failure.status}): set another key for this address.${said}`
    : `${hostOf(baseUrl)} wants a key (status ${failure.status}) and none is set for this address: set one.${said}`;
  return new AgentError("model.wrong-key", { baseUrl }, sentence);
}

/** The address does not have the model. */
export function unknownModelError(
  asked: Asked,
  failure: RequestFailure,
  known: readonly string[],
): AgentError<"model.unknown"> {
  const { baseUrl, model } = asked;
  const named = known.slice(0, 20).join(", ") + (known.length > 20 ? ` and ${known.length - 20} more` : "");
  const choice = known.length === 0 ? "It lists no models." : `It has: ${named}.`;
  const said = failure.reason === "" ? "" : ` It said: ${failure.reason}`;
  const trouble = known.includes(model)
    ? `lists the model "${model}" and does not serve it`
    : `does not offer the model "${model}"`;
  const sentence = `${hostOf(baseUrl)} ${trouble}. ${choice} Choose another model.${said}`;
  return new AgentError("model.unknown", { baseUrl, model, known }, sentence);
}

/** Too many requests, and waiting longer is the person's decision. */
export function rateLimitedError(asked: Asked, failure: RequestFailure): AgentError<"model.rate-limited"> {
  const { baseUrl } = asked;
  const { retryAfterMs } = failure;
  const when =
    retryAfterMs === null
      ? "Try again later, or choose another model."
      : `Try again in ${sayDuration(retryAfterMs)}, or choose another model.`;
  const said = failure.reason === "" ? "" : ` It said: ${failure.reason}`;
  return new AgentError(
    "model.rate-limited",
    { baseUrl, retryAfterMs },
    `${hostOf(baseUrl)} limits how often it may be asked. ${when}${said}`,
  );
}

/** The conversation is longer than the model can read. */
export function tooLongError(asked: Asked, failure: RequestFailure): AgentError<"model.too-long"> {
  const sentence = `The conversation does not fit into the context of ${asked.model}: start a new session or choose a model with a longer context. It said: ${failure.reason}`;
  return new AgentError("model.too-long", { baseUrl: asked.baseUrl, reason: failure.reason }, sentence);
}

/** The server refused the request or failed, and asking again did not help. */
export function failedError(asked: Asked, failure: RequestFailure): AgentError<"model.failed"> {
  const { status, reason } = failure;
  const details = { baseUrl: asked.baseUrl, status, reason };
  if (failure.kind === "not-an-api") {
    return new AgentError("model.failed", details, notApiSentence(asked.baseUrl, failure));
  }
  const how = status === null ? "reported an error" : `answered with the status ${status}`;
  const said = reason === "" ? "without a reason" : reason;
  const advice = status !== null && status >= 500 ? " Look at the server's log, or try again." : "";
  return new AgentError("model.failed", details, `${hostOf(asked.baseUrl)} ${how}: ${said}.${advice}`);
}

/** The answer stopped in the middle. */
export function cutError(asked: Asked, reason: string, text: string): AgentError<"model.cut"> {
  const sentence = `The answer of ${asked.model} stopped in the middle (${reason}): try again.`;
  return new AgentError("model.cut", { baseUrl: asked.baseUrl, text }, sentence);
}

/** Nothing came, twice. */
export function emptyError(asked: Asked, finishReason: string): AgentError<"model.empty"> {
  const why =
    finishReason === "length"
      ? "it used its whole output limit without an answer: raise the limit or choose another model"
      : "it was asked twice: rephrase the question or choose another model";
  return new AgentError("model.empty", asked, `${asked.model} gave an empty answer; ${why}.`);
}

/** The answer could not be read. */
export function malformedError(asked: Asked, reason: string): AgentError<"model.malformed"> {
  const sentence = `The answer of ${asked.model} could not be read (${reason}): try again or choose another model.`;
  return new AgentError("model.malformed", { baseUrl: asked.baseUrl, reason }, sentence);
}

/** A duration for a sentence: `800 ms`, `12 s`, `3 min`. */
export function sayDuration(durationMs: number): string {
  if (durationMs < 1000) {
    return `${Math.round(durationMs)} ms`;
  }
  return durationMs < 120_000 ? `${Math.ceil(durationMs / 1000)} s` : `${Math.ceil(durationMs / 60_000)} min`;
}
