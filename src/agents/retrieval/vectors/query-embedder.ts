import type { Embedder } from "../../ports/embedder.ts";
import { problemOf } from "../../ports/problem-of.ts";
import type { Problem } from "../../protocol/problem.ts";
import type { QueryEmbedding } from "./open-vectors.ts";

/** Embeds questions, for as long as that goes quickly. */
export interface QueryEmbedder {
  /** `null` where the embedder fails or is slow, and for a while after. */
  embed(text: string, signal: AbortSignal): Promise<QueryEmbedding | null>;
  /** Resolves when no question is being embedded. */
  idle(): Promise<unknown>;
  problem(): Problem | null;
}

/** A person waits for the answer. */
const patienceMs = 5000;
/** After a failure, questions are not embedded for so long. */
const restMs = 20_000;
const mostRemembered = 100;

export function createQueryEmbedder(embedder: Embedder): QueryEmbedder {
  const remembered = new Map<string, Float32Array>();
  let asking: Promise<unknown> = Promise.resolve();
  let problem: Problem | null = null;
  let restUntilMs = 0;
  const ask = async (text: string, signal: AbortSignal): Promise<Float32Array | null> => {
    const limit = AbortSignal.timeout(patienceMs);
    try {
      const [vector] = await embedder.embed([text], "query", AbortSignal.any([signal, limit]));
      problem = null;
      return vector ?? null;
    } catch (error) {
      signal.throwIfAborted();
      restUntilMs = performance.now() + restMs;
      problem = limit.aborted ? tooSlow(embedder) : problemOf(error);
      return null;
    }
  };
  return {
    embed: async (text, signal) => {
      signal.throwIfAborted();
      const known = remembered.get(text);
      if (known === undefined && performance.now() < restUntilMs) {
        return null;
      }
      const one = known === undefined ? ask(text, signal) : Promise.resolve(known);
      asking = Promise.allSettled([asking, one]);
      const vector = await one;
      if (vector === null) {
        return null;
      }
      remembered.delete(text);
      remembered.set(text, vector);
      const oldest = remembered.size > mostRemembered ? remembered.keys().next().value : undefined;
      if (oldest !== undefined) {
        remembered.delete(oldest);
      }
      return { embedder: embedder.id, vector };
    },
    idle: () => asking,
    problem: () => problem,
  };
}

function tooSlow({ model, place }: Embedder): Problem {
  const reason = `no answer within ${patienceMs / 1000} s`;
  const message = `${model} at ${place} did not embed a question: ${reason}.`;
  return { code: "embedding.unreachable", message, details: { baseUrl: place, reason } };
}
