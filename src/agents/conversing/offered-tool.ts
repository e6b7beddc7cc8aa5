import type { Reply } from "../core/reply.ts";
import type { ModelTool } from "../ports/chat-model.ts";
import type { Tool, ToolResult } from "../ports/tool.ts";

/** What came of a call: something for the model to go on with, or the end of the answer. */
export type ToolOutcome =
  | ({ readonly kind: "result" } & ToolResult)
  | { readonly kind: "reply"; readonly reply: Reply };

/** A tool as it is offered to a model for one message. */
export interface OfferedTool {
  readonly tool: ModelTool;
  readonly origin: string;
  readonly effect: Tool["effect"];
  /** Whether the call is shown; not for tools whose effect is seen otherwise, such as a cell. */
  readonly isShown: boolean;
  /** @param input Parsed and checked. @throws what ends the answer. */
  run(input: unknown, signal: AbortSignal): Promise<ToolOutcome>;
}

/** A result for the model. */
export function result(text: string, failed = false): ToolOutcome {
  return { kind: "result", text, failed };
}

/** A tool of the shelf, offered to one agent. */
export function shelfTool(tool: Tool, agent: string): OfferedTool {
  const { name, description, parameters, origin, effect } = tool;
  return {
    tool: { name, description, parameters },
    origin,
    effect,
    isShown: true,
    run: async (input, signal) => ({ kind: "result", ...(await tool.run(input, { agent, signal })) }),
  };
}
