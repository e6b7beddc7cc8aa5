import { AgentError } from "../base/errors.ts";
import type { ProcessLimits } from "./process-limits.ts";

/** Why an agent's process is gone. */
export interface AgentEnding {
  /** What was done to it, if anything. */
  readonly cause: "itself" | "stopped" | "blocked" | "not-ready" | "misunderstood";
  readonly exitCode: number | null;
  /** What it printed last. */
  readonly tail: string;
  readonly limits: Pick<ProcessLimits, "blockedMs" | "readyMs">;
}

/** What whoever waited for the agent is told. */
export function describeEnding(name: string, { cause, exitCode, tail, limits }: AgentEnding): AgentError {
  switch (cause) {
    case "stopped":
      return new AgentError("agent.stopped", { name }, `${name} was stopped.`);
    case "blocked": {
      const seconds = limits.blockedMs / 1000;
      const message = `${name} blocked its thread for more than ${seconds} seconds and was ended: a loop that never waits, or work that belongs into a worker thread.`;
      return new AgentError("agent.blocked", { name, seconds }, message);
    }
    case "not-ready": {
      const seconds = limits.readyMs / 1000;
      const message = `${name} was not loaded within ${seconds} seconds and was ended: its file, or its setup, waits for something.`;
      return new AgentError("agent.timeout", { name, seconds }, message);
    }
    case "misunderstood": {
      const reason = "something that cannot be understood";
      return new AgentError("agent.protocol", { name, reason }, `${name} sent ${reason} and was ended.`);
    }
    case "itself": {
      const how = exitCode === null ? "" : ` with exit code ${exitCode}`;
      const last = tail === "" ? "" : `\nIt last said:\n${tail.slice(-1500)}`;
      return new AgentError("agent.exited", { name, exitCode, tail }, `${name}'s process ended${how}.${last}`);
    }
  }
}
