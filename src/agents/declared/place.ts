/** From where to where in a text: UTF-16 offsets. */
export interface Span {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
}

/** Line and column of an offset, both counted from 1. A line ends with `\n`, `\r\n` or `\r`. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  // Between the two characters of one line end, the line has not ended yet.
  const isSplit = before.endsWith("\r") && text[offset] === "\n";
  const lines = (isSplit ? before.slice(0, -1) : before).split(/\r\n|\r|\n/u);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The span within the text, whatever a parser said. */
export function spanWithin(text: string, { start, end }: Span): Span {
  const from = Math.min(Math.max(0, start), text.length);
  return { start: from, end: Math.min(Math.max(from, end), text.length) };
}
