import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { AgentError, messageOf } from "../base/errors.ts";
import { parseJsonWithComments } from "../mcp/json-with-comments.ts";
import type { connectMcp } from "../mcp/mcp-client.ts";
import { type McpDefinition, readMcpFile } from "../mcp/mcp-definition.ts";
import { McpServers } from "../mcp/mcp-servers.ts";
import { cleanEnvironment } from "../python/clean-environment.ts";

/** The option that names configurations of MCP servers. */
export const mcpFlags = { "mcp-config": { type: "string", multiple: true } } as const;

/**
 * The MCP servers of files that the person named, which is their yes to them. None is started before an agent needs it.
 *
 * @param paths in the form of `mcp.json`
 * @throws AgentError `cli.usage` for a file that cannot be used
 */
export async function commandMcp(paths: readonly string[]): Promise<McpServers> {
  const servers = new McpServers({
    load: loadClient,
    allow: () => Promise.resolve(true),
    environment: process.env,
    baseEnvironment: cleanEnvironment(process.env),
  });
  servers.set((await Promise.all(paths.map((path) => serversIn(path)))).flat());
  return servers;
}

async function serversIn(path: string): Promise<readonly McpDefinition[]> {
  const { servers, problems } = readMcpFile(await parsed(path), {
    name: path,
    folder: process.cwd(),
    needsYes: false,
  });
  if (problems.length > 0) {
    throw new AgentError("cli.usage", { argument: "--mcp-config" }, problems.map(({ message }) => message).join(" "));
  }

  return servers;
}

async function parsed(path: string): Promise<unknown> {
  try {
    return parseJsonWithComments(await readFile(resolve(path), "utf8"));
  } catch (error) {
    const message = `${path} cannot be read as a configuration of MCP servers: ${messageOf(error)}`;
    throw new AgentError("cli.usage", { argument: "--mcp-config" }, message, error);
  }
}

/** A bundle of its own beside the program. */
async function loadClient(): Promise<typeof connectMcp> {
  const loaded: { readonly connectMcp: typeof connectMcp } = await import(new URL("mcp.mjs", import.meta.url).href);
  return loaded.connectMcp;
}
