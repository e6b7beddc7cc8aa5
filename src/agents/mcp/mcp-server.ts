import { AgentError, messageOf } from "../base/errors.ts";
import type { Tool, ToolResult } from "../ports/tool.ts";
import { type VariableSources, expandVariables } from "./expand-variables.ts";
import type { connectMcp } from "./mcp-client.ts";
import type { McpConnection, McpEnding, McpLimits, McpToolInfo } from "./mcp-connection.ts";
import type { McpDefinition } from "./mcp-definition.ts";

/** Ends by itself within the time that a server may have; then it is started no more. */
const mostDeaths = 4;
const deathsWithinMs = 600_000;

interface McpServerParts extends VariableSources {
  readonly load: () => Promise<typeof connectMcp>;
  readonly allow: (definition: McpDefinition) => Promise<boolean>;
  readonly limits: McpLimits;
  readonly now: () => number;
  readonly onTools: () => void;
}

/** One server: reached when it is first needed, and again when it has ended and is needed once more. */
export class McpServer {
  readonly definition: McpDefinition;
  readonly #parts: McpServerParts;
  #opening: Promise<McpConnection> | undefined;
  #connection: McpConnection | undefined;
  #tools: readonly Tool[] = [];
  #deaths: readonly number[] = [];
  #isClosed = false;

  constructor(definition: McpDefinition, parts: McpServerParts) {
    this.definition = definition;
    this.#parts = parts;
  }

  get name(): string {
    return this.definition.name;
  }

  /** As the server last listed them, also after it has ended. */
  get tools(): readonly Tool[] {
    return this.#tools;
  }

  /**
   * Reaches the server; whoever waits gives up with `signal`, the server is reached for others nevertheless.
   *
   * @throws AgentError `mcp.*`
   */
  async open(signal: AbortSignal): Promise<McpConnection> {
    // Nothing is reached for whoever has given up already.
    signal.throwIfAborted();
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return await unlessAborted(this.#opening, signal);
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const connection = await this.#opening?.catch(() => undefined);
    await connection?.close();
  }

  async #open(): Promise<McpConnection> {
    const { definition, name: server } = this;
    const { load, allow, limits, now } = this.#parts;
    this.#deaths = this.#deaths.filter((at) => now() - at < deathsWithinMs);
    if (this.#deaths.length >= mostDeaths) {
      const times = this.#deaths.length;
      const message = `The MCP server ${server} ended ${times} times within ten minutes and is not started again for now.`;
      throw new AgentError("mcp.gave-up", { server, times }, message);
    }

    if (definition.needsYes && !(await allow(definition))) {
      const message = `The MCP server ${server} may not be used: it needs the person's yes.`;
      throw new AgentError("mcp.denied", { server }, message);
    }

    const target = await expandVariables(definition, this.#parts);
    const connect = await load();
    const onEnd = (ending: McpEnding): void => this.#ended(ending);
    const connection = await connect({ server, target, limits, onTools: () => this.#listed(), onEnd });
    if (this.#isClosed) {
      await connection.close();
    }

    this.#connection = connection;
    this.#listed();
    return connection;
  }

  #ended({ kind }: McpEnding): void {
    if (kind !== "closed") {
      this.#deaths = [...this.#deaths, this.#parts.now()];
    }

    this.#connection = undefined;
    this.#opening = undefined;
  }

  #listed(): void {
    if (this.#connection !== undefined) {
      this.#tools = this.#connection.tools.map((tool) => this.#toolOf(tool));
      this.#parts.onTools();
    }
  }

  #toolOf({ name, calledAs, description, parameters, saysReadOnly }: McpToolInfo): Tool {
    return {
      name: `mcp:${this.name}/${name}`,
      description,
      parameters,
      origin: `mcp:${this.name}`,
      effect: saysReadOnly && this.definition.isTrusted ? "reads" : "acts",
      run: (input, { signal }) => this.#call(calledAs, input, signal),
    };
  }

  async #call(tool: string, input: unknown, signal: AbortSignal): Promise<ToolResult> {
    try {
      const connection = await this.open(signal);
      return await connection.call(tool, input, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { text: messageOf(error), failed: true };
    }
  }
}

/** @throws the reason of the signal. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
