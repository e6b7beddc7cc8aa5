import { l10n } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { ModelProvider } from "../../agents/ports/chat-model.ts";
import type { Reranker } from "../../agents/ports/reranker.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";

export interface RerankerPlaces {
  readonly models: ModelProvider;
  /** Read at the moment of use. */
  readonly keys: EndpointKeys;
}

/** What puts found passages into order, as the settings say; `null` where the search itself does. */
export async function findReranker({ models, keys }: RerankerPlaces, signal: AbortSignal): Promise<Reranker | null> {
  const kind = readSetting("retrieval.reranker");
  if (kind === "off") {
    return null;
  }
  const { createChatReranker, createEndpointReranker } = await loadAgents();
  if (kind === "model") {
    return chatReranker(models, createChatReranker, signal);
  }
  const baseUrl = readSetting("retrieval.rerankEndpoint").trim();
  const model = readSetting("retrieval.rerankModel").trim();
  if (baseUrl === "" || model === "") {
    return notSetUp(l10n.t("No rerank service and model are named in the settings."));
  }
  return createEndpointReranker({ baseUrl, model, readKey: async () => (await keys.get(baseUrl)) ?? null });
}

/** Without a chat model nothing judges passages: they are then shown as they were found. */
async function chatReranker(
  models: ModelProvider,
  create: (model: Awaited<ReturnType<ModelProvider["modelFor"]>>) => Reranker,
  signal: AbortSignal,
): Promise<Reranker | null> {
  try {
    return create(await models.modelFor("chat", signal));
  } catch (error) {
    if (AgentError.is(error, "model.missing")) {
      return null;
    }
    throw error;
  }
}

/** Fails when it is used, so that the person is told beside the answer. */
function notSetUp(reason: string): Reranker {
  return {
    model: "",
    rerank: async () => Promise.reject(new AgentError("rerank.failed", { baseUrl: "", status: null, reason }, reason)),
  };
}
