import type { ChatModel, ModelRequest } from "./chat-model.ts";

/** Asks a chat model and gives what it said: who passes one counts what the call costs. */
export type AskChat = (model: ChatModel, request: ModelRequest) => Promise<string>;

/** Judges how well passages answer a question, better and slower than a search. */
export interface Reranker {
  readonly model: string;
  /**
   * A score for each text, in their order; higher is better.
   *
   * @param ask By which a chat model that judges is asked; left out, it is asked directly.
   * @throws AgentError `rerank.*`, and what `ask` throws. Abort rejects with the signal's reason.
   */
  rerank(question: string, texts: readonly string[], signal: AbortSignal, ask?: AskChat): Promise<readonly number[]>;
}
