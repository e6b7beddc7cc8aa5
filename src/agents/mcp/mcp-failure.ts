import { AgentError } from "../base/errors.ts";
import type { McpEnding } from "./mcp-connection.ts";

/** Why a server does not answer any more. */
export function endingError(server: string, ending: McpEnding): AgentError {
  switch (ending.kind) {
    case "exited": {
      const { exitCode, tail } = ending;
      const last = tail.split("\n").slice(-5).join("\n");
      const how = exitCode === null ? "was ended" : `ended with exit code ${exitCode}`;
      const message = `The MCP server ${server} ${how}.${last === "" ? "" : ` It said last: ${last}`}`;
      return new AgentError("mcp.exited", { server, exitCode, tail: last }, message);
    }
    case "flood":
      return new AgentError("mcp.flood", { server }, `The MCP server ${server} sent too much and was ended.`);
    case "silent":
      return new AgentError(
        "mcp.silent",
        { server },
        `The MCP server ${server} did not answer any more and was ended.`,
      );
    case "closed":
      return unreachable(server, "the connection was closed");
  }
}

/** A server that cannot be started, reached or understood. */
export function unreachable(server: string, reason: string, cause?: unknown): AgentError {
  const message = `The MCP server ${server} cannot be reached: ${reason}`;
  return new AgentError("mcp.unreachable", { server, reason }, message, cause);
}
