import type { SessionEvent } from "../../agents/protocol/session-event.ts";
import { transcriptEntry } from "../../agents/sessions/transcript.ts";

/** A session whose agents are quoted. */
export interface QuotedSession {
  readonly id: string;
  readonly state: { readonly title: string };
  /** All that has happened in it, the latest event included. */
  readonly events: readonly SessionEvent[];
}

/** Prints sessions into one text, each from its first word on, with a heading wherever another one goes on. */
export class SessionTranscript {
  readonly #append: (text: string) => void;
  readonly #begun = new Set<string>();
  #lastId: string | undefined;

  /** @param append Takes the next piece. */
  constructor(append: (text: string) => void) {
    this.#append = append;
  }

  /** To be called with every event of a session, after it has been added to the session. */
  print(session: QuotedSession, event: SessionEvent): void {
    if (this.#begun.has(session.id)) {
      this.#say(session, entryOf(session, event));
    } else if (entryOf(session, event) !== "") {
      this.catchUp(session);
    }
  }

  /** Prints all of a session that has not been printed, such as what was said before the window was opened. */
  catchUp(session: QuotedSession): void {
    if (!this.#begun.has(session.id)) {
      this.#begun.add(session.id);
      this.#say(session, session.events.map((event) => entryOf(session, event)).join(""));
    }
  }

  #say(session: QuotedSession, text: string): void {
    if (text !== "") {
      this.#append(session.id === this.#lastId ? text : `===== ${session.state.title} =====\n\n${text}`);
      this.#lastId = session.id;
    }
  }
}

function entryOf({ events }: QuotedSession, event: SessionEvent): string {
  if (event.type === "message" && event.message.silent) {
    return "";
  }
  const asked = event.type === "agent-select" && events.findLast((other) => isStart(other, event.turnId));
  return transcriptEntry(event, asked && asked.type === "turn-start" ? asked.question : "");
}

function isStart(event: SessionEvent, turnId: string): boolean {
  return event.type === "turn-start" && event.turnId === turnId;
}
