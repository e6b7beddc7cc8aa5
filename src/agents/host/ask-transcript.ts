import type { SessionEvent } from "../protocol/session-event.ts";

type TextEvent = Extract<SessionEvent, { type: "text-delta" | "text-end" }>;

/** Prints an answer from files while it is being written: sub-questions, their answers, the answer; notes go elsewhere. */
export class AskTranscript {
  readonly #print: (text: string) => void;
  readonly #note: (text: string) => void;
  #open: string | null = null;
  #printed = "";

  /** @param note Where progress and notices go. */
  constructor(print: (text: string) => void, note: (text: string) => void) {
    this.#print = print;
    this.#note = note;
  }

  read(event: SessionEvent): void {
    switch (event.type) {
      case "text-delta":
      case "text-end":
        return event.role === "reasoning" ? undefined : this.#readText(event);
      case "block-drop":
        return this.#drop(event.blockId);
      case "passages":
        return this.#note(`${event.passages.length} passages read for: ${event.query}\n`);
      case "notice":
        return this.#note(`Note: ${event.text}\n`);
      default:
    }
  }

  #readText({ type, blockId, text }: TextEvent): void {
    if (this.#open !== blockId) {
      this.#open = blockId;
      this.#printed = "";
    }

    if (type === "text-delta") {
      this.#printed += text;
      this.#print(text);
      return;
    }

    this.#print(`${this.#printed.trim() === "" ? withoutEscapes(text) : ""}\n\n`);
    this.#open = null;
  }

  /** A draft that was rejected cannot be taken back from a terminal. */
  #drop(blockId: string): void {
    if (this.#open === blockId && this.#printed !== "") {
      this.#print("\n\n");
      this.#note("That answer cited nothing and is written again.\n");
    }

    this.#open = null;
  }
}

/** Text that was written for Markdown, as a terminal shows it. What would look like a mark stays escaped. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\\[\??\d+\\\]|\\([\\`*_{}[\]<>#|~/])/gu, (written, sign?: string) => sign ?? written);
}
