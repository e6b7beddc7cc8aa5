import type { RunEvent } from "../core/run.ts";
import type { Problem } from "../protocol/problem.ts";

/** What is done without, where a service fails. */
type LackedService = "embedding" | "rerank";

const leads: Readonly<Record<LackedService, string>> = {
  embedding: "The files were searched by words only, because there are no embeddings",
  rerank: "The passages are in the order of the search, because reranking failed",
};

/** Tells the person what an answer had to do without, with the facts that say it in another language. */
export function failureNotice(service: LackedService, { code, message, details }: Problem): RunEvent {
  return {
    type: "notice",
    severity: "warning",
    code: `${service}-failed`,
    text: `${leads[service]}: ${message}`,
    values: { reason: message, code, details: JSON.stringify(details) },
  };
}
