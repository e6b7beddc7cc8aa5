import type { SessionSummary } from "../protocol/page.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import { emptySession, reduceSession } from "../protocol/session-state.ts";

/** A session in the list, and the words it can be found by. */
export interface SessionEntry extends SessionSummary {
  /** Questions and answers, in lower case. */
  readonly words: string;
  /** Size of the event file that the entry was made from, which tells whether it still fits. */
  readonly eventsBytes: number;
}

const wordsKept = 20_000;

/** What the list shows of a session, as of its last event. @param eventsBytes Size of its event file. */
export function sessionEntry(events: readonly SessionEvent[], eventsBytes: number): SessionEntry {
  const session = events.reduce(reduceSession, emptySession);
  const words = session.turns.flatMap((turn) => [
    turn.question,
    ...turn.blocks.map((block) => (block.kind === "text" && block.role === "answer" ? block.text : "")),
  ]);
  return {
    id: session.id,
    title: session.title,
    files: [...session.files, ...session.sources].map(({ name }) => name),
    updatedAt: events.at(-1)?.at ?? session.createdAt,
    turns: session.turns.length,
    words: words.join("\n").toLowerCase().slice(-wordsKept),
    eventsBytes,
  };
}

/** Whether every word of `text` stands in the title, a file name, a question or an answer. */
export function matchesSearch(entry: SessionEntry, text: string): boolean {
  const haystack = [entry.title, ...entry.files, entry.words].join("\n").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}
