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
    opening ??= openModel(options);
    const model = await opening;
    return model(request);
  };
};

/** The editor leaves the client out: there an agent asks its model by `agent.complete`. */
async function openModel(options: Parameters<typeof declared.openAiModel>[0] = {}): Promise<declared.OfficeModel> {
  try {
    const { openEnvironmentModel } = await import("./environment-model.ts");
    return openEnvironmentModel(options);
  } catch (error) {
    throw new Error("There is no model client here: use agent.complete, or createOffice({ model }).", { cause: error });
  }
}
