import { createEndpointMemory } from "../../models/endpoint-memory.ts";
import { createOpenAiChatModel } from "../../models/openai-chat-model.ts";
import type { ChatModel, ModelProvider } from "../../ports/chat-model.ts";
import type { ModelWay } from "../../protocol/remote-agents.ts";

type Endpoint = Extract<ModelWay, { readonly kind: "endpoint" }>;

const memory = createEndpointMemory();

/**
 * Models that agents on a cluster reach by themselves, so that they need no window.
 *
 * @param way Waits for the key where the host that knew it was lost: a window says it again.
 */
export function endpointModels(way: (signal: AbortSignal) => Promise<Endpoint>): ModelProvider {
  const open = async (signal: AbortSignal, modelOf: (endpoint: Endpoint) => string): Promise<ChatModel> => {
    const endpoint = await way(signal);
    const { baseUrl, key } = endpoint;
    return createOpenAiChatModel({ baseUrl, readKey: () => Promise.resolve(key), model: modelOf(endpoint), memory });
  };
  return {
    modelFor: (role, signal) => open(signal, ({ models }) => models[role]),
    modelNamed: (name, signal) => open(signal, () => name),
  };
}
