import { toolsLeftOut } from "../ports/chat-model.ts";
import type { EndpointTraits } from "./endpoint-memory.ts";
import type { RequestFailure } from "./request-failure.ts";

/** What a request carried, as far as a server may refuse it. */
export interface SentFeatures {
  readonly tools: boolean;
  readonly parallelToolCalls: boolean;
  readonly streaming: boolean;
  readonly streamOptions: boolean;
  readonly temperature: boolean;
  readonly maxTokens: boolean;
  readonly images: boolean;
  readonly systemRole: boolean;
}

/** What to do about a failure. `adapt`: send again without what was refused, and remember; `repair` says so. */
export type Diagnosis =
  | { readonly type: "adapt"; readonly learned: Partial<EndpointTraits>; readonly repair: string | null }
  | { readonly type: "again"; readonly reason: "rate-limited" | "server-failed" | "connection-lost" }
  | { readonly type: "key" }
  | { readonly type: "unknown-model" }
  /** A 404 that may mean the model or the address. */
  | { readonly type: "not-found" }
  | { readonly type: "too-long" }
  | { readonly type: "rate-limited" }
  | { readonly type: "unreachable" }
  | { readonly type: "failed" };

/** Said with each answer of a model that cannot call tools. */
export const noToolsRepair = toolsLeftOut;

/** Said with each answer of a model that cannot see. */
export const noImagesRepair = "this model cannot see pictures: they were left out";

const tooLong =
  /context_length_exceeded|exceed_context|maximum context|context (?:length|window|size)|prompt is too long|too many (?:input )?tokens|input is too long|exceeds? .{0,40}(?:context|token limit)|reduce the length|maximum prompt length/iu;
const unknownModel =
  /model_not_found|model.{0,120}(?:not found|not exist|no such|unknown|not available|not a valid|is invalid|decommissioned|no access)|(?:unknown|invalid|no such|unsupported|not a valid) model|no endpoints found for|try pulling it/iu;
const noTools =
  /(?:not|n't|no endpoints?).{0,40}support.{0,30}(?:tool|function)|(?:tools?|functions?|function.?call\w*|tool.?(?:use|call\w*)).{0,40}(?:not|un)\s?-?supported|enable-auto-tool-choice|tool choice requires|(?:unrecognized|unknown|unexpected|extra|not permitted|unsupported).{0,60}\btools?\b|\btools\b.{0,60}(?:unrecognized|unknown|unexpected|extra|not permitted)|--jinja/iu;
const noStreaming = /stream(?:ing)?\b.{0,40}(?:not|un)\s?-?(?:supported|available)|(?:not|n't) support.{0,20}stream/iu;
const noImages =
  /(?:not|n't|no endpoints?).{0,40}support.{0,40}(?:image|vision|multi-?modal)|image.{0,60}(?:not|un)\s?-?(?:supported|allowed)|image_url|mmproj|not a (?:vision|multimodal) model|content.{0,40}(?:must be|should be|valid) a? ?string/iu;
const noSystem =
  /system role.{0,30}not supported|system.{0,20}message.{0,30}not supported|(?:unsupported|invalid) role.{0,20}system/iu;
const noQuota = /insufficient_quota|exceeded your current quota|billing|credit|balance/iu;

/** Says what a failure means for a request that carried `sent`. Pure. */
export function diagnose(failure: RequestFailure, sent: SentFeatures): Diagnosis {
  if (failure.kind !== "status") {
    return diagnoseConnection(failure);
  }
  const { status } = failure;
  const text = `${failure.code} ${failure.reason}`;
  if (status === 429) {
    return noQuota.test(text) ? { type: "rate-limited" } : { type: "again", reason: "rate-limited" };
  }
  if (status === 401 || status === 403) {
    return { type: "key" };
  }
  const refusal = status === null || status < 500 || status === 501 || status === 500;
  const adapted = refusal ? diagnoseRefusal(text, sent) : null;
  if (adapted !== null) {
    return adapted;
  }
  if (status === 404) {
    return { type: "not-found" };
  }
  return status !== null && status >= 500 && status !== 501
    ? { type: "again", reason: "server-failed" }
    : { type: "failed" };
}

function diagnoseConnection(failure: RequestFailure): Diagnosis {
  switch (failure.kind) {
    case "lost":
      return { type: "again", reason: "connection-lost" };
    case "not-an-api":
      return { type: "failed" };
    case "dns":
    case "refused":
    case "tls":
    case "timeout":
    case "status":
      return { type: "unreachable" };
  }
}

/** A feature that a server may refuse, and how its sentence betrays that. */
interface Refusal {
  readonly feature: keyof SentFeatures;
  readonly pattern: RegExp;
  readonly learn: (text: string) => Extract<Diagnosis, { type: "adapt" }>;
}

const namedFields: readonly Refusal[] = [
  { feature: "streamOptions", pattern: /stream_options|include_usage/iu, learn: () => adapt({ streamOptions: false }) },
  {
    feature: "parallelToolCalls",
    pattern: /parallel_tool_calls/iu,
    learn: () => adapt({ parallelToolCalls: false }),
  },
];

const abilities: readonly Refusal[] = [
  { feature: "maxTokens", pattern: /max_(?:completion_)?tokens/iu, learn: learnMaxTokens },
  {
    feature: "temperature",
    pattern: /temperature/iu,
    learn: () => adapt({ temperature: false }, "this model takes no temperature: it was left out"),
  },
  {
    feature: "systemRole",
    pattern: noSystem,
    learn: () => adapt({ systemRole: false }, "this model takes no system message: it was sent as the user's"),
  },
  { feature: "tools", pattern: noTools, learn: () => adapt({ tools: false }, noToolsRepair) },
  { feature: "images", pattern: noImages, learn: () => adapt({ images: false }, noImagesRepair) },
  { feature: "streaming", pattern: noStreaming, learn: () => adapt({ streaming: false }) },
];

function diagnoseRefusal(text: string, sent: SentFeatures): Diagnosis | null {
  const learn = (refusals: readonly Refusal[]): Diagnosis | undefined =>
    refusals.find(({ feature, pattern }) => sent[feature] && pattern.test(text))?.learn(text);
  const named = learn(namedFields);
  if (named !== undefined) {
    return named;
  }
  if (tooLong.test(text)) {
    return { type: "too-long" };
  }
  return learn(abilities) ?? (unknownModel.test(text) ? { type: "unknown-model" } : null);
}

function adapt(learned: Partial<EndpointTraits>, repair: string | null = null): Extract<Diagnosis, { type: "adapt" }> {
  return { type: "adapt", learned, repair };
}

function learnMaxTokens(text: string): Extract<Diagnosis, { type: "adapt" }> {
  const both = /max_completion_tokens/iu.test(text) && /(?<!completion_)\bmax_tokens/iu.test(text);
  return both
    ? adapt({ maxTokens: "max_completion_tokens" })
    : adapt({ maxTokens: "none" }, "this server refused the output limit: it was left out");
}

/** Whether the sentence names the model as the trouble, whatever its status. */
export function namesTheModel(failure: RequestFailure): boolean {
  return unknownModel.test(`${failure.code} ${failure.reason}`);
}
