import type { SessionEvent } from "../../agents/protocol/session-event.ts";

type TextDelta = Extract<SessionEvent, { type: "text-delta" }>;
type CodeDelta = Extract<SessionEvent, { type: "code-delta" }>;
type Progress = Extract<SessionEvent, { type: "progress" }>;
type FileReading = Extract<SessionEvent, { type: "file-reading" }>;

/**
 * Keeps what streams and is not in the session file yet, so that a page which loads in the middle of an answer shows all
 * of it.
 */
export class LiveStream {
  readonly #open = new Map<string, TextDelta | CodeDelta>();
  /** By path. */
  readonly #readings = new Map<string, FileReading>();
  #progress: Progress | undefined;

  /** To be called with every event, in order. */
  add(event: SessionEvent): void {
    switch (event.type) {
      case "text-delta":
      case "code-delta":
        this.#join(event);
        return;
      case "text-end":
      case "block-drop":
        this.#open.delete(event.blockId);
        return;
      case "cell-start":
        this.#open.delete(event.cellId);
        return;
      case "progress":
        this.#progress = event;
        return;
      case "file-reading":
        this.#readings.set(event.path, event);
        return;
      case "file-profile":
      case "file-problem":
      case "file-detach":
        this.#readings.delete(event.path);
        return;
      case "turn-end":
        this.#open.clear();
        this.#progress = undefined;
        return;
      default:
    }
  }

  /** The events to replay after those of the session file. */
  get events(): readonly SessionEvent[] {
    const progress = this.#progress === undefined ? [] : [this.#progress];
    return [...this.#readings.values(), ...this.#open.values(), ...progress];
  }

  #join(event: TextDelta | CodeDelta): void {
    const id = event.type === "text-delta" ? event.blockId : event.cellId;
    const before = this.#open.get(id);
    this.#open.set(id, before === undefined ? event : { ...event, text: before.text + event.text });
  }
}
