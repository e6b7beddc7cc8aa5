import type { Disposable } from "vscode";
import type { CodeAgentCommands } from "../agents/code-agent-commands.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Starting, stopping and debugging agents in code. */
export const codeAgents: Contribution = {
  name: "code agents",
  activate: (services): Disposable => {
    const { agents } = services;
    const commands = async (): Promise<CodeAgentCommands> => {
      const { CodeAgentCommands: Commands } = await agents.functions();
      return new Commands(agents);
    };
    return registerCommands(services, {
      "byzer.startAgent": async (given) => (await commands()).start(given),
      "byzer.stopAgent": async (given) => (await commands()).stop(given),
      "byzer.restartAgent": async (given) => (await commands()).restart(given),
      "byzer.debugAgent": async (given) => (await commands()).debug(given),
      "byzer.showAgentOutput": async (given) => (await commands()).showOutput(given),
    });
  },
};
