import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CallToolResultSchema,
  ErrorCode,
  ListToolsResultSchema,
  McpError,
  ToolListChangedNotificationSchema,
  isJSONRPCNotification,
  isJSONRPCRequest,
} from "@modelcontextprotocol/sdk/types.js";
import type { JsonSchemaValidatorResult, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/types.js";
import { AgentError, messageOf } from "../base/errors.ts";
import type { ToolResult } from "../ports/tool.ts";
import type { McpTarget } from "./expand-variables.ts";
import { limitedFetch } from "./limited-fetch.ts";
import type { McpConnection, McpEnding, McpLimits, McpToolInfo } from "./mcp-connection.ts";
import { endingError, unreachable } from "./mcp-failure.ts";
import { namedApart, readTool } from "./read-tool.ts";
import { resultText } from "./result-text.ts";
import { StdioTransport } from "./stdio-transport.ts";

/** Whom to connect to, and who hears of it. */
export interface ConnectParts {
  readonly server: string;
  readonly target: McpTarget;
  readonly limits: McpLimits;
  readonly onTools: () => void;
  /** Called once, also for an end that was asked for. */
  readonly onEnd: (ending: McpEnding) => void;
}

const requestTimeout: number = ErrorCode.RequestTimeout;
const connectionClosed: number = ErrorCode.ConnectionClosed;
/** Milliseconds in which messages that nobody asked for are counted. */
const floodWindowMs = 10_000;

/**
 * Starts or contacts a server and lists its tools.
 *
 * @throws AgentError `mcp.unreachable`, `mcp.exited`, `mcp.flood`.
 */
export async function connectMcp(parts: ConnectParts): Promise<McpConnection> {
  const client = new McpClient(parts);
  await client.open();
  return client;
}

class McpClient implements McpConnection {
  readonly #parts: ConnectParts;
  readonly #client: Client;
  readonly #transport: Transport;
  #tools: readonly McpToolInfo[] = [];
  #ending: McpEnding | undefined;
  #isTold = false;
  #listing: Promise<void> | undefined;
  #isStale = false;
  #unasked = 0;
  #since = 0;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
    const options = { capabilities: {}, jsonSchemaValidator: trusting };
    this.#client = new Client({ name: "byzer-agent", version: "1.0.0" }, options);
    this.#transport = transportOf(parts);
    // The SDK has properties where others have listeners.
    // oxlint-disable unicorn/prefer-add-event-listener
    this.#transport.onmessage = (message) => {
      if (isJSONRPCNotification(message) || isJSONRPCRequest(message)) {
        this.#count();
      }
    };
    this.#client.onclose = () => this.#closed();
    this.#client.onerror = (error) => {
      if (error instanceof RangeError) {
        void this.#end({ kind: "flood" });
      }
    };
    // oxlint-enable unicorn/prefer-add-event-listener
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.#listAgain());
  }

  get tools(): readonly McpToolInfo[] {
    return this.#tools;
  }

  async open(): Promise<void> {
    const { connectMs } = this.#parts.limits;
    const signal = AbortSignal.timeout(connectMs);
    try {
      await this.#client.connect(this.#transport, { timeout: connectMs, signal });
      await this.#list(signal);
    } catch (error) {
      const failure = this.#failureOf(error);
      await this.close();
      throw failure;
    }
  }

  async call(tool: string, input: unknown, signal: AbortSignal): Promise<ToolResult> {
    const { limits } = this.#parts;
    try {
      const result = await this.#client.request(
        { method: "tools/call", params: { name: tool, arguments: { ...Object(input) } } },
        CallToolResultSchema,
        {
          signal,
          timeout: limits.callMs,
          maxTotalTimeout: limits.longestCallMs,
          resetTimeoutOnProgress: true,
          // Without somebody who listens servers do not say how far they are.
          onprogress: () => {},
        },
      );
      return resultText(result, limits.resultChars);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof McpError && error.code === requestTimeout) {
        return this.#judgeSilence(tool);
      }

      if (this.#ending === undefined && error instanceof McpError && !isClosed(error)) {
        return { text: error.message, failed: true };
      }

      const failure = this.#failureOf(error);
      await this.close();
      throw failure;
    }
  }

  close(): Promise<void> {
    return this.#end({ kind: "closed" });
  }

  /** A call was not answered: either the tool takes long, or the server is stuck. */
  async #judgeSilence(tool: string): Promise<ToolResult> {
    const { server, limits } = this.#parts;
    try {
      await this.#client.ping({ timeout: limits.pingMs });
    } catch {
      await this.#end({ kind: "silent" });
      throw this.#failureOf(undefined);
    }

    const seconds = Math.round(limits.callMs / 1_000);
    const message = `${tool} of the MCP server ${server} did not answer within ${seconds} seconds.`;
    throw new AgentError("mcp.timeout", { server, tool, seconds }, message);
  }

  /** A list that changes while it is fetched is fetched once more. */
  #listAgain(): void {
    if (this.#listing !== undefined) {
      this.#isStale = true;
      return;
    }

    this.#isStale = false;
    this.#listing = this.#list(AbortSignal.timeout(this.#parts.limits.connectMs))
      .then(() => this.#parts.onTools())
      // The old list stands until the server tells of another.
      .catch(() => {})
      .finally(() => {
        this.#listing = undefined;
        if (this.#isStale && this.#ending === undefined) {
          this.#listAgain();
        }
      });
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { limits } = this.#parts;
    const found = new Map<string, McpToolInfo>();
    const cursors = new Set<string>();
    let cursor: string | undefined;
    do {
      // Each page says where the next one is.
      // oxlint-disable-next-line no-await-in-loop
      const page = await this.#client.request(
        { method: "tools/list", params: cursor === undefined ? {} : { cursor } },
        ListToolsResultSchema,
        { signal, timeout: limits.connectMs },
      );
      page.tools.map((tool) => readTool(tool)).forEach((tool) => found.set(tool.calledAs, tool));
      cursor = page.nextCursor;
      if (cursor !== undefined && cursors.has(cursor)) {
        break;
      }

      cursors.add(cursor ?? "");
    } while (cursor !== undefined && found.size < limits.tools);
    this.#tools = namedApart([...found.values()].slice(0, limits.tools));
  }

  #count(): void {
    const now = performance.now();
    if (now - this.#since > floodWindowMs) {
      this.#since = now;
      this.#unasked = 0;
    }

    this.#unasked += 1;
    if (this.#unasked > this.#parts.limits.unasked) {
      void this.#end({ kind: "flood" });
    }
  }

  async #end(ending: McpEnding): Promise<void> {
    this.#ending ??= ending;
    if (ending.kind !== "closed" && this.#transport instanceof StdioTransport) {
      await this.#transport.kill();
    }

    await this.#client.close();
    this.#closed();
  }

  #closed(): void {
    const transport = this.#transport;
    this.#ending ??=
      transport instanceof StdioTransport
        ? { kind: "exited", exitCode: transport.exitCode, tail: transport.tail }
        : { kind: "closed" };
    if (!this.#isTold) {
      this.#isTold = true;
      this.#parts.onEnd(this.#ending);
    }
  }

  #failureOf(error: unknown): AgentError {
    const { server } = this.#parts;
    const ending = this.#ending;
    if (error instanceof AgentError) {
      return error;
    }

    return ending === undefined || ending.kind === "closed"
      ? unreachable(server, reasonOf(error, this.#transport), error)
      : endingError(server, ending);
  }
}

