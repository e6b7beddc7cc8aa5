import type { ToolResult } from "../ports/tool.ts";

/** A tool as a server describes it; every word of it is the server's. */
export interface McpToolInfo {
  /** Without signs that nobody sees; its own in the server's list. */
  readonly name: string;
  /** What the server knows it by. */
  readonly calledAs: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly parameters: { readonly [key: string]: unknown };
  readonly saysReadOnly: boolean;
}

/** How a connection ended. */
export type McpEnding =
  | { readonly kind: "exited"; readonly exitCode: number | null; readonly tail: string }
  | { readonly kind: "flood" }
  | { readonly kind: "silent" }
  /** Whoever uses it ended it, or it is to be opened anew. */
  | { readonly kind: "closed" };

/** A server that has been reached. */
export interface McpConnection {
  /** As the server last listed them. */
  readonly tools: readonly McpToolInfo[];
  /** @throws AgentError `mcp.*`, or the reason of the signal. */
  call(tool: string, input: unknown, signal: AbortSignal): Promise<ToolResult>;
  close(): Promise<void>;
}

/** What a server may take. */
export interface McpLimits {
  readonly connectMs: number;
  /** Of one call, counted anew whenever the server says how far it is. */
  readonly callMs: number;
  readonly longestCallMs: number;
  /** Within which a server that left a call unanswered has to give a sign of life. */
  readonly pingMs: number;
  /** Bytes of one message, or of one response. */
  readonly messageBytes: number;
  /** Messages within ten seconds that nobody asked for. */
  readonly unasked: number;
  readonly tools: number;
  /** Characters of a result. */
  readonly resultChars: number;
}

/** What servers are given unless somebody knows better. */
export const mcpLimits: McpLimits = {
  connectMs: 60_000,
  callMs: 120_000,
  longestCallMs: 1_800_000,
  pingMs: 5_000,
  messageBytes: 32 * 1024 * 1024,
  unasked: 2_000,
  tools: 500,
  resultChars: 40_000,
};
