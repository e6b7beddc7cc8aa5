import { hostOf, normalizeBaseUrl } from "./base-url.ts";
import { localPlaces, type DiscoveryOptions, type PlaceToLook } from "./discover-models.ts";
import { openEndpoint } from "./endpoint.ts";
import { listModels } from "./model-listing.ts";

/** A place that was looked at, with its models that embed. */
export interface EmbeddingSource {
  readonly name: string;
  readonly baseUrl: string;
  readonly readKey: () => Promise<string | null>;
  readonly models: readonly string[];
}

/**
 * Looks in all places at once for models that embed: first at the given ones, then at Ollama and LM Studio of this
 * machine. Places that do not answer, or have none, are left out. Abort rejects with the signal's reason.
 */
export async function discoverEmbedders(
  options: DiscoveryOptions,
  signal: AbortSignal,
): Promise<readonly EmbeddingSource[]> {
  const places = [...options.configured, ...(options.local ?? localPlaces(options.environment))];
  const byAddress = new Map(places.toReversed().map((place) => [normalizeBaseUrl(place.baseUrl), place]));
  const found = await Promise.all(
    Array.from(byAddress, ([baseUrl, place]) => look({ ...place, baseUrl }, options, signal)),
  );
  signal.throwIfAborted();
  return found.filter((source) => source !== null && source.models.length > 0).toReversed();
}

async function look(
  place: PlaceToLook,
  { timeoutMs = 800, fetch: carrier }: DiscoveryOptions,
  signal: AbortSignal,
): Promise<EmbeddingSource> {
  const { baseUrl, readKey, name = hostOf(baseUrl) } = place;
  const endpoint = openEndpoint({ baseUrl, readKey, ...(carrier === undefined ? {} : { fetch: carrier }) });
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const listing = await listModels(endpoint, AbortSignal.any([signal, limit]));
    return { name, baseUrl, readKey, models: listing.ok ? listing.embedding : [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) {
      throw error;
    }
    return { name, baseUrl, readKey, models: [] };
  }
}
