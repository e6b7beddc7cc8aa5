/** What a text is embedded for; some models want to be told. */
export type EmbeddingKind = "query" | "passage";

/** Turns texts into vectors whose directions tell how close their meanings are. */
export interface Embedder {
  /** Changes whenever vectors would: those of another id are not compared with these. */
  readonly id: string;
  /** As the person chose it, such as `nomic-embed-text`. */
  readonly model: string;
  /** Where it runs: the base URL. */
  readonly place: string;
  /** Most texts in one call. */
  readonly maxBatch: number;
  /** Reads the key that `place` wants, for another machine that is to embed there; left out where none can. */
  readonly readKey?: () => Promise<string | null>;
  /**
   * One vector for each text, all of one length, none of them zero, with finite numbers only.
   *
   * @throws AgentError `embedding.*`. Abort rejects with the signal's reason.
   */
  embed(texts: readonly string[], kind: EmbeddingKind, signal: AbortSignal): Promise<readonly Float32Array[]>;
}
