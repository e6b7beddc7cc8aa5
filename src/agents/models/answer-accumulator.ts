import { randomUUID } from "node:crypto";
import type { TokenUsage } from "../protocol/model.ts";
import type { ModelEvent, ModelToolCall } from "../ports/chat-model.ts";
import { isJsonObject, type JsonObject } from "./lenient-json.ts";
import { createThinkSplitter, type SpokenPiece } from "./think-splitter.ts";
import { findPrintedToolCalls, mayBecomeToolCall } from "./tool-call-text.ts";
import { createToolCallCollector } from "./tool-call-collector.ts";

type EndEvent = Extract<ModelEvent, { type: "end" }>;

/** A piece of an answer that may be shown at once. */
export type AnswerPiece = Exclude<ModelEvent, { type: "end" | "waiting" | "asked-again" }>;

/** A whole answer as it was put together. */
export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ModelToolCall[];
  readonly finishReason: EndEvent["finishReason"];
  /** `null` where the server did not count. */
  readonly usage: TokenUsage | null;
  readonly repairs: readonly string[];
}

/** Folds the chunks of one answer, streamed or whole, into events and an {@link Answer}. */
export interface AnswerAccumulator {
  /** Takes one parsed chunk, of any shape; gives back what may be shown. */
  add(chunk: unknown): readonly AnswerPiece[];
  /** Whether anything of the answer has come: text, thoughts or a tool call. */
  readonly begun: boolean;
  /** Whether the server said that the answer is complete, by a finish reason or by counting tokens. */
  readonly finished: boolean;
  /** Text so far, for an answer that breaks off. */
  readonly text: string;
  /** Ends the answer; gives back what was held until now. */
  end(): { readonly pieces: readonly AnswerPiece[]; readonly answer: Answer };
}

/**
 * An accumulator for one answer. It takes what local servers and gateways send: `message` in place of `delta`, no
 * choices or `null`, content as parts, thoughts under several names or in `<think>` tags, the old `function_call`.
 *
 * @param offered names of the tools that were offered, for calls that are printed as text.
 */
export function createAnswerAccumulator(offered: readonly string[]): AnswerAccumulator {
  return new Accumulator(offered);
}

class Accumulator implements AnswerAccumulator {
  readonly #offered: readonly string[];
  readonly #splitter = createThinkSplitter();
  readonly #calls;
  #text = "";
  #shown = 0;
  #holding: boolean;
  #reasoning = "";
  #called = false;
  #finish: string | null = null;
  #usage: TokenUsage | null = null;
  #counted = false;

  constructor(offered: readonly string[]) {
    this.#offered = offered;
    this.#holding = offered.length > 0;
    this.#calls = createToolCallCollector(offered);
  }

  get begun(): boolean {
    return this.#text !== "" || this.#reasoning !== "" || this.#called;
  }

  get finished(): boolean {
    return this.#finish !== null || this.#counted;
  }

  get text(): string {
    return this.#text;
  }

