import type { Run } from "../core/run.ts";
import type { ChatModel, ModelEvent, ModelMessage, ModelToolCall } from "../ports/chat-model.ts";
import type { Citation, ReadPassage } from "../protocol/citation.ts";
import { type Completion, askModel } from "../analysis/ask-model.ts";
import { searchFiles } from "../tools/search-files.ts";
import { type AskingVoice, fileVoice } from "./asking-voice.ts";
import { saysNotInFiles } from "./asking-words.ts";
import { type CitedPiece, CitationReader } from "./cite/citation-reader.ts";
import { mayBeJsonAnswer, withoutJson } from "./json-answer.ts";
import { MissingLines } from "./missing-lines.ts";
import { SourceList } from "./source-list.ts";

/** What a model made of a question and its passages. */
export type AnswerDraft =
  /** `block`: what was streamed; it is still open. `raw`: as the model wrote it. */
  | { readonly kind: "words"; readonly raw: string; readonly block: AnswerBlock }
  | { readonly kind: "search"; readonly raw: string; readonly words: string }
  | { readonly kind: "call"; readonly raw: string; readonly call: ModelToolCall }
  | { readonly kind: "not-found"; readonly missing: string }
  | { readonly kind: "empty" };

/** A text block that was streamed, with what its marks mean. */
export interface AnswerBlock {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly hasDoubts: boolean;
  /** Says the whole text, which is what is kept. */
  readonly keep: () => void;
  /** Marks it as an answer that cites nothing, and keeps it. */
  readonly keepInDoubt: () => void;
  readonly drop: () => void;
}

export interface AnswerRequest {
  readonly model: ChatModel;
  readonly messages: readonly ModelMessage[];
  /** Offer to search again. */
  readonly maySearch: boolean;
  readonly question: string;
  readonly role: "comment" | "answer";
  /** By the numbers that the model was told. */
  readonly passages: () => readonly ReadPassage[];
  /** The number of a passage in the turn; the same where left out. */
  readonly turnNumber?: (told: number) => number;
  /** Who answers; `retrieval_agent` where left out. */
  readonly voice?: AskingVoice;
}

/** Lets a model answer, showing what it says as it comes, every quote checked. @throws AgentError `model.*`, `run.budget` */
export async function writeAnswer(run: Run, request: AnswerRequest): Promise<AnswerDraft> {
  const stream = new AnswerStream(run, request);
  const { model, messages } = request;
  try {
    const completion = await askModel(run, {
      agent: (request.voice ?? fileVoice).agent,
      model,
      request: { messages, ...(request.maySearch ? { tools: [searchFiles] } : {}) },
      onEvent: (event) => stream.read(event),
    });
    return stream.end(completion);
  } catch (error) {
    stream.abandon();
    throw error;
  }
}

