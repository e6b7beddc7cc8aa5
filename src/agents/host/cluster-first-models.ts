import { AgentError } from "../base/errors.ts";
import type { EndpointMemory } from "../models/endpoint-memory.ts";
import { timeoutsFor } from "../models/endpoint.ts";
import { createNodeFetch } from "../models/node-fetch.ts";
import { createOpenAiChatModel } from "../models/openai-chat-model.ts";
import { createProxyAgents } from "../models/proxy-agents.ts";
import type { ChatModel, ModelProvider } from "../ports/chat-model.ts";
import { modelShortageText, modelStateText } from "../protocol/words/cluster-model-text.ts";
import { type ClusterModel, ClusterModels, type ModelCluster } from "../remote/cluster-models.ts";

export interface ClusterFirstModelsOptions {
  /** The cluster, connected. */
  readonly cluster: (signal: AbortSignal) => Promise<ModelCluster>;
  /** The name that the person said. */
  readonly name: string;
  /** Asked where the cluster has no such model. */
  readonly otherwise: ModelProvider;
  readonly memory: EndpointMemory;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Told where the model was found. */
  readonly say: (sentence: string) => void;
}

/**
 * The model of a name on a cluster, for all roles, where one of ours of that name is there; else whatever the environment
 * has of that name. One that is there and does not run is an error, not a reason to ask another.
 */
export function createClusterFirstModels(options: ClusterFirstModelsOptions): ModelProvider {
  const { name, otherwise, say } = options;
  let looked: Promise<ChatModel | undefined> | undefined;
  const found = async (signal: AbortSignal): Promise<ChatModel | undefined> => {
    looked ??= onCluster(options, name, signal);
    try {
      return await looked;
    } catch (error) {
      looked = undefined;
      throw error;
    }
  };
  return {
    async modelFor(role, signal) {
      const model = await found(signal);
      if (model === undefined) {
        say(`The cluster has no model "${name}" of ours: it is looked for elsewhere.`);
        return otherwise.modelFor(role, signal);
      }
      return model;
    },
    async modelNamed(wanted, signal) {
      const there = await onCluster(options, wanted, signal);
      return there ?? otherwise.modelNamed?.(wanted, signal) ?? otherwise.modelFor("chat", signal);
    },
  };
}

async function onCluster(
  options: ClusterFirstModelsOptions,
  name: string,
  signal: AbortSignal,
): Promise<ChatModel | undefined> {
  const models = new ClusterModels(await options.cluster(signal));
  const found = await models.find(name, signal);
  if (found === null) {
    return undefined;
  }
  refuseIdle(found);
  const agentFor = createProxyAgents(options.environment);
  options.say(`Using ${found.servedName} of the cluster at ${found.baseUrl}.`);
  return createOpenAiChatModel({
    baseUrl: found.baseUrl,
    readKey: () => models.readKey(),
    model: found.servedName,
    memory: options.memory,
    ...(agentFor === null ? {} : { fetch: createNodeFetch({ timeoutsFor, agentFor }) }),
  });
}

/** @throws AgentError `remote.model-not-running` */
function refuseIdle({ name, state, message, shortage }: ClusterModel): void {
  if (state === "running") {
    return;
  }
  const reason = [shortage === null ? "" : modelShortageText(shortage, "en"), message].join(" ").trim();
  const text = `The model "${name}" of the cluster ${modelStateText(state, "en")}. ${reason}`.trim();
  throw new AgentError("remote.model-not-running", { name, state, reason }, text);
}
