import type {
  ChatModel,
  ModelEvent,
  ModelProvider,
  ModelRequest,
  ModelRole,
  ModelToolCall,
} from "../ports/chat-model.ts";

type EndEvent = Extract<ModelEvent, { type: "end" }>;

/** What a scripted model says to one request. */
export interface ScriptedAnswer {
  readonly text?: string;
  /** Said before the text. */
  readonly reasoning?: string;
  /** `arguments` may be an object; an id is made up where left out. */
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: object | string; readonly id?: string }[];
  /** Events to emit as they are before the text, such as `waiting`. */
  readonly before?: readonly ModelEvent[];
  /** Characters per piece of text and arguments; everything at once where left out. */
  readonly pieceLength?: number;
  readonly finishReason?: EndEvent["finishReason"];
  readonly usage?: EndEvent["usage"];
  readonly repairs?: readonly string[];
  /** Thrown in place of the end, after what was said. */
  readonly error?: Error;
  /** Awaited before the first piece; an abort while waiting rejects. */
  readonly until?: Promise<unknown>;
}

/** An answer, its text alone, or what makes one of the request. */
export type ScriptedStep =
  | string
  | ScriptedAnswer
  | ((request: ModelRequest, signal: AbortSignal) => string | ScriptedAnswer | Promise<string | ScriptedAnswer>);

/** A model that answers from a script and remembers what it was asked. */
export interface ScriptedModel extends ChatModel {
  readonly requests: readonly ModelRequest[];
  /** Appends to the script. */
  expect(...steps: readonly ScriptedStep[]): void;
  /** @throws Error when an unexpected call was made, or an answer is left over. */
  assertFinished(): void;
}

/**
 * A chat model for tests: each call takes the next step. A call past the end of the script throws, and makes
 * `assertFinished` throw again, so that no code under test can swallow it.
 */
export function createScriptedModel(...script: readonly ScriptedStep[]): ScriptedModel {
  const steps = [...script];
  const requests: ModelRequest[] = [];
  let unexpected = 0;
  return {
    name: "scripted",
    place: "script",
    requests,
    expect: (...more) => void steps.push(...more),
    async *complete(request, signal) {
      signal.throwIfAborted();
      requests.push(structuredClone(request));
      const step = steps.shift();
      if (step === undefined) {
        unexpected++;
        const last = request.messages.at(-1)?.content ?? "";
        throw new Error(`call ${requests.length} of the scripted model was not expected; its last message: ${last}`);
      }
      const answer = typeof step === "function" ? await step(request, signal) : step;
      yield* speak(typeof answer === "string" ? { text: answer } : answer, requests.length, signal);
    },
    assertFinished() {
      if (unexpected > 0 || steps.length > 0) {
        throw new Error(`${unexpected} unexpected calls of the scripted model, ${steps.length} answers left over`);
      }
    },
  };
}

/** A provider that gives every role the same model, or each its own. */
export function provideModel(chat: ChatModel, own: { readonly [R in ModelRole]?: ChatModel } = {}): ModelProvider {
  return { modelFor: (role) => Promise.resolve(own[role] ?? chat) };
}

async function* speak(answer: ScriptedAnswer, call: number, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  await waitUntil(answer.until, signal);
  const toolCalls = toolCallsOf(answer, call);
  const pieces = [...(answer.before ?? []), ...piecesOf(answer, toolCalls)];
  for (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
  signal.throwIfAborted();
  if (answer.error !== undefined) {
    throw answer.error;
  }
  yield {
    type: "end",
    text: answer.text ?? "",
    toolCalls,
    finishReason: answer.finishReason ?? (toolCalls.length > 0 ? "tool-calls" : "stop"),
    usage: answer.usage ?? { promptTokens: 10, completionTokens: 5, estimated: false },
    repairs: answer.repairs ?? [],
  };
}

function toolCallsOf(answer: ScriptedAnswer, call: number): readonly ModelToolCall[] {
  return (answer.toolCalls ?? []).map((given, index) => ({
    id: given.id ?? `call_${call}_${index}`,
    name: given.name,
    arguments: typeof given.arguments === "string" ? given.arguments : JSON.stringify(given.arguments),
  }));
}

function piecesOf(answer: ScriptedAnswer, toolCalls: readonly ModelToolCall[]): readonly ModelEvent[] {
  const size = answer.pieceLength ?? Number.POSITIVE_INFINITY;
  return [
    ...split(answer.reasoning ?? "", size).map((text): ModelEvent => ({ type: "reasoning", text })),
    ...split(answer.text ?? "", size).map((text): ModelEvent => ({ type: "text", text })),
    ...toolCalls.flatMap((call, index) =>
      split(call.arguments, size).map((text): ModelEvent => ({
        type: "tool-delta",
        index,
        name: call.name,
        arguments: text,
      })),
    ),
  ];
}

function split(text: string, size: number): readonly string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += size) {
    pieces.push(characters.slice(start, start + size).join(""));
  }
  return pieces;
}

/** Waits for `gate`; an abort ends the wait. */
async function waitUntil(gate: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  if (gate === undefined) {
    return;
  }
  const left = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([gate, left]);
  signal.throwIfAborted();
}
