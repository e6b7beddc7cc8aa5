import type { SessionEvent } from "../protocol/session-event.ts";
import { transcriptEntry } from "../sessions/transcript.ts";

/** Code that is being printed as it is written. */
interface OpenCode {
  readonly cellId: string;
  readonly agent: string;
  printed: string;
  /** White space at the end, held back: the message may have less of it. */
  held: string;
}

/**
 * Prints the transcript while it happens: code as it is being written, everything else when it has been said. What was
 * printed while it streamed is not printed again when its message is delivered.
 */
export class StreamedTranscript {
  readonly #print: (text: string) => void;
  #question = "";
  #open: OpenCode | undefined;
  #comment = "";

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  read(event: SessionEvent): void {
    switch (event.type) {
      case "turn-start":
        this.#question = event.question;
        return;
      case "text-delta":
        this.#comment += event.role === "comment" ? event.text : "";
        return;
      case "text-end":
        this.#comment = event.role === "comment" ? event.text : this.#comment;
        return;
      case "block-drop":
        return this.#drop(event.blockId);
      case "code-delta":
        return this.#printCode(event);
      case "message":
        return this.#printMessage(event);
      case "turn-end":
        return this.#drop(this.#open?.cellId);
      default:
        this.#print(transcriptEntry(event, this.#question));
    }
  }

  #printCode({ cellId, agent, text }: Extract<SessionEvent, { type: "code-delta" }>): void {
    this.#open ??= this.#begin(cellId, agent);
    const all = this.#open.held + text;
    const shown = all.trimEnd();
    if (shown === "") {
      this.#open.held = all;
      return;
    }

    this.#print(shown);
    this.#open.printed += shown;
    this.#open.held = all.slice(shown.length);
  }

  #begin(cellId: string, agent: string): OpenCode {
    const comment = this.#comment.trim();
    const opening = `${comment === "" ? "" : `${comment}\n\n`}\`\`\`python\n`;
    this.#print(`${agent} (to python_interpreter):\n\n${opening}`);
    return { cellId, agent, printed: opening, held: "" };
  }

  /** Code that came to nothing ends where it is. */
  #drop(blockId: string | undefined): void {
    this.#comment = "";
    if (this.#open !== undefined && this.#open.cellId === blockId) {
      this.#open = undefined;
      this.#print("\n```\n\n");
    }
  }

  #printMessage(event: Extract<SessionEvent, { type: "message" }>): void {
    const open = this.#open;
    const { from, content } = event.message;
    this.#comment = "";
    this.#open = undefined;
    const entry = transcriptEntry(event, this.#question);
    const read = open?.agent === from ? lengthOfPrinted(content, open.printed) : undefined;
    if (read === undefined) {
      this.#print(open === undefined ? entry : `\n\n${entry}`);
      return;
    }

    this.#print(entry.slice(entry.indexOf(content) + read));
  }
}

/** How much of `content` has been printed, white space aside; `undefined` where something else was printed. */
function lengthOfPrinted(content: string, printed: string): number | undefined {
  let index = 0;
  for (const letter of printed.replaceAll(/\s/g, "")) {
    while (/\s/.test(content.charAt(index))) {
      index += 1;
    }

    if (!content.startsWith(letter, index)) {
      return undefined;
    }

    index += letter.length;
  }

  return /^`{3}python$/.test(content.slice(0, index)) || content.slice(0, index).endsWith("\n```python")
    ? index + 1
    : index;
}
