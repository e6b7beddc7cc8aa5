/** Carries bodies of JSON both ways, each once and in order, whatever becomes of the connection beneath it. */
export interface BodyChannel {
  send(body: unknown): void;
  /** @returns What ends the listening. */
  onBody(listener: (body: unknown) => void): () => void;
  /** Leaves it. `end`: what it leads to is to end, too. */
  leave(end: boolean): void;
  /** Resolves with the reason, in plain words, when nothing more can come. */
  readonly closed: Promise<string>;
}
