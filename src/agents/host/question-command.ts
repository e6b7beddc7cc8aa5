import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { createEndpointMemory } from "../models/endpoint-memory.ts";
import { createEnvironmentModels } from "../models/environment-models.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { Turn } from "../protocol/session-state.ts";
import type { AnalysisSession } from "../sessions/analysis-session.ts";
import { createClusterFirstModels } from "./cluster-first-models.ts";
import type { CommandCluster } from "./command-cluster.ts";
import { CommandFailure } from "./command-failure.ts";
import type { CommandStreams } from "./command-streams.ts";

/** The options by which a command is told its model. */
export const modelOptions = {
  "base-url": { type: "string" },
  model: { type: "string" },
  "api-key-env": { type: "string" },
} as const;

/** What they say. */
export interface ModelFlags {
  readonly "base-url"?: string | undefined;
  readonly model?: string | undefined;
  readonly "api-key-env"?: string | undefined;
}

/** The model that the options name, as far as they do. */
export function modelFlags(values: ModelFlags) {
  return {
    ...(values["base-url"] === undefined ? {} : { baseUrl: values["base-url"] }),
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values["api-key-env"] === undefined ? {} : { apiKeyEnv: values["api-key-env"] }),
  };
}

/**
 * The models that a command asks: the one that its options name and that is on its cluster; else those of its options, of
 * the environment, or a server that is found.
 */
export function commandModels(values: ModelFlags, streams: CommandStreams, cluster?: CommandCluster): ModelProvider {
  const memory = createEndpointMemory();
  const say = (sentence: string): void => streams.err(`${sentence}\n`);
  const environment = process.env;
  const otherwise = createEnvironmentModels({ flags: modelFlags(values), environment, memory, say });
  const { model: name } = values;
  return cluster === undefined || name === undefined || values["base-url"] !== undefined
    ? otherwise
    : createClusterFirstModels({ cluster: cluster.connected, name, otherwise, memory, environment, say });
}

/** Where sessions are kept: the folder that is named, else that of the person. */
export function sessionsFolder(named: string | undefined): string {
  return named === undefined ? join(homedir(), ".byzer", "sessions") : resolve(named);
}

/** Why a question has no answer. */
export function turnFailure(turn: Turn): CommandFailure {
  return turn.status === "cancelled"
    ? new CommandFailure({ code: "cancelled", message: "Stopped." })
    : new CommandFailure(turn.problem ?? { code: "unexpected", message: "The question could not be answered." });
}

/** Ctrl-C stops the question; a second one ends the program. @returns What undoes that. */
export function stopOnInterrupt(session: AnalysisSession, streams: CommandStreams): () => void {
  let asked = false;
  const stop = () => {
    if (asked) {
      process.exit(130);
    }

    asked = true;
    streams.err("\nStopping. Press Ctrl-C again to quit at once.\n");
    void session.stop();
  };
  process.on("SIGINT", stop);
  return () => process.off("SIGINT", stop);
}
