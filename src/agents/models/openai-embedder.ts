import { AgentError } from "../base/errors.ts";
import type { Embedder, EmbeddingKind } from "../ports/embedder.ts";
import { askService, serviceError, type ServiceAnswer, type ServiceContext } from "./ask-service.ts";
import { hostOf } from "./base-url.ts";
import { embeddingPrefixId, withEmbeddingPrefix } from "./embedding-prefix.ts";
import { openEndpoint, type EndpointOptions } from "./endpoint.ts";
import { readEmbeddings } from "./read-embeddings.ts";
import { waitFor } from "./retry-policy.ts";

export interface OpenAiEmbedderOptions extends EndpointOptions {
  readonly model: string;
  /** 64 where left out. */
  readonly maxBatch?: number;
  /** Waits between tries; a timer where left out. Rejects with the signal's reason. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** What was learned about the server, for as long as the embedder lives. */
interface Lessons {
  /** `openai`: `/embeddings` under the base URL; `ollama`: `/api/embed` of the server. */
  form: "openai" | "ollama";
  base64: boolean;
  /** Texts are cut to so many characters; `null` while none was too long. */
  mostCharacters: number | null;
  dimensions: number | null;
}

const shortestCut = 100;

/**
 * A model that embeds behind an OpenAI-compatible address, or Ollama's own. Gives texts the prefix that the model wants;
 * waits out rate limits and server errors as chats do; learns how long texts may be and cuts longer ones.
 */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { baseUrl, model } = options;
  const context: ServiceContext = {
    endpoint: openEndpoint(options),
    model,
    service: "embedding",
    wait: options.wait ?? waitFor,
  };
  const isOllama = URL.canParse(baseUrl) && new URL(baseUrl).port === "11434";
  const lessons: Lessons = {
    form: isOllama ? "ollama" : "openai",
    base64: true,
    mostCharacters: null,
    dimensions: null,
  };
  return {
    id: [hostNameOf(baseUrl), model, embeddingPrefixId(model)].join("\n"),
    model,
    place: baseUrl,
    maxBatch: options.maxBatch ?? 64,
    readKey: options.readKey,
    embed: async (texts, kind, signal) => {
      signal.throwIfAborted();
      return texts.length === 0 ? [] : await embed({ context, lessons, texts, kind }, signal);
    },
  };
}

/** Without the port: a server that is started anew at another port gives the vectors that it gave. */
function hostNameOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).hostname.replace("localhost", "127.0.0.1") : baseUrl;
}

interface Work {
  readonly context: ServiceContext;
  readonly lessons: Lessons;
  readonly texts: readonly string[];
  readonly kind: EmbeddingKind;
}

async function embed(work: Work, signal: AbortSignal): Promise<readonly Float32Array[]> {
  const { context, lessons, texts } = work;
  const answer = await ask(work, signal);
  const { baseUrl } = context.endpoint;
  const read = readEmbeddings(answer, texts.length);
  if (!read.ok) {
    const sentence = `${context.model} at ${hostOf(baseUrl)} gave no usable embeddings: ${read.reason}. Look at the server's log, or choose another embedding model.`;
    throw new AgentError("embedding.malformed", { baseUrl, reason: read.reason, texts: read.texts }, sentence);
  }
  const is = read.vectors[0]?.length ?? 0;
  const was = lessons.dimensions ?? is;
  if (was !== is) {
    const sentence = `${context.model} at ${hostOf(baseUrl)} gives embeddings of ${is} numbers; they had ${was} before. Another model seems to answer under this name.`;
    throw new AgentError("embedding.changed", { baseUrl, model: context.model, was, is }, sentence);
  }
  lessons.dimensions = is;
  return read.vectors;
}

/** Asks until the server is understood: each lesson is learned once. */
async function ask(work: Work, signal: AbortSignal): Promise<unknown> {
  const { context, lessons } = work;
  const tried = new Set<string>();
  for (;;) {
    tried.add(lessons.form);
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const answer = await send(work, signal);
    if (answer.ok) {
      return answer.value;
    }
    if (!learn(work, answer, tried)) {
      // oxlint-disable-next-line no-await-in-loop -- the loop ends here
      throw await serviceError(context, answer, signal);
    }
  }
}

async function send({ context, lessons, texts, kind }: Work, signal: AbortSignal): Promise<ServiceAnswer> {
  const { endpoint, model } = context;
  const most = lessons.mostCharacters ?? Number.POSITIVE_INFINITY;
  const input = texts.map((text) => withEmbeddingPrefix(model, kind, cut(text, most)));
  if (lessons.form === "ollama") {
    return await askService(context, ollamaPath(endpoint.baseUrl), { model, input, truncate: true }, signal);
  }
  const encoding = lessons.base64 ? "base64" : "float";
  return await askService(context, "/embeddings", { model, input, encoding_format: encoding }, signal);
}

/** Ollama's own address, beside its OpenAI-compatible one. */
function ollamaPath(baseUrl: string): string {
  return `${baseUrl.replace(/\/v1$/u, "")}/api/embed`;
}

/** A text's beginning, without half a surrogate pair at its end. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/u, "");
}

/** Changes what is sent next; false where there is nothing left to change. */
function learn(
  { lessons, texts }: Work,
  { failure, diagnosis }: Extract<ServiceAnswer, { ok: false }>,
  tried: Set<string>,
): boolean {
  const said = `${failure.code} ${failure.reason}`;
  const longest = Math.min(lessons.mostCharacters ?? Infinity, Math.max(...texts.map(({ length }) => length)));
  if ((diagnosis.type === "too-long" || isTooLong.test(said)) && longest > shortestCut) {
    lessons.mostCharacters = Math.max(shortestCut, Math.floor(longest * 0.6));
    return true;
  }
  const isRefusal = failure.status === 400 || failure.status === 422 || /base64|encoding_format/iu.test(said);
  if (lessons.form === "openai" && lessons.base64 && isRefusal) {
    lessons.base64 = false;
    return true;
  }
  if (diagnosis.type === "not-found" || failure.status === 405 || failure.kind === "not-an-api") {
    const other = lessons.form === "openai" ? "ollama" : "openai";
    if (!tried.has(other)) {
      lessons.form = other;
      return true;
    }
    lessons.form = "openai";
  }
  return false;
}

/** How servers say that a text is too long for the model that embeds: llama.cpp, TEI, vLLM, Ollama. */
const isTooLong =
  /too large to process|increase the physical batch size|must have less than|longer than the maximum|exceeds? (?:the )?(?:maximum|available|context|input length)|input length exceeds/iu;
