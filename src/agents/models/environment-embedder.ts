import { AgentError } from "../base/errors.ts";
import type { Embedder } from "../ports/embedder.ts";
import { hostOf, normalizeBaseUrl } from "./base-url.ts";
import { discoverEmbedders } from "./discover-embedders.ts";
import type { DiscoveryOptions } from "./discover-models.ts";
import { timeoutsFor } from "./endpoint.ts";
import { createNodeFetch } from "./node-fetch.ts";
import { createOpenAiEmbedder } from "./openai-embedder.ts";
import { createProxyAgents } from "./proxy-agents.ts";

export interface EnvironmentEmbedderOptions {
  /** `--embedding-model`, `--embedding-base-url`, `--base-url`, and `--api-key-env`: the name of a variable, never the key. */
  readonly flags: {
    readonly embeddingModel?: string | undefined;
    readonly embeddingBaseUrl?: string | undefined;
    readonly baseUrl?: string | undefined;
    readonly apiKeyEnv?: string | undefined;
  };
  /**
   * Read for `BYZER_EMBEDDING_MODEL`, `BYZER_EMBEDDING_BASE_URL`, `BYZER_EMBEDDING_API_KEY`, `OPENAI_BASE_URL`,
   * `OPENAI_API_KEY`, `OLLAMA_HOST` and those of proxies.
   */
  readonly environment: { readonly [name: string]: string | undefined };
  /** Told what was chosen where the person left it open. */
  readonly say: (sentence: string) => void;
  /** Local servers to look for; see {@link DiscoveryOptions.local}. */
  readonly local?: DiscoveryOptions["local"];
  readonly fetch?: typeof fetch;
}

const openAiUrl = "https://api.openai.com/v1";

interface Place {
  readonly baseUrl: string;
  readonly readKey: () => Promise<string | null>;
}

/**
 * The embedder of the command line; `null` where no model was named. Its address is looked for among flags and
 * environment, then among the local servers for one that has the model. A key goes to the address that was named.
 *
 * @throws AgentError `embedding.missing` where no address is known, `cli.usage`
 */
export async function createEnvironmentEmbedder(
  given: EnvironmentEmbedderOptions,
  signal: AbortSignal,
): Promise<Embedder | null> {
  const { flags, environment } = given;
  const model = valueGiven(flags.embeddingModel) ?? valueGiven(environment["BYZER_EMBEDDING_MODEL"]);
  if (model === undefined) {
    return null;
  }
  const agentFor = createProxyAgents(environment);
  const carrier = given.fetch ?? (agentFor === null ? undefined : createNodeFetch({ timeoutsFor, agentFor }));
  const carried = carrier === undefined ? {} : { fetch: carrier };
  const place = namedPlace(given) ?? (await localPlace({ ...given, ...carried }, model, signal));
  return createOpenAiEmbedder({ ...place, model, ...carried });
}

function namedPlace({ flags, environment }: EnvironmentEmbedderOptions): Place | null {
  const named = valueGiven(flags.apiKeyEnv);
  if (named !== undefined && valueGiven(environment[named]) === undefined) {
    const sentence = `The variable ${named}, named by --api-key-env, is not set.`;
    throw new AgentError("cli.usage", { argument: "--api-key-env" }, sentence);
  }
  const keyOf = (...names: readonly (string | undefined)[]): (() => Promise<string | null>) => {
    const found = names.map((name) => valueGiven(environment[name ?? ""])).find((value) => value !== undefined);
    return () => Promise.resolve(found ?? null);
  };
  const own = valueGiven(flags.embeddingBaseUrl) ?? valueGiven(environment["BYZER_EMBEDDING_BASE_URL"]);
  if (own !== undefined) {
    const isChatAddress =
      normalizeBaseUrl(own) === normalizeBaseUrl(flags.baseUrl ?? environment["OPENAI_BASE_URL"] ?? "");
    const readKey = keyOf("BYZER_EMBEDDING_API_KEY", named, ...(isChatAddress ? ["OPENAI_API_KEY"] : []));
    return { baseUrl: normalizeBaseUrl(own), readKey };
  }
  const readKey = keyOf("BYZER_EMBEDDING_API_KEY", named, "OPENAI_API_KEY");
  const shared = valueGiven(flags.baseUrl) ?? valueGiven(environment["OPENAI_BASE_URL"]);
  return shared === undefined ? null : { baseUrl: normalizeBaseUrl(shared), readKey };
}

/** The local server that has the model; else OpenAI, where there is a key for it. */
async function localPlace(options: EnvironmentEmbedderOptions, model: string, signal: AbortSignal): Promise<Place> {
  const { environment, local, fetch: carrier } = options;
  const sources = await discoverEmbedders(
    {
      configured: [],
      environment,
      ...(local === undefined ? {} : { local }),
      ...(carrier === undefined ? {} : { fetch: carrier }),
    },
    signal,
  );
  const source = sources.find(({ models }) => models.some((name) => name === model || name === `${model}:latest`));
  if (source !== undefined) {
    options.say(`No base URL was named: embedding with ${model} of ${source.name} at ${hostOf(source.baseUrl)}.`);
    return source;
  }
  const key = valueGiven(environment["OPENAI_API_KEY"]);
  if (key !== undefined && /^text-embedding-(?:3|ada)/u.test(model)) {
    return { baseUrl: openAiUrl, readKey: () => Promise.resolve(key) };
  }
  const looked = sources.map(({ name, models }) => `${name}: ${models.join(", ")}`);
  const known = looked.length === 0 ? "no local server has a model that embeds" : looked.join("; ");
  throw new AgentError(
    "embedding.missing",
    { model, looked },
    `No address is known for the embedding model "${model}" (${known}). Name it with --base-url URL or BYZER_EMBEDDING_BASE_URL, or start Ollama or LM Studio with the model.`,
  );
}

function valueGiven(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" ? undefined : trimmed;
}
