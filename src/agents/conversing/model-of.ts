import { AgentError } from "../base/errors.ts";
import type { ChatModel, ModelProvider, ModelRole } from "../ports/chat-model.ts";
import type { AgentDefinition } from "../protocol/agent-definition.ts";

const roles: readonly ModelRole[] = ["chat", "router", "reviewer"];

/** The model that an agent is declared with: of a role, by its name, or the chat's. @throws AgentError `model.missing`. */
export async function modelOf(
  { name, model }: Pick<AgentDefinition, "name" | "model">,
  models: ModelProvider,
  signal: AbortSignal,
): Promise<ChatModel> {
  const role = model === null ? "chat" : roles.find((candidate) => candidate === model);
  if (role !== undefined || model === null) {
    return await models.modelFor(role ?? "chat", signal);
  }

  if (models.modelNamed === undefined) {
    const text = `${name} wants the model ${model}, and models cannot be chosen by name here. Give it a role: ${roles.join(", ")}.`;
    throw new AgentError("model.missing", { looked: [model] }, text);
  }

  return await models.modelNamed(model, signal);
}