/** Results are not checked against a server's own schemas: what it says is text for a model in any case. */
const trusting: jsonSchemaValidator = {
  getValidator:
    <T>() =>
    (input: unknown): JsonSchemaValidatorResult<T> => {
      // The caller says what it takes the value for.
      // oxlint-disable-next-line no-unsafe-type-assertion
      return { valid: true, data: input as T, errorMessage: undefined };
    },
};

function isClosed(error: McpError): boolean {
  return error.code === connectionClosed;
}

function transportOf({ target, limits }: ConnectParts): Transport {
  if (target.kind === "stdio") {
    return new StdioTransport(target, limits.messageBytes);
  }

  const url = new URL(target.url);
  const fetch = limitedFetch(limits.messageBytes);
  const requestInit = { headers: { ...target.headers } };
  return target.kind === "sse"
    ? new SSEClientTransport(url, { requestInit, fetch })
    : new StreamableHTTPClientTransport(url, { requestInit, fetch });
}

/** What the system says lies under what the protocol says. */
function reasonOf(error: unknown, transport: Transport): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  const tail = transport instanceof StdioTransport ? transport.tail.split("\n").slice(-5).join("\n") : "";
  return [`${messageOf(error)}${cause}`, tail].filter((text) => text !== "").join("\n");
}
