import type { Citation, ReadPassage } from "../../protocol/citation.ts";
import type { Stretch } from "./match-quote.ts";

/** A citation without its number. */
export type CitedPlace = Omit<Citation, "number">;

/** The place in the file of a stretch of a passage. */
export function citedPlace(passage: ReadPassage, { start, end }: Stretch): CitedPlace {
  const { path, name, page, number, text, turn } = passage;
  const place = headingBefore(passage, start) ?? passage.place;
  const quote = text.slice(start, end);
  return {
    path,
    name,
    page,
    place,
    passage: number,
    quote,
    ...linesOf(passage, { start, end }),
    ...charactersOf(passage, { start, end }),
    ...(turn === undefined ? {} : { turn }),
  };
}

/** The heading that stands last before a place in a passage; `null` where the passage begins under it, or does not say. */
function headingBefore({ name, text }: ReadPassage, at: number): string | null {
  const before = text.slice(0, at).split(/\r?\n/u).slice(0, -1);
  if (/\.(?:md|markdown|mdx|qmd|rmd)$/iu.test(name)) {
    return markdownHeading(before);
  }
  return /\.(?:rst|rest)$/iu.test(name) ? underlinedHeading(before) : null;
}

function markdownHeading(lines: readonly string[]): string | null {
  let heading: string | null = null;
  let inFence = false;
  for (const line of lines) {
    inFence = /^ {0,3}(?:`{3,}|~{3,})/u.test(line) ? !inFence : inFence;
    const [, title] = /^ {0,3}#{1,6}[^\S\n]+(.+?)[^\S\n]*#*$/u.exec(line) ?? [];
    heading = inFence ? heading : (title ?? heading);
  }

  return heading;
}

/**
 * In reStructuredText a title stands above a line of one punctuation mark that is at least as long
 * (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections).
 */
function underlinedHeading(lines: readonly string[]): string | null {
  const line = /^([!-/:-@[-`{-~])\1{2,}\s*$/u;
  const isTitle = (title: string, underline: string): boolean =>
    /^\S/u.test(title) &&
    !title.startsWith("..") &&
    !line.test(title) &&
    underline.trim().length >= title.trim().length;
  const at = lines.findLastIndex((text, index) => line.test(text) && isTitle(lines[index - 1] ?? "", text));
  return at < 1 ? null : (lines[at - 1]?.trim() ?? null);
}

/** Counted where the passage has as many characters as its place says: some passages repeat a table's header. */
function charactersOf(passage: ReadPassage, stretch: Stretch): Pick<Citation, "start" | "end"> {
  const { text } = passage;
  if (lengthOf(text) !== passage.end - passage.start) {
    return { start: passage.start, end: passage.end };
  }

  const start = passage.start + lengthOf(text.slice(0, stretch.start));
  return { start, end: start + lengthOf(text.slice(stretch.start, stretch.end)) };
}

function linesOf(passage: ReadPassage, stretch: Stretch): Pick<Citation, "startLine" | "endLine"> {
  const { text, startLine, endLine, lineNumbers } = passage;
  if (lineNumbers !== undefined && lineNumbers.length === breaksIn(text) + 1) {
    const numberAt = (end: number): number => lineNumbers[breaksIn(text.slice(0, end))] ?? startLine;
    return { startLine: numberAt(stretch.start), endLine: numberAt(stretch.end) };
  }

  if (breaksIn(text) !== endLine - startLine) {
    return { startLine, endLine };
  }

  const first = startLine + breaksIn(text.slice(0, stretch.start));
  return { startLine: first, endLine: first + breaksIn(text.slice(stretch.start, stretch.end)) };
}

function lengthOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\n|\r/gu)?.length ?? 0;
}
