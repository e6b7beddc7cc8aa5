import { AgentError } from "../base/errors.ts";
import type { Tool } from "../ports/tool.ts";
import type { VariableSources } from "./expand-variables.ts";
import type { connectMcp } from "./mcp-client.ts";
import { type McpLimits, mcpLimits } from "./mcp-connection.ts";
import type { McpDefinition } from "./mcp-definition.ts";
import { McpServer } from "./mcp-server.ts";

export interface McpServersOptions extends VariableSources {
  /** Loads what speaks the protocol; called when a server is first needed. */
  readonly load: () => Promise<typeof connectMcp>;
  /** Whether a server that came with a workspace may be started or contacted; asks the person where nobody knows. */
  readonly allow: (definition: McpDefinition) => Promise<boolean>;
  readonly limits?: Partial<McpLimits>;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
}

/**
 * The tools of MCP servers, as `mcp:SERVER/TOOL`. No server is started or contacted before an agent that names one of its
 * tools has something to answer.
 */
export class McpServers {
  readonly #options: McpServersOptions;
  readonly #listeners = new Set<() => void>();
  #servers: ReadonlyMap<string, McpServer> = new Map();

  constructor(options: McpServersOptions) {
    this.#options = options;
  }

  /** The tools of the servers that have been reached. */
  get tools(): readonly Tool[] {
    return [...this.#servers.values()].flatMap(({ tools }) => tools);
  }

  /** What a file may name: each server as a whole, and the tools that are known. */
  get names(): readonly { readonly name: string; readonly description: string }[] {
    return [...this.#servers.values()].flatMap((server) => [
      { name: `mcp:${server.name}/*`, description: "" },
      ...server.tools.map(({ name, description }) => ({ name, description })),
    ]);
  }

  /** Takes these servers in place of those before; one that is defined as it was goes on running. */
  set(definitions: readonly McpDefinition[]): void {
    const before = this.#servers;
    const now = new Map<string, McpServer>();
    for (const definition of definitions) {
      const old = before.get(definition.name);
      if (!now.has(definition.name)) {
        const isSame = old !== undefined && JSON.stringify(old.definition) === JSON.stringify(definition);
        now.set(definition.name, isSame ? old : this.#create(definition));
      }
    }

    this.#servers = now;
    [...before.values()].filter((server) => now.get(server.name) !== server).forEach((server) => void server.close());
    this.#tell();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reaches the servers that `names` mention. @returns Why those that cannot be reached cannot. */
  async prepare(names: readonly string[], signal: AbortSignal): Promise<readonly AgentError[]> {
    const named = [...this.#servers.values()].filter((server) => names.some((name) => isOf(name, server.name)));
    const failures = await Promise.all(
      named.map(async (server) => {
        try {
          await server.open(signal);
          return [];
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof AgentError) {
            return [error];
          }

          throw error;
        }
      }),
    );
    return failures.flat();
  }

  /** Ends all servers. */
  async close(): Promise<void> {
    const servers = [...this.#servers.values()];
    this.#servers = new Map();
    await Promise.all(servers.map((server) => server.close()));
  }

  #create(definition: McpDefinition): McpServer {
    const { limits, now = Date.now, ...options } = this.#options;
    return new McpServer(definition, {
      ...options,
      limits: { ...mcpLimits, ...limits },
      now,
      onTools: () => this.#tell(),
    });
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}

/** Names of servers may hold a `/` themselves; the editor's own files leave `mcp:` out. */
function isOf(name: string, server: string): boolean {
  return name.startsWith(`mcp:${server}/`) || name.startsWith(`${server}/`);
}
