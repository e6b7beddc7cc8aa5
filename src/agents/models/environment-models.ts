import { AgentError } from "../base/errors.ts";
import type { ChatModel, ModelProvider, ModelRole } from "../ports/chat-model.ts";
import type { ModelSource } from "../protocol/model.ts";
import { hostOf, normalizeBaseUrl } from "./base-url.ts";
import { discoverModels, type DiscoveryOptions, type PlaceToLook } from "./discover-models.ts";
import type { EndpointMemory } from "./endpoint-memory.ts";
import { timeoutsFor } from "./endpoint.ts";
import { createNodeFetch } from "./node-fetch.ts";
import { createOpenAiChatModel } from "./openai-chat-model.ts";
import { createProxyAgents } from "./proxy-agents.ts";

/** A list longer than this is a catalogue: nobody wants its first entry. */
const catalogueSize = 20;
const openAiUrl = "https://api.openai.com/v1";

export interface EnvironmentModelsOptions {
  /** `--base-url`, `--model`, and `--api-key-env`: the name of the variable that holds the key, never the key. */
  readonly flags: { readonly baseUrl?: string; readonly model?: string; readonly apiKeyEnv?: string };
  /** Read for `OPENAI_BASE_URL`, `OPENAI_API_KEY`, `BYZER_MODEL`, `BYZER_ROUTER_MODEL`, `BYZER_REVIEWER_MODEL`, `OLLAMA_HOST`. */
  readonly environment: { readonly [name: string]: string | undefined };
  readonly memory: EndpointMemory;
  /** Told what was chosen where the person left it open. */
  readonly say: (sentence: string) => void;
  /** Local servers to look for; see {@link DiscoveryOptions.local}. */
  readonly local?: DiscoveryOptions["local"];
  /** Per address, while looking; 800 for local servers, 10,000 for a named address where left out. */
  readonly lookTimeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** Where the models of the command line are, for those who ask there by themselves. */
export interface ModelEndpoint {
  readonly baseUrl: string;
  readonly key: string | null;
  readonly models: { readonly [role in ModelRole]: string };
}

export interface EnvironmentModels extends ModelProvider {
  /** @throws AgentError `model.missing` where there is none */
  endpoint(signal: AbortSignal): Promise<ModelEndpoint>;
}

/**
 * The models of the command line: flags before environment before whatever local server answers. The key of
 * `OPENAI_API_KEY`, or of the variable that `--api-key-env` names, goes to the one address that was named.
 */
export function createEnvironmentModels(given: EnvironmentModelsOptions): EnvironmentModels {
  const agentFor = createProxyAgents(given.environment);
  const carrier = given.fetch ?? (agentFor === null ? undefined : createNodeFetch({ timeoutsFor, agentFor }));
  const options: EnvironmentModelsOptions = carrier === undefined ? given : { ...given, fetch: carrier };
  let found: Promise<Found> | undefined;
  const findOnce = async (signal: AbortSignal): Promise<Found> => {
    found ??= find(options, signal);
    try {
      return await found;
    } catch (error) {
      found = undefined;
      throw error;
    }
  };
  return {
    async modelFor(role, signal) {
      const { place, model } = await findOnce(signal);
      return openModel(options, place, roleModel(role, options.environment) ?? model);
    },
    async modelNamed(name, signal) {
      const { place } = await findOnce(signal);
      return openModel(options, place, name);
    },
    async endpoint(signal) {
      const { place, model: chat } = await findOnce(signal);
      const of = (role: ModelRole): string => roleModel(role, options.environment) ?? chat;
      const models = { chat, router: of("router"), reviewer: of("reviewer") };
      return { baseUrl: place.baseUrl, key: await place.readKey(), models };
    },
  };
}

interface Found {
  readonly place: PlaceToLook;
  readonly model: string;
}

function openModel(options: EnvironmentModelsOptions, place: PlaceToLook, model: string): ChatModel {
  return createOpenAiChatModel({
    baseUrl: place.baseUrl,
    readKey: place.readKey,
    model,
    memory: options.memory,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}

function roleModel(role: ModelRole, environment: EnvironmentModelsOptions["environment"]): string | undefined {
  switch (role) {
    case "chat":
      return undefined;
    case "router":
      return valueGiven(environment["BYZER_ROUTER_MODEL"]);
    case "reviewer":
      return valueGiven(environment["BYZER_REVIEWER_MODEL"]);
  }
}

async function find(options: EnvironmentModelsOptions, signal: AbortSignal): Promise<Found> {
  const model = valueGiven(options.flags.model) ?? valueGiven(options.environment["BYZER_MODEL"]);
  const place = namedPlace(options);
  if (place !== null && model !== undefined) {
    return { place, model };
  }
  const sources = await lookAround(options, place, signal);
  return place === null ? chooseLocal(sources, model, options) : chooseAt(place, sources, options);
}

function namedPlace({ flags, environment }: EnvironmentModelsOptions): PlaceToLook | null {
  const named = valueGiven(flags.apiKeyEnv);
  if (named !== undefined && valueGiven(environment[named]) === undefined) {
    const sentence = `The variable ${named}, named by --api-key-env, is not set.`;
    throw new AgentError("cli.usage", { argument: "--api-key-env" }, sentence);
  }
  const own = named ?? "OPENAI_API_KEY";
  const readKey = (): Promise<string | null> => Promise.resolve(valueGiven(environment[own]) ?? null);
  const fromEnvironment = valueGiven(environment["OPENAI_BASE_URL"]);
  const fromFlag = valueGiven(flags.baseUrl);
  if (fromFlag !== undefined) {
    return { baseUrl: normalizeBaseUrl(fromFlag), readKey };
  }
  if (fromEnvironment !== undefined) {
    return { baseUrl: normalizeBaseUrl(fromEnvironment), readKey };
  }
  return valueGiven(environment[own]) === undefined ? null : { baseUrl: openAiUrl, readKey };
}

function lookAround(
  options: EnvironmentModelsOptions,
  place: PlaceToLook | null,
  signal: AbortSignal,
): Promise<readonly ModelSource[]> {
  const { environment, fetch: carrier } = options;
  return discoverModels(
    {
      configured: place === null ? [] : [place],
      environment,
      timeoutMs: options.lookTimeoutMs ?? (place === null ? 800 : 10_000),
      ...(place !== null ? { local: [] } : options.local === undefined ? {} : { local: options.local }),
      ...(carrier === undefined ? {} : { fetch: carrier }),
    },
    signal,
  );
}

function chooseAt(place: PlaceToLook, sources: readonly ModelSource[], options: EnvironmentModelsOptions): Found {
  const [source] = sources;
  const [first] = source?.models ?? [];
  const host = hostOf(place.baseUrl);
  if (source === undefined || first === undefined) {
    throw missing([`${host}: ${source?.problem ?? "no models"}`], "Name the model with --model or BYZER_MODEL.");
  }
  if (source.models.length > catalogueSize) {
    const some = source.models.slice(0, 5).join(", ");
    throw missing(
      [`${host}: ${source.models.length} models, such as ${some}`],
      "Name one of them with --model or BYZER_MODEL.",
    );
  }
  const which = source.models.length === 1 ? "the only" : "the first";
  options.say(`No model was named: using ${first}, ${which} chat model of ${host}.`);
  return { place, model: first };
}

function chooseLocal(
  sources: readonly ModelSource[],
  model: string | undefined,
  options: EnvironmentModelsOptions,
): Found {
  const answering = sources.filter(({ models }) => models.length > 0);
  const source = model === undefined ? answering[0] : answering.find(({ models }) => models.includes(model));
  const chosen = model ?? source?.models[0];
  if (source === undefined || chosen === undefined) {
    throw missing(
      ["--base-url and OPENAI_BASE_URL: not set", "OPENAI_API_KEY: not set", ...sources.map(report)],
      model === undefined ? waysOut : `None of them has the model "${model}". ${waysOut}`,
    );
  }
  options.say(`No base URL was named: using ${chosen} of ${source.name} at ${hostOf(source.baseUrl)}.`);
  return { place: { baseUrl: source.baseUrl, readKey: () => Promise.resolve(null) }, model: chosen };
}

const waysOut =
  "Start Ollama or LM Studio with a chat model, or name a server with --base-url URL --model NAME " +
  "(and --api-key-env VARIABLE where it wants a key), or set OPENAI_BASE_URL, OPENAI_API_KEY and BYZER_MODEL.";

function report({ name, models, problem }: ModelSource): string {
  return `${name}: ${problem ?? models.join(", ")}`;
}

function missing(looked: readonly string[], ways: string): AgentError<"model.missing"> {
  const list = looked.map((line) => `  - ${line}`).join("\n");
  return new AgentError("model.missing", { looked }, `No model to talk to. Looked for:\n${list}\n${ways}`);
}

function valueGiven(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" ? undefined : trimmed;
}
