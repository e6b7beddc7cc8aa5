import type { SessionSummary } from "../protocol/page.ts";
import type { Session } from "../protocol/session-state.ts";

/** A session in the list, and the words it can be found by. */
export interface SessionEntry extends SessionSummary {
  /** Questions and answers, in lower case. */
  readonly words: string;
}

const wordsKept = 20_000;

/** What the list shows of a session. @param updatedAt Milliseconds since the epoch. */
export function sessionEntry(session: Session, updatedAt: number): SessionEntry {
  const words = session.turns.flatMap((turn) => [
    turn.question,
    ...turn.blocks.map((block) => (block.kind === "text" && block.role === "answer" ? block.text : "")),
  ]);
  return {
    id: session.id,
    title: session.title,
    files: session.files.map(({ name }) => name),
    updatedAt,
    turns: session.turns.length,
    words: words.join("\n").toLowerCase().slice(-wordsKept),
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
