import type { Run } from "../core/run.ts";
import type { ChatModel, ModelEvent, ModelMessage } from "../ports/chat-model.ts";
import { readRunPythonCall, runPython } from "../tools/run-python.ts";
import { type Completion, askModel } from "./ask-model.ts";
import { type DraftPiece, DraftReader } from "./draft-reader.ts";

/** What an author wrote in one go. */
export type Draft =
  | {
      readonly kind: "code";
      readonly comment: string;
      readonly code: string;
      readonly cellId: string;
      readonly toolCallId: string | null;
    }
  /** `blockId`: the text block that was streamed; still open. */
  | { readonly kind: "words"; readonly text: string; readonly blockId: string }
  /** The tool call could not be read; the model is told how to mend it. */
  | { readonly kind: "mistake"; readonly text: string; readonly mistake: string };

export interface DraftRequest {
  readonly agent: string;
  readonly model: ChatModel;
  readonly messages: readonly ModelMessage[];
  /** Offer the tool. */
  readonly tools: boolean;
  /** Take fenced Python as code to run. */
  readonly fences: boolean;
}

/** Lets a model write, showing text and code as they come. @throws AgentError `model.*`, `run.budget`. */
export async function writeDraft(run: Run, request: DraftRequest): Promise<Draft> {
  const stream = new DraftStream(run, request.agent, request.fences);
  const { agent, model, messages } = request;
  const completion = await askModel(run, {
    agent,
    model,
    request: { messages, ...(request.tools ? { tools: [runPython] } : {}) },
    onEvent: (event) => stream.read(event),
  });
  return stream.end(completion);
}

class DraftStream {
  readonly #run: Run;
  readonly #agent: string;
  readonly #reader: DraftReader;
  readonly #blockId = crypto.randomUUID();
  readonly #thoughtId = crypto.randomUUID();
  readonly #cellId = crypto.randomUUID();
  #thoughts = "";
  #showsText = false;
  #showsCode = false;

  constructor(run: Run, agent: string, fences: boolean) {
    this.#run = run;
    this.#agent = agent;
    this.#reader = new DraftReader(fences);
  }

  read(event: ModelEvent): void {
    switch (event.type) {
      case "reasoning":
        this.#thoughts += event.text;
        this.#run.emit({
          type: "text-delta",
          blockId: this.#thoughtId,
          agent: this.#agent,
          role: "reasoning",
          text: event.text,
        });
        return;
      case "text":
        return this.#show(this.#reader.read(event.text));
      case "tool-delta":
        return event.index === 0 ? this.#show(this.#reader.readArguments(event.arguments)) : undefined;
      case "end":
        return this.#show(this.#reader.end());
      case "waiting":
        this.#run.emit({ type: "progress", agent: this.#agent, activity: "retrying", detail: event.text });
    }
  }

  end(completion: Completion): Draft {
    this.#endThoughts();
    const [call] = completion.toolCalls;
    const comment = this.#reader.comment;
    if (call === undefined) {
      const code = this.#reader.fencedCode;
      return code === null ? this.#words(completion) : this.#code(comment, code, null);
    }

    const read = readRunPythonCall(call);
    if ("mistake" in read) {
      this.#drop();
      return { kind: "mistake", text: completion.text, mistake: read.mistake };
    }

    return this.#code(comment, read.code, call.id);
  }

  #words(completion: Completion): Draft {
    const text = this.#reader.text || completion.text.trim();
    return { kind: "words", text, blockId: this.#blockId };
  }

  #code(comment: string, code: string, toolCallId: string | null): Draft {
    if (comment !== "") {
      this.#run.emit({ type: "text-end", blockId: this.#blockId, agent: this.#agent, role: "comment", text: comment });
    } else if (this.#showsText) {
      this.#run.emit({ type: "block-drop", blockId: this.#blockId });
    }

    return { kind: "code", comment, code, cellId: this.#cellId, toolCallId };
  }

  #drop(): void {
    for (const [shown, blockId] of [
      [this.#showsText, this.#blockId],
      [this.#showsCode, this.#cellId],
    ] as const) {
      if (shown) {
        this.#run.emit({ type: "block-drop", blockId });
      }
    }
  }

  #endThoughts(): void {
    if (this.#thoughts !== "") {
      this.#run.emit({
        type: "text-end",
        blockId: this.#thoughtId,
        agent: this.#agent,
        role: "reasoning",
        text: this.#thoughts,
      });
    }
  }

  #show(pieces: readonly DraftPiece[]): void {
    for (const { kind, text } of pieces) {
      if (kind === "code") {
        if (!this.#showsCode) {
          this.#showsCode = true;
          this.#run.emit({ type: "progress", agent: this.#agent, activity: "writing-code", detail: "" });
        }

        this.#run.emit({ type: "code-delta", cellId: this.#cellId, agent: this.#agent, text });
      } else {
        this.#showsText = true;
        this.#run.emit({ type: "text-delta", blockId: this.#blockId, agent: this.#agent, role: "comment", text });
      }
    }
  }
}
