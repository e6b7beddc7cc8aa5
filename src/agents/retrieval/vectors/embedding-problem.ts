import { AgentError, type ErrorCode, messageOf } from "../../base/errors.ts";

/** Why embeddings are not being made. */
export interface EmbeddingProblem {
  /** `null` for a fault of the program. */
  readonly code: ErrorCode | null;
  readonly message: string;
}

/** A failure as data. */
export function problemOf(error: unknown): EmbeddingProblem {
  return { code: error instanceof AgentError ? error.code : null, message: messageOf(error) };
}
