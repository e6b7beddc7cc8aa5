import type { Span } from "./place.ts";

/** A file taken apart: the YAML between two lines of dashes, and the text below. Offsets are of the whole text. */
export interface FrontMatter {
  /** `null` where there is none; `isClosed` is false where the second line of dashes is missing. */
  readonly head: (Span & { readonly text: string; readonly isClosed: boolean }) | null;
  readonly body: Span & { readonly text: string };
}

const fence = /^-{3}[ \t]*$/u;

/** Takes the front matter off a text. It begins in the first line, with nothing before it but a byte order mark. */
export function splitFrontMatter(text: string): FrontMatter {
  const first = text.startsWith("\ufeff") ? 1 : 0;
  const opening = lineAt(text, first);
  if (!fence.test(opening.text)) {
    return { head: null, body: { start: first, end: text.length, text: text.slice(first) } };
  }
  for (let line = lineAt(text, opening.next); line.start < text.length; line = lineAt(text, line.next)) {
    if (fence.test(line.text)) {
      const head = { start: opening.next, end: line.start, text: text.slice(opening.next, line.start), isClosed: true };
      return { head, body: { start: line.next, end: text.length, text: text.slice(line.next) } };
    }
  }
  const head = { start: opening.next, end: text.length, text: text.slice(opening.next), isClosed: false };
  return { head, body: { start: text.length, end: text.length, text: "" } };
}

/** The line that begins at `start`, and where the next one begins. */
function lineAt(text: string, start: number): { readonly start: number; readonly text: string; readonly next: number } {
  const line = /([^\r\n]*)(\r\n|\r|\n|$)/uy;
  line.lastIndex = start;
  const [whole = "", content = ""] = line.exec(text) ?? [];
  return { start, text: content, next: start + whole.length };
}
