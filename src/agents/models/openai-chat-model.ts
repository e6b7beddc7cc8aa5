import type { AgentError } from "../base/errors.ts";
import type { ChatModel, ModelEvent, ModelRequest } from "../ports/chat-model.ts";
import type { TokenUsage } from "../protocol/model.ts";
import type { Answer } from "./answer-accumulator.ts";
import { hostOf } from "./base-url.ts";
import { diagnose, noImagesRepair, noToolsRepair, type Diagnosis } from "./diagnose.ts";
import type { EndpointMemory, EndpointTraits } from "./endpoint-memory.ts";
import { openEndpoint, type Endpoint, type EndpointOptions } from "./endpoint.ts";
import { addUsage, estimateUsage } from "./estimate-tokens.ts";
import { judgeRefusal } from "./judge-refusal.ts";
import { cutError, emptyError, malformedError, sayDuration, type Asked } from "./model-errors.ts";
import { readAnswer, type AnswerEnd } from "./read-answer.ts";
import { buildChatBody, carriesImages } from "./request-body.ts";
import type { RequestFailure } from "./request-failure.ts";
import { freshRetryState, nextDelay, waitFor, type RetryState } from "./retry-policy.ts";

export interface OpenAiChatModelOptions extends EndpointOptions {
  readonly model: string;
  /** Shared by all clients of the process, so that each lesson is learned once. */
  readonly memory: EndpointMemory;
  /** Waits between tries; a timer where left out. Rejects with the signal's reason. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * A model behind an OpenAI-compatible address. Streams; adapts to what the server refuses and remembers it; waits out
 * rate limits of up to a minute and tries twice more after server errors, as long as nothing of the answer has come.
 * An empty or unreadable answer is asked for once more without streaming.
 */
export function createOpenAiChatModel(options: OpenAiChatModelOptions): ChatModel {
  const endpoint = openEndpoint(options);
  const call = {
    endpoint,
    asked: { baseUrl: options.baseUrl, model: options.model },
    traits: options.memory.traitsOf(options.baseUrl, options.model),
    wait: options.wait ?? waitFor,
  };
  return {
    name: options.model,
    place: options.baseUrl,
    complete: (request, signal) => new Call(call, request, signal).run(),
  };
}

interface CallContext {
  readonly endpoint: Endpoint;
  readonly asked: Asked;
  readonly traits: EndpointTraits;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

class Call {
  readonly #context: CallContext;
  readonly #request: ModelRequest;
  readonly #signal: AbortSignal;
  readonly #retry: RetryState = freshRetryState();
  readonly #repairs = new Set<string>();
  #spent: TokenUsage | null = null;
  #secondTry = false;

  constructor(context: CallContext, request: ModelRequest, signal: AbortSignal) {
    this.#context = context;
    this.#request = request;
    this.#signal = signal;
  }

  async *run(): AsyncGenerator<ModelEvent> {
    for (;;) {
      this.#signal.throwIfAborted();
      const end = yield* this.#attempt();
      if (end !== null) {
        yield end;
        return;
      }
    }
  }

  // One request and what follows from it: the end, or `null` when it should be sent again.
  async *#attempt(): AsyncGenerator<ModelEvent, ModelEvent | null> {
    const { endpoint, asked, traits } = this.#context;
    const streaming = traits.streaming && !this.#secondTry;
    const { body, sent } = buildChatBody(asked.model, this.#request, traits, streaming);
    const result = await endpoint.chat(body, this.#signal);
    if (!result.ok) {
      yield* this.#recover(result.failure, diagnose(result.failure, sent));
      return null;
    }
    const offered = (this.#request.tools ?? []).map(({ name }) => name);
    const end = yield* readAnswer(endpoint, result.response, { offered, signal: this.#signal });
    if (end.type === "failed") {
      yield* this.#recover(end.failure, diagnose(end.failure, sent));
      return null;
    }
    if (streaming && end.type === "answer" && end.whole) {
      traits.streaming = false;
    }
    return this.#conclude(end);
  }

  // Makes the next try possible, or throws.
  async *#recover(failure: RequestFailure, diagnosis: Diagnosis): AsyncGenerator<ModelEvent, void> {
    const { endpoint, asked, wait } = this.#context;
    if (diagnosis.type === "adapt" && this.#learn(diagnosis)) {
      return;
    }
    if (diagnosis.type === "again") {
      const delayMs = nextDelay(this.#retry, diagnosis.reason === "rate-limited", failure.retryAfterMs);
      if (delayMs !== null) {
        yield { type: "waiting", reason: diagnosis.reason, delayMs, text: sayWait(asked, diagnosis.reason, delayMs) };
        await wait(delayMs, this.#signal);
        yield { type: "asked-again" };
        return;
      }
    }
    throw await judgeRefusal(endpoint, asked.model, { failure, diagnosis }, this.#signal);
  }

  /** False when the lesson is an old one, so that a stubborn server is not asked for ever. */
  #learn(lesson: Extract<Diagnosis, { type: "adapt" }>): boolean {
    const { traits } = this.#context;
    const before = JSON.stringify(traits);
    Object.assign(traits, lesson.learned);
    if (lesson.repair !== null) {
      this.#repairs.add(lesson.repair);
    }
    return JSON.stringify(traits) !== before;
  }

  #conclude(end: Exclude<AnswerEnd, { type: "failed" }>): ModelEvent | null {
    const { asked } = this.#context;
    if (end.type === "cut") {
      throw cutError(asked, end.reason, end.text);
    }
    if (end.type === "unreadable") {
      return this.#askOnceMore(
        end.begun,
        malformedError(asked, end.reason),
        "the first answer could not be read; it was asked for again",
      );
    }
    const { answer } = end;
    this.#count(answer);
    const empty = answer.text.trim() === "" && answer.toolCalls.length === 0;
    if (empty && answer.finishReason === "length") {
      throw emptyError(asked, "length");
    }
    if (empty && answer.finishReason !== "filtered") {
      return this.#askOnceMore(
        false,
        emptyError(asked, answer.finishReason),
        "the first answer was empty; it was asked for again",
      );
    }
    return this.#endEvent(answer);
  }

  #askOnceMore(shown: boolean, error: AgentError, repair: string): null {
    if (this.#secondTry || shown) {
      throw error;
    }
    this.#secondTry = true;
    this.#repairs.add(repair);
    return null;
  }

  #count(answer: Answer): void {
    const usage = answer.usage ?? estimateUsage(this.#request, answer);
    this.#spent = this.#spent === null ? usage : addUsage(this.#spent, usage);
  }

  #endEvent(answer: Answer): ModelEvent {
    const { traits } = this.#context;
    if (!traits.tools && (this.#request.tools?.length ?? 0) > 0) {
      this.#repairs.add(noToolsRepair);
    }
    if (!traits.images && carriesImages(this.#request)) {
      this.#repairs.add(noImagesRepair);
    }
    const { text, toolCalls, finishReason } = answer;
    const usage = this.#spent ?? estimateUsage(this.#request, answer);
    return { type: "end", text, toolCalls, finishReason, usage, repairs: [...this.#repairs, ...answer.repairs] };
  }
}

function sayWait(asked: Asked, reason: Extract<Diagnosis, { type: "again" }>["reason"], delayMs: number): string {
  const host = hostOf(asked.baseUrl);
  const why = {
    "rate-limited": `Rate limited by ${host}`,
    "server-failed": `${host} failed to answer`,
    "connection-lost": `The connection to ${host} was lost`,
  }[reason];
  return `${why}: trying again in ${sayDuration(delayMs)}`;
}
