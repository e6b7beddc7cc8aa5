import type { SessionEvent } from "../protocol/session-event.ts";
import { transcriptEntry } from "../sessions/transcript.ts";

/**
 * Prints the transcript while it happens: code as it is being written, everything else when it has been said. What was
 * printed while it streamed is not printed again when its message is delivered.
 */
export class StreamedTranscript {
  readonly #print: (text: string) => void;
  #question = "";
  /** Whose code is being printed, and what of it has been. */
  #open: { readonly agent: string; printed: string } | undefined;
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
      case "block-drop":
        this.#comment = event.type === "text-end" && event.role === "comment" ? event.text : "";
        return;
      case "code-delta":
        this.#printCode(event.agent, event.text);
        return;
      case "message":
        this.#printMessage(event);
        return;
      default:
        this.#print(transcriptEntry(event, this.#question));
    }
  }

  #printCode(agent: string, text: string): void {
    if (this.#open === undefined) {
      const comment = this.#comment.trim();
      const opening = `${comment === "" ? "" : `${comment}\n\n`}\`\`\`python\n`;
      this.#print(`${agent} (to python_interpreter):\n\n${opening}`);
      this.#open = { agent, printed: opening };
    }

    this.#print(text);
    this.#open.printed += text;
  }

  #printMessage(event: Extract<SessionEvent, { type: "message" }>): void {
    const open = this.#open;
    const { from, content } = event.message;
    this.#comment = "";
    this.#open = undefined;
    const entry = transcriptEntry(event, this.#question);
    if (open === undefined || open.agent !== from) {
      this.#print(entry);
      return;
    }

    const start = entry.indexOf(content);
    const shared = sharedLength(content, open.printed);
    const whole = shared === open.printed.length || open.printed.trimEnd().length <= shared;
    this.#print(whole ? entry.slice(start + shared) : `\n\n${entry}`);
  }
}

function sharedLength(a: string, b: string): number {
  let index = 0;
  while (index < a.length && index < b.length && a.charAt(index) === b.charAt(index)) {
    index += 1;
  }

  return index;
}
