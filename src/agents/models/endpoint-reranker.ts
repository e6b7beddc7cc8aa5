import { AgentError } from "../base/errors.ts";
import type { Reranker } from "../ports/reranker.ts";
import { askService, serviceError, type ServiceAnswer, type ServiceContext } from "./ask-service.ts";
import { hostOf, normalizeBaseUrl } from "./base-url.ts";
import { openEndpoint, type EndpointOptions } from "./endpoint.ts";
import { isJsonObject } from "./lenient-json.ts";
import { waitFor } from "./retry-policy.ts";

export interface EndpointRerankerOptions extends EndpointOptions {
  readonly model: string;
  /** Waits between tries; a timer where left out. Rejects with the signal's reason. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** What was learned about the server, for as long as the reranker lives. */
interface Lessons {
  /** `documents` as Cohere, Jina, vLLM and llama.cpp want them; `texts` as Text Embeddings Inference does. */
  form: "documents" | "texts";
  /** Under the base URL, or at the root of the server. */
  path: string;
  mostCharacters: number;
  mostTexts: number;
}

interface Work {
  readonly context: ServiceContext;
  readonly lessons: Lessons;
  readonly question: string;
  readonly texts: readonly string[];
}

const shortestCut = 100;
const isTooLong = /too long|too large|longer than|max(?:imum)?.{0,20}(?:tokens|length|context)|exceed/iu;
const isTooMany = /batch|too many|at most|number of (?:texts|documents)/iu;

/**
 * A service that judges passages, at `/rerank` of its address. Waits out rate limits and server errors as chats do;
 * learns which form the server wants, how long passages may be and how many it takes.
 */
export function createEndpointReranker(options: EndpointRerankerOptions): Reranker {
  const baseUrl = normalizeBaseUrl(options.baseUrl).replace(/\/rerank$/u, "");
  const endpoint = openEndpoint({ ...options, baseUrl });
  const context: ServiceContext = { endpoint, model: options.model, service: "rerank", wait: options.wait ?? waitFor };
  const lessons: Lessons = { form: "documents", path: "/rerank", mostCharacters: Infinity, mostTexts: Infinity };
  return {
    model: options.model,
    rerank: async (question, texts, signal) => {
      signal.throwIfAborted();
      return texts.length === 0 ? [] : await judge({ context, lessons, question, texts }, signal);
    },
  };
}

/** Judges all texts, in as many calls as the server needs: its scores are comparable across calls. */
async function judge(work: Work, signal: AbortSignal): Promise<readonly number[]> {
  const { context, lessons, texts } = work;
  const tried = new Set<string>();
  for (;;) {
    if (texts.length > lessons.mostTexts) {
      const first = texts.slice(0, lessons.mostTexts);
      // oxlint-disable-next-line no-await-in-loop -- the loop ends here
      const scores = await judge({ ...work, texts: first }, signal);
      // oxlint-disable-next-line no-await-in-loop -- the loop ends here
      return [...scores, ...(await judge({ ...work, texts: texts.slice(first.length) }, signal))];
    }
    tried.add(lessons.form + lessons.path);
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const answer = await send(work, signal);
    if (answer.ok) {
      return scoresIn(answer.value, work);
    }
    if (!learn(work, answer, tried)) {
      // oxlint-disable-next-line no-await-in-loop -- the loop ends here
      throw await serviceError(context, answer, signal);
    }
  }
}

async function send({ context, lessons, question, texts }: Work, signal: AbortSignal): Promise<ServiceAnswer> {
  const { model } = context;
  const short = texts.map((text) => text.slice(0, lessons.mostCharacters));
  const body =
    lessons.form === "texts"
      ? { query: question, texts: short, truncate: true }
      : { model, query: question, documents: short, top_n: short.length, return_documents: false };
  return await askService(context, lessons.path, body, signal);
}

type Failed = Extract<ServiceAnswer, { ok: false }>;

/** Changes what is sent next; false where there is nothing left to change. */
function learn({ context, lessons, texts }: Work, failed: Failed, tried: ReadonlySet<string>): boolean {
  const { status, reason } = failed.failure;
  const isRefusal = status === 400 || status === 413 || status === 422;
  if (isRefusal && lessons.form === "documents" && /\btexts\b/u.test(reason)) {
    lessons.form = "texts";
    return true;
  }
  if (isRefusal && texts.length > 1 && isTooMany.test(reason)) {
    lessons.mostTexts = Math.ceil(texts.length / 2);
    return true;
  }
  const longest = Math.min(lessons.mostCharacters, Math.max(...texts.map(({ length }) => length)));
  if (isAboutLength(failed) && longest > shortestCut) {
    lessons.mostCharacters = Math.max(shortestCut, Math.floor(longest * 0.6));
    return true;
  }
  const root = new URL("/rerank", context.endpoint.baseUrl).href;
  if (isNoRoute(failed) && !tried.has(lessons.form + root)) {
    lessons.path = root;
    return true;
  }
  return false;
}

function isAboutLength({ failure, diagnosis }: Failed): boolean {
  return diagnosis.type === "too-long" || (failure.status !== null && isTooLong.test(failure.reason));
}

function isNoRoute({ failure, diagnosis }: Failed): boolean {
  return diagnosis.type === "not-found" || failure.kind === "not-an-api";
}

/** The score of each text, from a list of `{index, relevance_score}` or `{index, score}`. */
function scoresIn(value: unknown, { context, texts }: Work): readonly number[] {
  const list = isJsonObject(value) ? (value["results"] ?? value["data"]) : value;
  const found = new Map<number, number>();
  for (const entry of Array.isArray(list) ? list.filter(isJsonObject) : []) {
    const score = entry["relevance_score"] ?? entry["score"];
    const { index } = entry;
    if (typeof index === "number" && index in texts && typeof score === "number" && Number.isFinite(score)) {
      found.set(index, score);
    }
  }
  if (found.size !== texts.length) {
    const { baseUrl } = context.endpoint;
    const reason = `${found.size} scores came for ${texts.length} passages`;
    const sentence = `${context.model} at ${hostOf(baseUrl)} did not judge the passages: ${reason}. Check the address of the rerank service and its model.`;
    throw new AgentError("rerank.malformed", { baseUrl, reason }, sentence);
  }
  return texts.map((_, at) => found.get(at) ?? 0);
}
