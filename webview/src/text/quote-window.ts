import type { Citation, ReadPassage } from "../../../src/agents/protocol/citation.ts";

/** Words in what stands around them. */
export interface QuoteWindow {
  readonly before: string;
  readonly quote: string;
  readonly after: string;
}

/** Characters of the passage shown on either side. */
const around = 160;

/** The quote within its passage, cut at words on either side; alone where the passage is not at hand. */
export function quoteWindow(citation: Citation, passage: ReadPassage | null): QuoteWindow {
  const { quote } = citation;
  const shown = withoutBlankLines(quote);
  const at = passage === null ? -1 : placeWithin(citation, passage);
  if (passage === null || at === -1) {
    return { before: "", quote: shown, after: "" };
  }

  const before = passage.text.slice(0, at);
  const after = passage.text.slice(at + quote.length);
  return { before: endOf(withoutBlankLines(before)), quote: shown, after: startOf(withoutBlankLines(after)) };
}

/** Text with its paragraphs on lines that follow each other, for where there is little room. */
export function withoutBlankLines(text: string): string {
  return text.replaceAll(/\n\s*\n/gu, "\n");
}

function placeWithin({ quote, start }: Citation, passage: ReadPassage): number {
  const characters = Array.from(passage.text).slice(0, Math.max(0, start - passage.start));
  const told = characters.join("").length;
  return passage.text.startsWith(quote, told) ? told : passage.text.indexOf(quote);
}

function endOf(text: string): string {
  const characters = Array.from(text);
  return characters.length <= around
    ? text.trimStart()
    : `…${characters
        .slice(-around)
        .join("")
        .replace(/^[\w'’-]+/u, "")}`;
}

function startOf(text: string): string {
  const characters = Array.from(text);
  return characters.length <= around
    ? text.trimEnd()
    : `${characters
        .slice(0, around)
        .join("")
        .replace(/[\w'’-]+$/u, "")}…`;
}
