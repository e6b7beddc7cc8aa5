import { AgentError } from "../base/errors.ts";
import { createChatReranker } from "../models/chat-reranker.ts";
import { createEndpointReranker } from "../models/endpoint-reranker.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { Reranker } from "../ports/reranker.ts";

/** The options by which a command is told what puts found passages into order. */
export const rerankOptions = {
  rerank: { type: "string" },
  "rerank-model": { type: "string" },
} as const;

interface RerankValues {
  readonly rerank?: string | undefined;
  readonly "rerank-model"?: string | undefined;
}

type FindReranker = (signal: AbortSignal) => Promise<Reranker | null>;

/**
 * What `--rerank` names: the chat model, or a service with its model; nothing where it is left out.
 *
 * @throws AgentError `cli.usage`
 */
export function commandReranker(
  values: RerankValues,
  models: ModelProvider,
  environment: { readonly [name: string]: string | undefined },
): FindReranker | undefined {
  const { rerank } = values;
  if (rerank === undefined) {
    return undefined;
  }

  if (rerank === "model") {
    return (signal) => chatReranker(models, signal);
  }

  const model = values["rerank-model"] ?? environment["BYZER_RERANK_MODEL"] ?? "";
  if (!/^https?:\/\//u.test(rerank) || model === "") {
    throw new AgentError(
      "cli.usage",
      { argument: "--rerank" },
      `--rerank wants "model" for the chat model, or the URL of a rerank service together with --rerank-model NAME; got ${rerank}.`,
    );
  }

  const readKey = () => Promise.resolve(environment["BYZER_RERANK_API_KEY"] ?? null);
  const service = createEndpointReranker({ baseUrl: rerank, model, readKey });
  return () => Promise.resolve(service);
}

/** Without a chat model the passages stay as they were found. */
async function chatReranker(models: ModelProvider, signal: AbortSignal): Promise<Reranker | null> {
  try {
    return createChatReranker(await models.modelFor("chat", signal));
  } catch (error) {
    if (AgentError.is(error, "model.missing")) {
      return null;
    }

    throw error;
  }
}
