import { workspace } from "vscode";
import type { Embedder } from "../../agents/ports/embedder.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";
import type { ModelChoices } from "./model-choices.ts";

/** A server on this machine answers at once or is not there. */
const lookLimitMs = 2000;
const ollamaName = "Ollama";

export interface EmbedderPlaces {
  readonly choices: Pick<ModelChoices, "get">;
  /** Read at the moment of use. */
  readonly keys: EndpointKeys;
}

/**
 * The model that embeds text: the person's choice, else one that Ollama has on this machine. `null` where there is none,
 * and in a workspace that is not trusted: there, nothing of it is sent before the person asks.
 */
export async function findEmbedder({ choices, keys }: EmbedderPlaces, signal: AbortSignal): Promise<Embedder | null> {
  if (!workspace.isTrusted) {
    return null;
  }
  const { createOpenAiEmbedder, discoverEmbedders } = await loadAgents();
  const choice = choices.get("embedding");
  if (choice !== null) {
    const { provider, baseUrl, model } = choice;
    const readKey = async (): Promise<string | null> => (await keys.get(baseUrl)) ?? null;
    return provider === "openai-compatible" ? createOpenAiEmbedder({ baseUrl, model, readKey }) : null;
  }
  if (!readSetting("models.discover")) {
    return null;
  }
  const options = { configured: [], environment: process.env, timeoutMs: lookLimitMs };
  const sources = await discoverEmbedders(options, signal);
  const source = sources.find(({ name }) => name === ollamaName);
  const [model] = source?.models ?? [];
  return source === undefined || model === undefined
    ? null
    : createOpenAiEmbedder({ baseUrl: source.baseUrl, model, readKey: source.readKey });
}
