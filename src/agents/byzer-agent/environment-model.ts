import { createEndpointMemory } from "../models/endpoint-memory.ts";
import { createEnvironmentModels } from "../models/environment-models.ts";
import type { Completion } from "./agent-types.ts";
import type { OfficeModel, openAiModel } from "./office-types.ts";

/** Names of roles; another text is the name of a model. */
const roles = ["chat", "router", "reviewer"] as const;

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** The model that flags and environment name, as an office asks it. */
export function openEnvironmentModel(options: NonNullable<Parameters<typeof openAiModel>[0]>): OfficeModel {
  const memory = createEndpointMemory();
  const { apiKey, baseUrl } = options;
  const environment = { ...process.env, ...(apiKey === undefined ? {} : { OPENAI_API_KEY: apiKey }) };
  const providerFor = (model: string | undefined): ReturnType<typeof createEnvironmentModels> => {
    const flags = { ...(baseUrl === undefined ? {} : { baseUrl }), ...(model === undefined ? {} : { model }) };
    return createEnvironmentModels({ flags, environment, memory, say });
  };
  const providers = new Map<string | undefined, ReturnType<typeof createEnvironmentModels>>();
  return async ({ messages, tools, model: named, signal, onText }): Promise<Completion> => {
    const role = roles.find((known) => known === named);
    const name = role === undefined ? (named ?? options.model) : options.model;
    const provider = providers.get(name) ?? providerFor(name);
    providers.set(name, provider);
    const model = await provider.modelFor(role ?? "chat", signal);
    for await (const event of model.complete({ messages, tools }, signal)) {
      if (event.type === "text") {
        onText(event.text);
      } else if (event.type === "end") {
        return { text: event.text, toolCalls: event.toolCalls };
      }
    }

    return { text: "", toolCalls: [] };
  };
}
