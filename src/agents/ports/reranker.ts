/** Judges how well passages answer a question, better and slower than a search. */
export interface Reranker {
  readonly model: string;
  /**
   * A score for each text, in their order; higher is better.
   *
   * @throws AgentError `rerank.*`. Abort rejects with the signal's reason.
   */
  rerank(question: string, texts: readonly string[], signal: AbortSignal): Promise<readonly number[]>;
}
