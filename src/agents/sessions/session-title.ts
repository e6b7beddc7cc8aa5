import type { SessionEvent } from "../protocol/session-event.ts";
import type { Session } from "../protocol/session-state.ts";

/** Most characters of a title that is made from a question. */
const titleLength = 60;

/** A question as a title: its first line that says something, shortened where it is long; empty where it says nothing. */
export function titleFromQuestion(question: string): string {
  const lines = question.split(/\r?\n/u).map((line) => line.trim().replaceAll(/\s+/gu, " "));
  return shortened(lines.find((line) => line !== "") ?? "");
}

/** The names of files as a title. */
export function titleFromFiles(names: readonly string[]): string {
  return names.join(", ");
}

const namingEvents: ReadonlySet<SessionEvent["type"]> = new Set([
  "file-attach",
  "file-detach",
  "source-add",
  "source-remove",
  "turn-start",
]);

/** What a session is called after something has happened in it; `undefined` where its name stays, as by {@link automaticTitle}. */
export function titleAfter(event: SessionEvent, session: Session, events: readonly SessionEvent[]): string | undefined {
  return namingEvents.has(event.type) ? automaticTitle(session, events) : undefined;
}

/**
 * What a session is called where nobody has named it: its first question, or else its files and what is asked about.
 *
 * @returns `undefined` where the name it has stays: the person gave it, it fits already, or there is nothing better.
 */
export function automaticTitle(session: Session, events: readonly SessionEvent[]): string | undefined {
  if (isNamedByPerson(events)) {
    return undefined;
  }

  const [first] = session.turns;
  const asked = first === undefined ? "" : titleFromQuestion(first.question);
  const title = asked === "" ? titleFromFiles([...session.files, ...session.sources].map(({ name }) => name)) : asked;
  return title === "" || title === session.title ? undefined : title;
}

/** Whether the person has named the session. */
export function isNamedByPerson(events: readonly SessionEvent[]): boolean {
  return events.some((event) => event.type === "session-rename" && event.automatic !== true);
}

/** Cut between words where one ends in the last third, and between characters, never inside one, where none does. */
function shortened(text: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  if (characters.length <= titleLength) {
    return text;
  }

  const kept = characters.slice(0, titleLength - 1);
  const space = kept.lastIndexOf(" ");
  const end = characters[kept.length] === " " || space < (titleLength * 2) / 3 ? kept.length : space;
  return `${kept.slice(0, end).join("").trimEnd()}…`;
}
