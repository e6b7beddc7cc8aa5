import type { Metadata } from "../core/reply.ts";

const ofThisAnswerAlone: ReadonlySet<string> = new Set(["shownAs", "forget", "finished", "answeredBy"]);

/** What of an answer's metadata goes on with it when another agent answers with the same words. */
export function withoutPlace(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !ofThisAnswerAlone.has(name)));
}