  add(chunk: unknown): readonly AnswerPiece[] {
    if (!isJsonObject(chunk)) {
      return [];
    }
    this.#usage = usageOf(chunk["usage"]) ?? this.#usage;
    const choices: readonly unknown[] = Array.isArray(chunk["choices"]) ? chunk["choices"] : [];
    // Some servers count in every chunk; a count of its own is the last thing that a server sends.
    this.#counted ||= choices.length === 0 && usageOf(chunk["usage"]) !== null;
    return choices
      .filter((choice): choice is JsonObject => isJsonObject(choice) && (choice["index"] ?? 0) === 0)
      .flatMap((choice) => this.#addChoice(choice));
  }

  #addChoice(choice: JsonObject): readonly AnswerPiece[] {
    const reason = choice["finish_reason"];
    if (typeof reason === "string" && reason !== "") {
      this.#finish = reason;
    }
    const delta = [choice["delta"], choice["message"], choice].find(isJsonObject) ?? {};
    const pieces: AnswerPiece[] = [];
    for (const field of ["reasoning_content", "reasoning", "thinking"]) {
      const thought = delta[field];
      if (typeof thought === "string" && thought !== "") {
        pieces.push(...this.#say([{ type: "reasoning", text: thought }]));
        break;
      }
    }
    for (const piece of piecesOf(delta["content"] ?? delta["text"] ?? delta["refusal"])) {
      pieces.push(...this.#say(piece.type === "text" ? this.#splitter.add(piece.text) : [piece]));
    }
    const listed: readonly unknown[] = Array.isArray(delta["tool_calls"]) ? delta["tool_calls"] : [];
    const old = isJsonObject(delta["function_call"]) ? [{ index: 0, function: delta["function_call"] }] : [];
    for (const piece of [...listed, ...old]) {
      this.#called = true;
      pieces.push(...this.#calls.add(piece));
    }
    return pieces;
  }

  #say(pieces: readonly SpokenPiece[]): readonly AnswerPiece[] {
    const out: AnswerPiece[] = [];
    for (const piece of pieces) {
      if (piece.type === "reasoning") {
        this.#reasoning += piece.text;
        out.push(piece);
      } else {
        this.#text += piece.text;
        this.#holding &&= mayBecomeToolCall(this.#text);
      }
    }
    return this.#holding ? out : [...out, ...this.#show()];
  }

  #show(): readonly AnswerPiece[] {
    const text = this.#text.slice(this.#shown);
    this.#shown = this.#text.length;
    return text === "" ? [] : [{ type: "text", text }];
  }

  end(): { readonly pieces: readonly AnswerPiece[]; readonly answer: Answer } {
    const pieces = [...this.#say(this.#splitter.end())];
    const repairs: string[] = [];
    let text = this.#text;
    let toolCalls = this.#nameCalls(repairs);
    const printed = toolCalls.length === 0 ? findPrintedToolCalls(text, this.#offered) : null;
    if (printed !== null) {
      repairs.push("a tool call was printed as text and read as a call");
      toolCalls = printed.calls.map((call) => ({ id: newCallId(), ...call }));
      text = printed.text;
    } else {
      pieces.push(...this.#show());
    }
    const stray = text.indexOf("</think>");
    if (stray >= 0 && !text.slice(0, stray).includes("<think>")) {
      repairs.push("thoughts without an opening tag were taken out of the answer");
      this.#reasoning += text.slice(0, stray);
      text = text.slice(stray + "</think>".length).trimStart();
    }
    if (this.#finish === null) {
      repairs.push("no finish reason was sent");
    }
    const finishReason = finishReasonOf(this.#finish, toolCalls.length > 0);
    const answer = { text, reasoning: this.#reasoning, toolCalls, finishReason, usage: this.#usage, repairs };
    return { pieces, answer };
  }

  /** A call without a name can only mean the one tool there is. */
  #nameCalls(repairs: string[]): readonly ModelToolCall[] {
    const [only, ...others] = this.#offered;
    return this.#calls.calls(newCallId).flatMap((call) => {
      if (call.name !== "") {
        return [call];
      }
      const usable = only !== undefined && others.length === 0;
      repairs.push(
        usable ? "a tool call without a name was taken for the only tool" : "a tool call without a name was left out",
      );
      return usable ? [{ ...call, name: only }] : [];
    });
  }
}

function newCallId(): string {
  return `call_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
}

const finishReasons: { readonly [reason: string]: EndEvent["finishReason"] } = {
  length: "length",
  max_tokens: "length",
  model_length: "length",
  content_filter: "filtered",
  safety: "filtered",
  stop: "stop",
  end_turn: "stop",
  eos: "stop",
  eos_token: "stop",
  stop_sequence: "stop",
  tool_calls: "stop",
  function_call: "stop",
  tool_use: "stop",
};

/** Some servers end an answer that calls tools with `stop`, and some one without calls with `tool_calls`. */
function finishReasonOf(reason: string | null, called: boolean): EndEvent["finishReason"] {
  const known = finishReasons[reason ?? ""] ?? "unknown";
  return called && (known === "stop" || known === "unknown") ? "tool-calls" : known;
}

function piecesOf(content: unknown): readonly SpokenPiece[] {
  if (typeof content === "string") {
    return content === "" ? [] : [{ type: "text", text: content }];
  }
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  return parts.filter(isJsonObject).flatMap((part) => {
    if (part["type"] === "thinking" || part["type"] === "reasoning") {
      const inner = piecesOf(part["thinking"] ?? part["reasoning"] ?? part["text"]);
      return inner.map(({ text }) => ({ type: "reasoning" as const, text }));
    }
    return piecesOf(typeof part["text"] === "string" ? part["text"] : (part["refusal"] ?? ""));
  });
}

function usageOf(value: unknown): TokenUsage | null {
  if (!isJsonObject(value)) {
    return null;
  }
  const promptTokens = value["prompt_tokens"] ?? value["input_tokens"];
  const completionTokens = value["completion_tokens"] ?? value["output_tokens"];
  return typeof promptTokens === "number" && typeof completionTokens === "number"
    ? { promptTokens, completionTokens, estimated: false }
    : null;
}
