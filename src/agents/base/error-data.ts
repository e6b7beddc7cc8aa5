import { AgentError, type ErrorCode, type ErrorDetails, messageOf } from "./errors.ts";

/** An error as data that survives the way between threads. */
export interface ErrorData {
  /** Of an `AgentError`; `null` for a fault of the program. */
  readonly code: string | null;
  readonly details: unknown;
  readonly message: string;
  readonly stack: string;
}

/** Makes data of whatever was thrown. */
export function errorData(error: unknown): ErrorData {
  const coded = error instanceof Error && error.name === "AgentError" && "code" in error && "details" in error;
  return {
    code: coded ? String(error.code) : null,
    details: coded ? error.details : {},
    message: messageOf(error),
    stack: error instanceof Error ? (error.stack ?? "") : "",
  };
}

/** The error that another thread of this program met, as the error it was. */
export function errorFrom({ code, details, message, stack }: ErrorData): Error {
  if (code === null) {
    const error = new Error(message);
    error.stack = stack;
    return error;
  }
  // The other thread runs this program: its codes and details are of this table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new AgentError(code as ErrorCode, details as ErrorDetails[ErrorCode], message);
}
