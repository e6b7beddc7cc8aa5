import type { Run } from "../core/run.ts";
import type { ChatModel, ModelEvent, ModelMessage, ModelTool, ModelToolCall } from "../ports/chat-model.ts";
import { readRunPythonCall, runPython } from "../tools/run-python.ts";
import { readSearchFilesCall, searchFiles } from "../tools/search-files.ts";
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
  /** Passages of the files that the person asks about are wanted. */
  | { readonly kind: "search"; readonly comment: string; readonly query: string; readonly toolCallId: string }
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
  /** Offer to search in what the person asks about; not where left out. */
  readonly search?: boolean;
  /** Take fenced Python as code to run. */
  readonly fences: boolean;
}

/** Lets a model write, showing text and code as they come. @throws AgentError `model.*`, `run.budget`. */
export async function writeDraft(run: Run, request: DraftRequest): Promise<Draft> {
  const stream = new DraftStream(run, request);
  const { agent, model, messages } = request;
  try {
    const completion = await askModel(run, {
      agent,
      model,
      request: { messages, ...(request.tools ? { tools: toolsOf(request) } : {}) },
      onEvent: (event) => stream.read(event),
    });
    return stream.end(completion);
  } catch (error) {
    stream.abandon();
    throw error;
  }
}

function toolsOf({ search = false }: DraftRequest): readonly ModelTool[] {
  return search ? [runPython, searchFiles] : [runPython];
}

class DraftStream {
  readonly #run: Run;
  readonly #agent: string;
  readonly #tools: boolean;
  readonly #reader: DraftReader;
  readonly #blockId = crypto.randomUUID();
  readonly #thoughtId = crypto.randomUUID();
  readonly #cellId = crypto.randomUUID();
  #thoughts = "";
  #showsText = false;
  #showsCode = false;

  constructor(run: Run, { agent, tools, fences }: Pick<DraftRequest, "agent" | "tools" | "fences">) {
    this.#run = run;
    this.#agent = agent;
    this.#tools = tools;
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
        return event.index === 0 && this.#tools && event.name !== searchFiles.name
          ? this.#show(this.#reader.readArguments(event.arguments))
          : undefined;
      case "end":
        return this.#show(this.#reader.end());
      case "waiting":
        this.#run.emit({ type: "progress", agent: this.#agent, activity: "retrying", detail: event.text });
        return;
      case "asked-again":
        this.#run.emit({ type: "progress", agent: this.#agent, activity: "thinking", detail: "" });
    }
  }

  end(completion: Completion): Draft {
    this.#endThoughts();
    const [call] = this.#tools ? completion.toolCalls : [];
    const comment = this.#reader.comment;
    if (call === undefined) {
      const code = this.#reader.fencedCode;
      return code === null ? this.#words(completion) : this.#code(comment, code, null);
    }

    if (call.name === searchFiles.name) {
      return this.#search(comment, call, completion.text);
    }

    const read = readRunPythonCall(call);
    return "mistake" in read ? this.#mistake(completion.text, read.mistake) : this.#code(comment, read.code, call.id);
  }

  #search(comment: string, call: ModelToolCall, text: string): Draft {
    const read = readSearchFilesCall(call);
    if ("mistake" in read) {
      return this.#mistake(text, read.mistake);
    }

    this.#endComment(comment);
    this.#drop(this.#showsCode, this.#cellId);
    return { kind: "search", comment, query: read.query, toolCallId: call.id };
  }

  #mistake(text: string, mistake: string): Draft {
    this.#drop(this.#showsText, this.#blockId);
    this.#drop(this.#showsCode, this.#cellId);
    return { kind: "mistake", text, mistake };
  }

  /** Ends what is shown where the model did not come to its end: what it said stays, half a cell goes. */
  abandon(): void {
    this.#endThoughts();
    const { text } = this.#reader;
    this.#drop(this.#showsCode, this.#cellId);
    if (this.#showsText && text !== "") {
      this.#run.emit({ type: "text-end", blockId: this.#blockId, agent: this.#agent, role: "comment", text });
    } else {
      this.#drop(this.#showsText, this.#blockId);
    }
  }

  #words(completion: Completion): Draft {
    const text = this.#reader.text || completion.text.trim();
    this.#drop(this.#showsCode, this.#cellId);
    this.#drop(this.#showsText && text === "", this.#blockId);
    return { kind: "words", text, blockId: this.#blockId };
  }

  #endComment(comment: string): void {
    if (comment !== "") {
      this.#run.emit({ type: "text-end", blockId: this.#blockId, agent: this.#agent, role: "comment", text: comment });
    } else {
      this.#drop(this.#showsText, this.#blockId);
    }
  }

  #code(comment: string, code: string, toolCallId: string | null): Draft {
    this.#endComment(comment);
    return { kind: "code", comment, code, cellId: this.#cellId, toolCallId };
  }

  #drop(isShown: boolean, blockId: string): void {
    if (isShown) {
      this.#run.emit({ type: "block-drop", blockId });
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
