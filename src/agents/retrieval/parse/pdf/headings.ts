import type { PageText } from "./page-lines.ts";
import type { Paragraph } from "./paragraphs.ts";
import { titleKey } from "./outline.ts";

/** Letters at least so much larger than those of the text make a heading. */
const largerBy = 1.12;
const longestHeading = 200;

/** The size of most letters of a document, in points. */
function bodySize(pages: readonly PageText[]): number {
  const letters = new Map<number, number>();
  for (const { columns } of pages) {
    for (const { text, size } of columns.flatMap(({ lines }) => lines)) {
      const rounded = Math.round(size * 2) / 2;
      letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
    }
  }
  return [...letters].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

/**
 * Tells headings from text: what the table of contents names, and what is set larger than the text.
 *
 * @returns the level of a paragraph that is a heading, else `null`
 */
export function headingLevels(
  pages: readonly PageText[],
  outline: ReadonlyMap<string, number>,
): (paragraph: Paragraph) => number | null {
  const body = bodySize(pages);
  const sizes = new Set<number>();
  for (const { columns } of pages) {
    for (const { size } of columns.flatMap(({ lines }) => lines)) {
      if (size >= body * largerBy) {
        sizes.add(Math.round(size));
      }
    }
  }
  const ranked = [...sizes].toSorted((a, b) => b - a);
  return ({ text, size, isTable, lineCount }) => {
    if (isTable || lineCount > 4 || text.length > longestHeading || !/\p{L}/u.test(text)) {
      return null;
    }
    const named = outline.get(titleKey(text));
    if (named !== undefined) {
      return named;
    }
    return size >= body * largerBy ? Math.min(6, ranked.indexOf(Math.round(size)) + 1) : null;
  };
}
