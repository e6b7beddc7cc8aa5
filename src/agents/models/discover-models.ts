import type { ModelSource } from "../protocol/model.ts";
import { hostOf, normalizeBaseUrl } from "./base-url.ts";
import { openEndpoint } from "./endpoint.ts";
import { notApiSentence, unreachableSentence } from "./model-errors.ts";
import { listModels, type ModelListing } from "./model-listing.ts";
import type { RequestFailure } from "./request-failure.ts";

/** An address to look at, and how its key is read. */
export interface PlaceToLook {
  /** Shown; the host where left out. */
  readonly name?: string;
  readonly baseUrl: string;
  readonly readKey: () => Promise<string | null>;
}

export interface DiscoveryOptions {
  /** Addresses that the person set; looked at first. */
  readonly configured: readonly PlaceToLook[];
  /** Read for `OLLAMA_HOST`. */
  readonly environment: { readonly [name: string]: string | undefined };
  /** Local servers to look for; Ollama and LM Studio at their usual ports where left out. */
  readonly local?: readonly PlaceToLook[];
  /** Per address; 800 where left out. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/**
 * Looks for models in all places at once. Each place that was looked at is reported, with its chat models or with the
 * reason in plain words why there are none; the order is the given one, then Ollama, then LM Studio.
 * Never throws except for an abort, with the signal's reason.
 */
export async function discoverModels(options: DiscoveryOptions, signal: AbortSignal): Promise<readonly ModelSource[]> {
  const configured = options.configured.map((place) => ({ ...place, baseUrl: normalizeBaseUrl(place.baseUrl) }));
  const taken = new Set(configured.map(({ baseUrl }) => sameHost(baseUrl)));
  const local = (options.local ?? localPlaces(options.environment)).filter(
    ({ baseUrl }) => !taken.has(sameHost(baseUrl)),
  );
  const sources = await Promise.all([...configured, ...local].map((place) => look(place, options, signal)));
  signal.throwIfAborted();
  return sources;
}

/** Ollama, at `OLLAMA_HOST` where it is set, and LM Studio. */
export function localPlaces(environment: DiscoveryOptions["environment"]): readonly PlaceToLook[] {
  return [
    { name: "Ollama", baseUrl: ollamaAddress(environment["OLLAMA_HOST"] ?? ""), readKey: noKey },
    { name: "LM Studio", baseUrl: "http://127.0.0.1:1234/v1", readKey: noKey },
  ];
}

/** The address that a client uses for `OLLAMA_HOST`, which may be a host, `:port`, or the address a server listens on. */
export function ollamaAddress(host: string): string {
  const trimmed = host.trim().replace(/\/+$/u, "");
  const named = /^https?:\/\//u.exec(trimmed)?.[0];
  const rest = trimmed.slice(named?.length ?? 0);
  const url = `${named ?? "http://"}${rest.startsWith(":") || rest === "" ? "127.0.0.1" : ""}${rest}`;
  if (!URL.canParse(url)) {
    return "http://127.0.0.1:11434/v1";
  }
  const parsed = new URL(url);
  if (["0.0.0.0", "[::]"].includes(parsed.hostname)) {
    parsed.hostname = "127.0.0.1";
  }
  if (named === undefined && !/:\d+(?:\/|$)/u.test(rest)) {
    parsed.port = "11434";
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/u, "")}/v1`;
}

function noKey(): Promise<null> {
  return Promise.resolve(null);
}

async function look(place: PlaceToLook, options: DiscoveryOptions, signal: AbortSignal): Promise<ModelSource> {
  const { baseUrl, readKey } = place;
  const timeoutMs = options.timeoutMs ?? 800;
  const limit = AbortSignal.timeout(timeoutMs);
  const endpoint = openEndpoint({ baseUrl, readKey, ...(options.fetch === undefined ? {} : { fetch: options.fetch }) });
  let listing: ModelListing | null;
  try {
    listing = await listModels(endpoint, AbortSignal.any([signal, limit]));
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) {
      throw error;
    }
    listing = null;
  }
  const name = place.name ?? hostOf(baseUrl);
  const hasKey = await endpoint.hasKey();
  const source = { name, provider: "openai-compatible" as const, baseUrl, hasKey };
  if (listing === null) {
    return { ...source, models: [], problem: `${hostOf(baseUrl)} did not answer within ${timeoutMs} ms.` };
  }
  if (!listing.ok) {
    return { ...source, models: [], problem: problemOf(place, listing.failure, hasKey) };
  }
  const problem = listing.chat.length > 0 ? null : emptyProblem(name, listing.all.length);
  return { ...source, models: [...listing.chat], problem };
}

function problemOf(place: PlaceToLook, failure: RequestFailure, hasKey: boolean): string {
  const { baseUrl } = place;
  if (failure.kind === "refused" && place.name !== undefined) {
    return `${place.name} is not running at ${hostOf(baseUrl)}.`;
  }
  if (failure.status === 401 || failure.status === 403) {
    return hasKey ? `${hostOf(baseUrl)} refused the key.` : `${hostOf(baseUrl)} wants a key and none is set.`;
  }
  if (failure.kind === "status" && failure.status !== 404) {
    return `${hostOf(baseUrl)} answered with the status ${failure.status}: ${failure.reason}.`;
  }
  return failure.kind === "status" || failure.kind === "not-an-api"
    ? notApiSentence(baseUrl, failure)
    : unreachableSentence(baseUrl, failure);
}

function emptyProblem(name: string, others: number): string {
  return others > 0
    ? `${name} has only models that cannot chat, such as embeddings.`
    : `${name} is running and has no models: download one there first.`;
}

function sameHost(baseUrl: string): string {
  return hostOf(baseUrl).replace(/^localhost(?=:|$)/u, "127.0.0.1");
}
