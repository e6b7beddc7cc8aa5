import type { Disposable } from "vscode";
import { CodeAgentCommands } from "../agents/code-agent-commands.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Starting, stopping and debugging agents in code. */
export const codeAgents: Contribution = {
  name: "code agents",
  activate: (services): Disposable => {
    const commands = new CodeAgentCommands(services.agents);
    return registerCommands(services, {
      "byzer.startAgent": (given) => commands.start(given),
      "byzer.stopAgent": (given) => commands.stop(given),
      "byzer.restartAgent": (given) => commands.restart(given),
      "byzer.debugAgent": (given) => commands.debug(given),
      "byzer.showAgentOutput": (given) => commands.showOutput(given),
    });
  },
};
