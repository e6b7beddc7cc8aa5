import { AgentError, messageOf } from "../base/errors.ts";
import type { Problem } from "../protocol/problem.ts";

/** A failure as events carry it. What is no {@link AgentError} gets the code `unexpected`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AgentError) {
    return { code: error.code, message: error.message, details: JSON.parse(JSON.stringify(error.details)) };
  }

  return { code: "unexpected", message: messageOf(error), details: {} };
}
