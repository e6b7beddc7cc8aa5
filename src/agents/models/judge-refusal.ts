import type { AgentError } from "../base/errors.ts";
import { namesTheModel, type Diagnosis } from "./diagnose.ts";
import type { Endpoint } from "./endpoint.ts";
import {
  failedError,
  rateLimitedError,
  tooLongError,
  unknownModelError,
  unreachableError,
  wrongKeyError,
  type Asked,
} from "./model-errors.ts";
import { listModels, type ModelUse } from "./model-listing.ts";
import type { RequestFailure } from "./request-failure.ts";

/** A request that failed. */
export interface Refusal {
  readonly failure: RequestFailure;
  readonly diagnosis: Diagnosis;
  /** What the model was asked for: `chat` where left out. */
  readonly use?: ModelUse;
}

/**
 * The error that ends a call. Asks the address for its models where that tells causes apart: some gateways answer 401
 * or a bare 404 for a model they do not know, so the key is blamed only when the model is not to blame.
 */
export async function judgeRefusal(
  endpoint: Endpoint,
  model: string,
  refusal: Refusal,
  signal: AbortSignal,
): Promise<AgentError> {
  const { failure, diagnosis } = refusal;
  const asked: Asked = { baseUrl: endpoint.baseUrl, model };
  switch (diagnosis.type) {
    case "unreachable":
      return unreachableError(asked, failure);
    case "rate-limited":
      return rateLimitedError(asked, failure);
    case "too-long":
      return tooLongError(asked, failure);
    case "again":
      return errorAfterRetries(asked, failure, diagnosis.reason);
    case "key":
      return judgeKey(endpoint, asked, refusal, signal);
    case "unknown-model":
    case "not-found":
      return judgeModel(endpoint, asked, refusal, signal);
    case "adapt":
    case "failed":
      return failedError(asked, failure);
  }
}

function errorAfterRetries(
  asked: Asked,
  failure: RequestFailure,
  reason: Extract<Diagnosis, { type: "again" }>["reason"],
): AgentError {
  switch (reason) {
    case "rate-limited":
      return rateLimitedError(asked, failure);
    case "connection-lost":
      return unreachableError(asked, failure);
    case "server-failed":
      return failedError(asked, failure);
  }
}

async function judgeKey(
  endpoint: Endpoint,
  asked: Asked,
  { failure, use = "chat" }: Refusal,
  signal: AbortSignal,
): Promise<AgentError> {
  const listing = await listModels(endpoint, signal);
  if (listing.ok && !listing.all.includes(asked.model)) {
    // A list that anybody may read says nothing about the key.
    const open = !(await endpoint.hasKey()) || (await listModels(endpoint, signal, true)).ok;
    if (!open || namesTheModel(failure)) {
      return unknownModelError(asked, failure, listing[use]);
    }
  }
  return wrongKeyError(asked, failure, await endpoint.hasKey());
}

async function judgeModel(
  endpoint: Endpoint,
  asked: Asked,
  refusal: Refusal,
  signal: AbortSignal,
): Promise<AgentError> {
  const { failure, use = "chat" } = refusal;
  const listing = await listModels(endpoint, signal);
  if (refusal.diagnosis.type === "unknown-model") {
    return unknownModelError(asked, failure, listing.ok ? listing[use] : []);
  }
  if (listing.ok && !listing.all.includes(asked.model)) {
    return unknownModelError(asked, failure, listing[use]);
  }
  return failedError(asked, listing.ok ? failure : { ...failure, kind: "not-an-api" });
}
