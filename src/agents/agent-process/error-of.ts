import { AgentError, type ErrorCode } from "../base/errors.ts";
import type { Problem } from "../protocol/problem.ts";

/** A failure that crossed a process as a problem, as it was. */
export function errorOf({ code, message, details }: Problem): Error {
  if (code === "unexpected") {
    return new Error(message);
  }

  // The code and its details were made by an AgentError on the other side.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return new AgentError(code as ErrorCode, details as never, message);
}
