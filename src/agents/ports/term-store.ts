/** What a term of a person means. */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}

/** Keeps what a person's terms mean, for one workspace. */
export interface TermStore {
  /** Where a person can read and edit them. */
  readonly place: string;
  /** All, by term. @throws AgentError `terms.not-readable`. */
  list(): Promise<readonly Term[]>;
  /** Adds terms; one that is known gets the new meaning. @throws AgentError `terms.not-readable`. */
  keep(terms: readonly Term[]): Promise<void>;
  /** @returns Those that were known. @throws AgentError `terms.not-readable`. */
  forget(terms: readonly string[]): Promise<readonly string[]>;
}
