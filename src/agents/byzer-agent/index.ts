import { checkAgent, checkTool } from "./read-declaration.ts";
import type * as declared from "./office-types.ts";
import { openOffice } from "./office.ts";

/** As its declaration says. */
export const defineAgent: typeof declared.defineAgent = (agent) => {
  checkAgent(agent.name ?? "The agent", agent);
  return agent;
};

/** As its declaration says. */
export const defineTool: typeof declared.defineTool = (tool) => {
  checkTool(tool.name, tool);
  return tool;
};

/** As its declaration says. */
export const createOffice: typeof declared.createOffice = (options = {}) =>
  openOffice({ model: openAiModel(), ...options });

/** As its declaration says. The client of the model is loaded at the first call. */
export const openAiModel: typeof declared.openAiModel = (options = {}) => {
  let opening: Promise<declared.OfficeModel> | undefined;
  return async (request) => {
    opening ??= import("./environment-model.ts").then(({ openEnvironmentModel }) => openEnvironmentModel(options));
    const model = await opening;
    return model(request);
  };
};
