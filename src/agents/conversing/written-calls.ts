import * as z from "zod/mini";
import type { ModelTool, ModelToolCall } from "../ports/chat-model.ts";

/** Begins a call that a model writes because it cannot call tools. */
export const callFence = "```tool";

const writtenCall = z.object({ name: z.string(), arguments: z.optional(z.unknown()) });

/** Tells a model that cannot call tools how to write a call. */
export function writtenCallsRule(tools: readonly ModelTool[]): string {
  const list = tools.map(
    ({ name, description, parameters }) => `- ${name}: ${description} Input: ${JSON.stringify(parameters)}`,
  );
  return [
    `You have tools. To use one, write a block like this, and nothing after it; you will be shown the result:`,
    `${callFence}\n{"name": "NAME", "arguments": {…}}\n\`\`\``,
    `Tools:\n${list.join("\n")}`,
  ].join("\n");
}

/** What was said, and the calls that were written in it, in order; a block that cannot be read is a call without a name. */
export function readWrittenCalls(text: string): { readonly text: string; readonly calls: readonly ModelToolCall[] } {
  const at = text.indexOf(callFence);
  if (at === -1) {
    return { text, calls: [] };
  }

  const blocks = text.slice(at).split(callFence).slice(1);
  return {
    text: text.slice(0, at).trim(),
    calls: blocks.map((block) => readCall(block.split("```")[0] ?? "")),
  };
}

function readCall(json: string): ModelToolCall {
  const id = crypto.randomUUID();
  const call = writtenCall.safeParse(parseJson(json)).data;
  return call === undefined
    ? { id, name: "", arguments: json.trim() }
    : { id, name: call.name, arguments: JSON.stringify(call.arguments ?? {}) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Gives on what streams, up to where a call begins. */
export class CallHolder {
  readonly #show: (text: string) => void;
  #text = "";
  #shown = 0;

  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  read(piece: string): void {
    this.#text += piece;
    const call = this.#text.indexOf(callFence);
    const end = call === -1 ? this.#text.length - heldBack(this.#text) : call;
    if (end > this.#shown) {
      this.#show(this.#text.slice(this.#shown, end));
      this.#shown = end;
    }
  }

  /** Gives on what was held back and is no call. */
  end(): void {
    if (!this.#text.includes(callFence)) {
      this.#show(this.#text.slice(this.#shown));
      this.#shown = this.#text.length;
    }
  }
}

/** Characters at the end that may become the beginning of a call. */
function heldBack(text: string): number {
  for (let length = Math.min(callFence.length - 1, text.length); length > 0; length -= 1) {
    if (callFence.startsWith(text.slice(-length))) {
      return length;
    }
  }

  return 0;
}
