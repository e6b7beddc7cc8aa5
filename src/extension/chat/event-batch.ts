import type { SessionEvent } from "../../agents/protocol/session-event.ts";

/** About one frame of a screen. */
const batchMs = 16;

/** Gathers events, so that a fast stream costs one message a frame instead of one a word. */
export class EventBatch {
  readonly #send: (events: readonly SessionEvent[]) => void;
  #events: SessionEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (events: readonly SessionEvent[]) => void) {
    this.#send = send;
  }

  add(event: SessionEvent): void {
    this.#events.push(event);
    this.#timer ??= setTimeout(() => this.flush(), batchMs);
  }

  /** Sends at once what has been gathered. */
  flush(): void {
    const events = this.#events;
    this.clear();
    if (events.length > 0) {
      this.#send(events);
    }
  }

  /** Forgets what has been gathered. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events = [];
  }
}
