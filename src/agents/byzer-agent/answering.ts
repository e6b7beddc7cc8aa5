import type { Reply } from "../core/reply.ts";
import type { Message } from "../protocol/message.ts";
import type { CompleteOptions, Completion, ModelMessage, SendOptions, ToolResult } from "./agent-types.ts";

/** What an agent in code may make use of while it answers one message. */
export interface AgentPowers {
  send(to: string, content: string, options: SendOptions): Promise<Message | null>;
  complete(messages: readonly ModelMessage[], options: CompleteOptions): Promise<Completion>;
  tool(name: string, input: unknown): Promise<ToolResult>;
  /** Shows a piece of the answer. */
  show(text: string): void;
  log(text: string): void;
}

/** One message to answer, and what is known and may be used. */
export interface Answering {
  readonly message: Message;
  /** Everything exchanged with the sender, oldest first, `message` included. */
  readonly messages: readonly Message[];
  readonly systemMessage: string;
  readonly signal: AbortSignal;
  readonly powers: AgentPowers;
}

/** An agent in code, wherever it runs: in this process, or in one of its own. */
export interface AnsweringAgent {
  /** @throws AgentError `agent.*`, or whatever a power threw. */
  answer(answering: Answering): Promise<Reply>;
}
