import type { IndexStatus } from "../ports/passage-index.ts";
import { messageOf } from "../base/errors.ts";
import { createEnvironmentEmbedder } from "../models/environment-embedder.ts";
import type { ThreadedPassageIndex } from "../retrieval/passage-index.ts";
import { CommandFailure } from "./command-failure.ts";
import type { CommandStreams } from "./command-streams.ts";

/** The options by which a command is told the model that embeds. */
export const embeddingOptions = {
  "embedding-model": { type: "string" },
  "embedding-base-url": { type: "string" },
} as const;

interface EmbeddingValues {
  readonly "embedding-model"?: string | undefined;
  readonly "embedding-base-url"?: string | undefined;
  readonly "base-url"?: string | undefined;
  readonly "api-key-env"?: string | undefined;
}

/**
 * Lets an index search by meaning too, where a model that embeds was named.
 *
 * @returns its name, else `null`
 * @throws AgentError `embedding.missing`, `cli.usage`
 */
export async function useCommandEmbedder(
  index: ThreadedPassageIndex,
  values: EmbeddingValues,
  streams: CommandStreams,
  signal: AbortSignal,
): Promise<string | null> {
  const embedder = await createEnvironmentEmbedder(
    {
      flags: {
        embeddingModel: values["embedding-model"],
        embeddingBaseUrl: values["embedding-base-url"],
        baseUrl: values["base-url"],
        apiKeyEnv: values["api-key-env"],
      },
      environment: process.env,
      say: (sentence) => streams.err(`${sentence}\n`),
    },
    signal,
  );
  index.useEmbedder(embedder);
  return embedder?.model ?? null;
}

const progressEveryMs = 2000;

/** How far the embedding of a root came. */
export interface EmbeddingOutcome extends Pick<IndexStatus, "embedded" | "passages"> {
  /** Why it is not complete; `null` when it is. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/**
 * Waits until all passages of a root are embedded, or the first failure: that is said, and the index is searched by
 * words. Says on standard error how far a long one has come. Abort rejects with the signal's reason.
 */
export async function embedRoot(
  index: ThreadedPassageIndex,
  root: string,
  streams: CommandStreams,
  signal: AbortSignal,
): Promise<EmbeddingOutcome> {
  const report = async (): Promise<void> => {
    const { embedded, passages } = await index.status(root);
    streams.err(`${embedded} of ${passages} passages embedded\n`);
  };
  const timer = setInterval(() => void report().catch(() => undefined), progressEveryMs);
  let problem: EmbeddingOutcome["problem"] = null;
  try {
    await index.whenEmbedded(root, signal);
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && "code" in error ? String(error.code) : "unexpected";
    problem = { code, message: messageOf(error) };
    streams.err(`${problem.message}\nPassages without an embedding are found by their words.\n`);
  } finally {
    clearInterval(timer);
  }
  const { embedded, passages } = await index.status(root);
  return { embedded, passages, problem };
}

/** Ends a command whose document tells already that the embedding failed. */
export function embeddingFailure({ problem }: EmbeddingOutcome): CommandFailure | null {
  return problem === null ? null : new CommandFailure(problem, true);
}
