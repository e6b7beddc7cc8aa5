import {
  createAnswerAccumulator,
  type Answer,
  type AnswerAccumulator,
  type AnswerPiece,
} from "./answer-accumulator.ts";
import type { Endpoint } from "./endpoint.ts";
import { isJsonObject } from "./lenient-json.ts";
import type { RequestFailure } from "./request-failure.ts";
import { readServerEvents, type ServerEvent } from "./sse-reader.ts";

/** How the reading of one answer ended. */
export type AnswerEnd =
  /** `whole`: it came in one piece. */
  | { readonly type: "answer"; readonly answer: Answer; readonly whole: boolean }
  /** Nothing had come yet: the request may be sent again. */
  | { readonly type: "failed"; readonly failure: RequestFailure }
  | { readonly type: "cut"; readonly reason: string; readonly text: string }
  /** `begun`: part of it was shown already. */
  | { readonly type: "unreadable"; readonly reason: string; readonly begun: boolean };

export interface ReadAnswerOptions {
  /** Names of the tools that were offered. */
  readonly offered: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Reads an answer, streamed or in one piece whatever was asked for, and yields what may be shown.
 * Leaving the loop early closes the connection. Abort rejects with the signal's reason.
 *
 * @yields text, thoughts and pieces of tool calls, in the order they came.
 */
export async function* readAnswer(
  endpoint: Endpoint,
  response: Response,
  options: ReadAnswerOptions,
): AsyncGenerator<AnswerPiece, AnswerEnd> {
  const type = response.headers.get("content-type")?.toLowerCase() ?? "";
  if (/json(?!l|-seq)|html/u.test(type) && !type.includes("ndjson")) {
    return yield* readWhole(endpoint, response, options);
  }
  return yield* new StreamReading(endpoint, options).read(response);
}

async function* readWhole(
  endpoint: Endpoint,
  response: Response,
  options: ReadAnswerOptions,
): AsyncGenerator<AnswerPiece, AnswerEnd> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    options.signal.throwIfAborted();
    return { type: "failed", failure: await endpoint.failureOf(error) };
  }
  const value = parse(text);
  if (value === undefined) {
    const failure = await endpoint.failureOfAnswer(response.status, text);
    return failure.kind === "not-an-api"
      ? { type: "failed", failure }
      : { type: "unreadable", reason: "it is no JSON", begun: false };
  }
  if (reportsError(value)) {
    return { type: "failed", failure: await endpoint.failureOfAnswer(null, value, response.headers) };
  }
  const accumulator = createAnswerAccumulator(options.offered);
  yield* accumulator.add(value);
  const { pieces, answer } = accumulator.end();
  yield* pieces;
  return { type: "answer", answer, whole: true };
}

class StreamReading {
  readonly #endpoint: Endpoint;
  readonly #signal: AbortSignal;
  readonly #accumulator: AnswerAccumulator;
  #done = false;
  #unreadable: string | null = null;
  #garbled = false;
  #reported: unknown = undefined;

  constructor(endpoint: Endpoint, options: ReadAnswerOptions) {
    this.#endpoint = endpoint;
    this.#signal = options.signal;
    this.#accumulator = createAnswerAccumulator(options.offered);
  }

  async *read(response: Response): AsyncGenerator<AnswerPiece, AnswerEnd> {
    let broken: unknown = undefined;
    try {
      for await (const event of readServerEvents(response.body ?? emptyBody())) {
        this.#signal.throwIfAborted();
        yield* this.#take(event);
        if (this.#done || this.#garbled || this.#reported !== undefined) {
          break;
        }
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      broken = error;
    }
    this.#signal.throwIfAborted();
    const failure = await this.#failure(broken);
    const complete = this.#accumulator.finished || (this.#done && this.#unreadable === null);
    if (!complete || this.#reported !== undefined) {
      return this.#incomplete(failure);
    }
    const { pieces, answer } = this.#accumulator.end();
    yield* pieces;
    return { type: "answer", answer, whole: false };
  }

  *#take(event: ServerEvent): Generator<AnswerPiece> {
    // A piece that cannot be read may be the last one of a stream that was cut; before another, something is lost.
    this.#garbled = this.#unreadable !== null && !this.#accumulator.finished;
    if (this.#garbled) {
      return;
    }
    if (event.type === "done") {
      this.#done = true;
    } else if (event.type === "unreadable") {
      this.#unreadable = event.text;
    } else if (reportsError(event.value)) {
      this.#reported = event.value;
    } else {
      yield* this.#accumulator.add(event.value);
    }
  }

  async #failure(broken: unknown): Promise<RequestFailure | null> {
    if (this.#reported !== undefined) {
      return this.#endpoint.failureOfAnswer(null, this.#reported);
    }
    return broken === undefined ? null : this.#endpoint.failureOf(broken);
  }

  #incomplete(failure: RequestFailure | null): AnswerEnd {
    const { begun, text } = this.#accumulator;
    if (failure !== null) {
      return begun ? { type: "cut", reason: failure.reason, text } : { type: "failed", failure };
    }
    if (this.#unreadable !== null && (this.#garbled || !begun)) {
      const what = `a piece of the stream is no JSON: ${this.#unreadable.slice(0, 80)}`;
      return { type: "unreadable", reason: what, begun };
    }
    return begun
      ? { type: "cut", reason: "the stream ended without an end mark", text }
      : { type: "unreadable", reason: "the stream was empty", begun: false };
  }
}

/** An error object where a chunk should be. An `error` of `null` beside the choices is none. */
function reportsError(value: unknown): boolean {
  if (!isJsonObject(value)) {
    return false;
  }
  const { error, choices } = value;
  const stated = error !== undefined && error !== null && error !== "";
  return stated || value["object"] === "error" || (value["type"] === "error" && !Array.isArray(choices));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {
  // A response without a body has no events.
}