/** A first line that is no answer: it asks for another search, or says that nothing was found. */
const control = /^[\s*_>#"'`]*(SEARCH|NOT[ _]FOUND)[*_`]*\s*[:：—-]\s*/u;
const mayBecomeControl = /^[\s*_>#"'`]*(?:S|SE|SEA|SEAR|SEARC|SEARCH|N|NO|NOT|NOT[ _]F?O?U?N?D?)?[*_`]*\s*$/u;
const quoted = /[[【]\s*\d{1,3}\s*[:：]\s*["“「'‘`]/u;
const notFoundAlone = /^[\s*_>#"'`]*NOT[ _]FOUND[*_`.!]*\s*$/u;

class AnswerStream {
  readonly #run: Run;
  readonly #request: AnswerRequest;
  readonly #voice: AskingVoice;
  readonly #reader: CitationReader;
  readonly #lines: MissingLines;
  readonly #sources = new SourceList();
  readonly #blockId = crypto.randomUUID();
  readonly #thoughtId = crypto.randomUUID();
  #thoughts = "";
  /** The beginning of the answer, until it is plain that it is one. */
  #head: string | null = "";
  #shows = false;

  constructor(run: Run, request: AnswerRequest) {
    this.#run = run;
    this.#request = request;
    this.#voice = request.voice ?? fileVoice;
    this.#reader = new CitationReader(request.question, request.passages);
    this.#lines = new MissingLines(this.#voice.words(request.question).partlyMissing);
  }

  read(event: ModelEvent): void {
    switch (event.type) {
      case "reasoning":
        this.#thoughts += event.text;
        return this.#emitThought("text-delta", event.text);
      case "text":
        return this.#readText(event.text);
      case "waiting":
        return this.#progress("retrying", event.text);
      case "asked-again":
        return this.#progress("thinking", "");
      case "tool-delta":
      case "end":
    }
  }

  end(completion: Completion): AnswerDraft {
    this.#endThoughts();
    const raw = completion.text.trim();
    // Where no tool was offered, words count more than a call beside them.
    const [call] = this.#request.maySearch || raw === "" ? completion.toolCalls : [];
    const [head, word] = control.exec(raw) ?? [];
    if (call !== undefined) {
      this.#drop();
      return { kind: "call", raw, call };
    }

    // Who says what is missing and then quotes what is there has answered.
    if (
      (head !== undefined || notFoundAlone.test(raw)) &&
      !quoted.test(raw.slice(raw.indexOf("\n") + 1 || raw.length))
    ) {
      this.#drop();
      const line =
        raw
          .slice(head?.length ?? raw.length)
          .split("\n")[0]
          ?.trim() ?? "";
      const isSearch = word === "SEARCH" && line !== "";
      return isSearch ? { kind: "search", raw, words: line } : { kind: "not-found", missing: withoutMarkers(line) };
    }

    this.#showRest();
    return this.#answered(raw);
  }

  #answered(raw: string): AnswerDraft {
    const text = this.#reader.text.trim();
    if (text === "") {
      this.#drop();
      return { kind: "empty" };
    }

    if (saysNotInFiles(text) && this.#reader.citations.length === 0) {
      this.#drop();
      return { kind: "not-found", missing: withoutMarkers(text.replace(/^[^.。]*[.。]\s*/u, "")) };
    }

    return { kind: "words", raw, block: this.#block() };
  }

  /** What was said stays where the model did not come to its end. */
  abandon(): void {
    this.#endThoughts();
    // A beginning that may be no answer is not shown.
    this.#head = null;
    this.#showRest();
    if (this.#shows && this.#reader.text.trim() !== "") {
      this.#endText();
    } else {
      this.#drop();
    }
  }

  /** Shows what was held back. */
  #showRest(): void {
    const rest = this.#lines.read(withoutJson(this.#head ?? "")) + this.#lines.end();
    this.#head = null;
    this.#show(this.#reader.read(this.#sources.read(rest) + this.#sources.end()));
    this.#show(this.#reader.end());
  }

  #readText(text: string): void {
    if (this.#head === null) {
      return this.#showText(text);
    }

    this.#head += text;
    const mayBeControl = mayBecomeControl.test(this.#head) || control.test(this.#head) || mayBeJsonAnswer(this.#head);
    if (!mayBeControl && !notFoundAlone.test(this.#head)) {
      const head = this.#head.trimStart();
      this.#head = null;
      this.#showText(head);
    }
  }

  #showText(text: string): void {
    this.#show(this.#reader.read(this.#sources.read(this.#lines.read(text))));
  }

  #block(): AnswerBlock {
    return {
      text: this.#reader.text.trim(),
      citations: this.#reader.citations.map((citation) => this.#inTurn(citation)),
      hasDoubts: this.#reader.doubts.length > 0,
      keep: () => this.#endText(),
      keepInDoubt: () => {
        if (this.#reader.doubts.length === 0) {
          this.#show(this.#reader.doubtAll());
        }

        this.#endText();
      },
      drop: () => this.#drop(),
    };
  }

  #show(pieces: readonly CitedPiece[]): void {
    for (const piece of pieces) {
      const blockId = this.#blockId;
      this.#shows = true;
      if (piece.kind === "citation") {
        this.#run.emit({ type: "citation", blockId, citation: this.#inTurn(piece.citation) });
      } else if (piece.kind === "doubt") {
        this.#run.emit({ type: "claim-doubt", blockId, doubt: piece.doubt });
      } else {
        const { role } = this.#request;
        this.#run.emit({ type: "text-delta", blockId, agent: this.#voice.agent, role, text: piece.text });
      }
    }
  }

  #inTurn(citation: Citation): Citation {
    const { passage } = citation;
    return { ...citation, passage: this.#request.turnNumber?.(passage) ?? passage };
  }

  #endText(): void {
    const { role } = this.#request;
    const text = this.#reader.text.trim();
    this.#run.emit({ type: "text-end", blockId: this.#blockId, agent: this.#voice.agent, role, text });
  }

  #drop(): void {
    if (this.#shows) {
      this.#run.emit({ type: "block-drop", blockId: this.#blockId });
      this.#shows = false;
    }
  }

  #endThoughts(): void {
    if (this.#thoughts !== "") {
      this.#emitThought("text-end", this.#thoughts);
      this.#thoughts = "";
    }
  }

  #emitThought(type: "text-delta" | "text-end", text: string): void {
    this.#run.emit({ type, blockId: this.#thoughtId, agent: this.#voice.agent, role: "reasoning", text });
  }

  #progress(activity: "retrying" | "thinking", detail: string): void {
    this.#run.emit({ type: "progress", agent: this.#voice.agent, activity, detail });
  }
}

/** What is said to be missing, without references to passages. */
function withoutMarkers(line: string): string {
  return line
    .replaceAll(/\s*[[【]\d[^\]】]*[\]】]/gu, "")
    .replace(/[*_`\s]+$/u, "")
    .trim();
}
