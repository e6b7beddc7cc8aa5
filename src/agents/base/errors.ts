/** What each error code carries: the details a client needs to say it in its own words. */
export interface ErrorDetails {
  /** Two agents may not bear one name. */
  "agent.taken": { readonly name: string };
  /** An agent wants to ask the person, and nobody is there. */
  "agent.no-human": { readonly name: string };
  /** A message was sent to a name that nobody bears. */
  "agent.unknown": { readonly name: string };
  /** Code may not run without a yes, and nobody is there to ask. */
  "approval.needed": { readonly effects: readonly string[] };
  /** Arguments of the command line that make no sense. */
  "cli.usage": { readonly argument: string };
  /** What shall be indexed is not there, or cannot be read. */
  "index.not-found": { readonly path: string };
  /** This Node's SQLite has no full-text search. */
  "index.unavailable": { readonly node: string };
  /** Another process goes on writing the index. */
  "index.busy": { readonly path: string };
  /** No room is left where the index is kept, or it may not grow further. */
  "index.full": { readonly path: string };
  "index.not-writable": { readonly path: string; readonly reason: string };
  /** Nothing was asked and answered that could be exported. */
  "export.empty": Record<string, never>;
  /** An export would overwrite a file that the session reads. */
  "export.is-input": { readonly path: string };
  "export.not-writable": { readonly path: string; readonly reason: string };
  /** The extension of an export's file says no format. */
  "export.unknown-format": { readonly path: string };
  /** No model is configured and none was found. `looked` names every place that was tried and what was there. */
  "model.missing": { readonly looked: readonly string[] };
  /** Nothing answers at the address. */
  "model.unreachable": { readonly baseUrl: string; readonly reason: string };
  "model.wrong-key": { readonly baseUrl: string };
  "model.unknown": { readonly baseUrl: string; readonly model: string; readonly known: readonly string[] };
  /** 429. `retryAfterMs` as the server said, where it did. */
  "model.rate-limited": { readonly baseUrl: string; readonly retryAfterMs: number | null };
  /** The server refused the request or failed. */
  "model.failed": { readonly baseUrl: string; readonly status: number | null; readonly reason: string };
  /** The answer stopped in the middle. `text` is what had come. */
  "model.cut": { readonly baseUrl: string; readonly text: string };
  "model.empty": { readonly baseUrl: string; readonly model: string };
  /** The conversation does not fit into the model's context. */
  "model.too-long": { readonly baseUrl: string; readonly reason: string };
  /** The answer could not be understood, after asking once more. */
  "model.malformed": { readonly baseUrl: string; readonly reason: string };
  /** A package could not be installed. */
  "package.failed": { readonly name: string; readonly reason: string };
  /** The page asked for something beyond its session. */
  "page.refused": { readonly what: string };
  /** No Python was found. `looked` names every place that was tried. */
  "python.missing": { readonly looked: readonly string[] };
  /** Python is there and too old, or broken. */
  "python.unusable": { readonly executable: string; readonly reason: string };
  /** It was started and never dialled back. */
  "python.unreachable": { readonly executable: string; readonly tail: string };
  "python.closed": { readonly reason: string };
  "python.untrusted": { readonly reason: string };
  /** A run spent all that it was given. */
  "run.budget": { readonly what: "messages" | "model calls" | "tokens" | "time"; readonly limit: number };
  /** Nothing can be written where sessions are kept. */
  "session.not-writable": { readonly path: string };
  "session.unknown": { readonly sessionId: string };
  /** Another window has it open. */
  "session.elsewhere": { readonly sessionId: string; readonly pid: number };
  "session.damaged": { readonly path: string; readonly line: number };
  /** One question at a time. */
  "session.busy": { readonly sessionId: string };
  "table.not-found": { readonly path: string };
  "table.not-readable": { readonly path: string; readonly reason: string };
  /** Its bytes no longer fit together: another program wrote it while it was read. */
  "table.changed": { readonly path: string };
  /** A directory, a pipe, a device. */
  "table.not-a-file": { readonly path: string };
  "table.empty": { readonly path: string };
  /** The content is no table that can be read. */
  "table.not-a-table": { readonly path: string; readonly reason: string };
  "table.damaged": { readonly path: string; readonly reason: string };
  /** As the person chose to read it, nothing is left of a file that has rows. */
  "table.no-rows": { readonly path: string };
  /** The person stopped the reading before anything was known. */
  "table.stopped": { readonly path: string };
  "table.password": { readonly path: string };
  "table.too-large": { readonly path: string; readonly reason: string };
  /** The model called a tool with input its schema refuses. */
  "tool.input": { readonly tool: string; readonly issues: readonly string[] };
}

export type ErrorCode = keyof ErrorDetails;

/** The one error class of the product: a code, typed details, a sentence that says the way out, and its cause. */
export class AgentError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "AgentError";
  readonly code: C;
  readonly details: ErrorDetails[C];

  constructor(code: C, details: ErrorDetails[C], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** Narrows by code; compares names, not classes, so an error that crossed a process still matches. */
  static is<C extends ErrorCode>(error: unknown, code: C): error is AgentError<C> {
    return error instanceof Error && error.name === "AgentError" && "code" in error && error.code === code;
  }
}

/** The sentence of any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
