import type { Endpoint } from "./endpoint.ts";
import { isJsonObject } from "./lenient-json.ts";
import type { RequestFailure } from "./request-failure.ts";

/** What a model is asked for. */
export type ModelUse = "chat" | "embedding" | "rerank";

/** What an address says about its models. */
export type ModelListing =
  | ({ readonly ok: true; readonly all: readonly string[] } & { readonly [use in ModelUse]: readonly string[] })
  | { readonly ok: false; readonly failure: RequestFailure };

const embeds = /embed|(?:^|[/:-])(?:bge|gte|e5|all-minilm|paraphrase)-|minilm/iu;
const reranks = /rerank/iu;
const notForChat =
  /whisper|\btts\b|text-to-speech|transcribe|dall-e|gpt-image|moderation|stable-diffusion|\bsora\b|davinci-002|babbage-002/iu;

/**
 * Lists the models of an address. `embedding` and `rerank` are those whose name or type says so; `chat` leaves out those
 * that plainly cannot chat: embeddings, reranking, speech, pictures. Abort rejects with the signal's reason.
 */
export async function listModels(endpoint: Endpoint, signal: AbortSignal, anonymous = false): Promise<ModelListing> {
  const result = await endpoint.models(signal, anonymous);
  if (!result.ok) {
    return result;
  }
  let text: string;
  try {
    text = await result.response.text();
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: await endpoint.failureOf(error) };
  }
  const status = result.response.status;
  const entries = entriesIn(text);
  if (entries === null) {
    const failure = await endpoint.failureOfAnswer(status, text, result.response.headers);
    const reason = failure.kind === "not-an-api" ? failure.reason : "something that is no list of models";
    return { ok: false, failure: { ...failure, kind: "not-an-api", reason } };
  }
  return {
    ok: true,
    all: entries.map(({ id }) => id),
    chat: namesFor(entries, "chat"),
    embedding: namesFor(entries, "embedding"),
    rerank: namesFor(entries, "rerank"),
  };
}

interface ListedModel {
  readonly id: string;
  readonly type: string;
}

function namesFor(entries: readonly ListedModel[], use: ModelUse): readonly string[] {
  return entries.filter((entry) => useOf(entry) === use).map(({ id }) => id);
}

function useOf({ id, type }: ListedModel): ModelUse | null {
  if (reranks.test(id) || reranks.test(type)) {
    return "rerank";
  }
  if (embeds.test(id) || embeds.test(type)) {
    return "embedding";
  }
  return notForChat.test(id) ? null : "chat";
}

function entriesIn(text: string): readonly ListedModel[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list: unknown = isJsonObject(value) ? (value["data"] ?? value["models"]) : value;
  // Ollama without models answers `"data": null`.
  if (isJsonObject(value) && value["data"] === null) {
    return [];
  }
  if (!Array.isArray(list)) {
    return null;
  }
  return list.filter(isJsonObject).flatMap((entry) => {
    const id = entry["id"] ?? entry["name"];
    const type = entry["type"];
    return typeof id === "string" ? [{ id, type: typeof type === "string" ? type : "" }] : [];
  });
}
