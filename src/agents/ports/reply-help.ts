import type { ModelMessage, ModelTool, ModelToolCall } from "./chat-model.ts";
import type { ToolResult } from "./tool.ts";

/** What a model said, whole. */
export interface Completion {
  readonly text: string;
  readonly toolCalls: readonly ModelToolCall[];
}

/** What may be asked of a model. */
export interface CompletionRequest {
  readonly messages: readonly ModelMessage[];
  /** Offered to the model; whoever asks runs the calls. */
  readonly tools?: readonly ModelTool[];
}

/**
 * What a reply function may make use of while it answers one message: the agent's model, its tools, and the eyes of the
 * person. Given by whoever lets the agent answer, so that keys, budgets and approvals stay there.
 */
export interface ReplyHelp {
  /**
   * Asks the agent's model.
   *
   * @param onText Gets the text piece by piece.
   * @throws AgentError `model.*`, `run.budget`.
   */
  complete(request: CompletionRequest, onText?: (text: string) => void): Promise<Completion>;
  /** Calls one of the agent's tools, asking the person where the tool acts. A name that it lacks fails in the result. */
  callTool(name: string, input: unknown): Promise<ToolResult>;
  /** Shows a piece of the answer that is being written; the answer that follows holds all of them. */
  show(text: string): void;
}
