import type { AgentError } from "../base/errors.ts";
import type { ModelTool } from "./chat-model.ts";

/** What a tool gives back: text for the model; where it failed, what went wrong and the way out. */
export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

/** Who calls a tool, and within what. */
export interface ToolCaller {
  readonly agent: string;
  readonly signal: AbortSignal;
}

/** Something that agents can do besides talking. */
export interface Tool extends ModelTool {
  /** Where it comes from, for people: `byzer`, an MCP server's name, an extension's id, an agent's file. */
  readonly origin: string;
  /**
   * `reads`: only reads what the session may read, so that nobody is asked. `acts`: every call needs a yes, unless the
   * person has given one for the tool. `own`: it asks for itself, such as code that is approved as a cell.
   */
  readonly effect: "reads" | "acts" | "own";
  /** @param input As the model wrote it, parsed and checked against `parameters`. Never throws for what the tool finds. */
  run(input: unknown, caller: ToolCaller): Promise<ToolResult>;
}

/** The tools that exist now, by name. */
export interface ToolShelf {
  /** Those that the names stand for, `server/*` included; `unknown` are the names that stand for none. */
  find(names: readonly string[]): { readonly tools: readonly Tool[]; readonly unknown: readonly string[] };
  readonly all: readonly Tool[];
  /**
   * Brings what the names stand for onto the shelf, where it has to be fetched first. To be awaited before `find`.
   *
   * @returns Why what cannot be had cannot.
   */
  prepare?(names: readonly string[], signal: AbortSignal): Promise<readonly AgentError[]>;
}

/** A call that wants a yes. */
export interface ToolApprovalRequest {
  readonly turnId: string;
  readonly callId: string;
  readonly tool: string;
  readonly origin: string;
  readonly agent: string;
  /** JSON text of the input, for the person. */
  readonly input: string;
}

/** Asks the person before a tool acts. */
export interface ToolApprovals {
  /** Whether an earlier yes for this tool covers the call. */
  granted(request: ToolApprovalRequest): boolean;
  /** @throws AgentError `approval.needed` where nobody is there to ask. */
  ask(request: ToolApprovalRequest, signal: AbortSignal): Promise<"once" | "session" | "deny">;
}
