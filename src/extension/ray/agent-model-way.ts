import type { ModelWay } from "../../agents/protocol/remote-agents.ts";
import type { ModelCatalog } from "../models/model-catalog.ts";
import { readSetting } from "../platform/configuration.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";

/**
 * How agents on a cluster reach models: through the window, or by themselves where the person has set that and the chosen
 * model is at an address. The key is then sent to them.
 */
export async function agentModelWay(catalog: ModelCatalog, keys: EndpointKeys): Promise<ModelWay> {
  if (readSetting("ray.models") === "window") {
    return { kind: "window" };
  }
  if (catalog.state.choice === null) {
    await catalog.ensureLooked();
  }
  const { choice, roles } = catalog.state;
  if (choice?.provider !== "openai-compatible") {
    return { kind: "window" };
  }
  const { baseUrl, model } = choice;
  // Only one address is told; a role whose model is at another has the chat's.
  const modelOf = (role: "router" | "reviewer"): string => {
    const own = roles[role];
    return own?.provider === choice.provider && own.baseUrl === baseUrl ? own.model : model;
  };
  const models = { chat: model, router: modelOf("router"), reviewer: modelOf("reviewer") };
  return { kind: "endpoint", baseUrl, key: (await keys.get(baseUrl)) ?? null, models };
}
