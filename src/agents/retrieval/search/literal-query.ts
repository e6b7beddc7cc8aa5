import type { StoredChunk } from "../index/passage-store.ts";
import type { RankedChunk } from "./rank-passages.ts";

const mostParts = 8;
const longestPart = 100;
/** Says that a character is to be drawn as a picture, or as text: often left out. Source: Unicode 16, chapter 23.4. */
const drawingChoice = /[\ufe0e\ufe0f]/gu;

/** Says whether a query has letters or digits. */
export function hasWords(query: string): boolean {
  return /[\p{L}\p{N}]/u.test(query);
}

/**
 * What a query without letters and digits looks for: emoji, signs and punctuation as they are written, parted by white
 * space. Empty for a query that says nothing at all.
 */
export function literalParts(query: string): readonly string[] {
  const parts = query
    .replace(drawingChoice, "")
    .replaceAll("\0", " ")
    .split(/\s+/u)
    .filter((part) => part !== "");
  return [...new Set(parts)].slice(0, mostParts).map((part) => Array.from(part).slice(0, longestPart).join(""));
}

/**
 * An expression of SQL for a text as the parts of a query are compared with it.
 *
 * @param text an expression for the text
 * @param character the function that makes a character of its number
 */
export function comparedText(parts: readonly string[], text: string, character: "char" | "chr"): string {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with NUL
  return parts.some((part) => /[^\0-\x7f]/u.test(part))
    ? `replace(replace(${text}, ${character}(65038), ''), ${character}(65039), '')`
    : text;
}

function countOf(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
    count += 1;
  }
  return count;
}

/** Passages that have all parts, by how often they have them. Best first; of equal ones, the earlier. */
export function rankLiterally(chunks: readonly StoredChunk[], parts: readonly string[]): readonly RankedChunk[] {
  return chunks
    .map((chunk) => {
      const text = chunk.passage.text.replace(drawingChoice, "");
      return { chunk, score: parts.reduce((sum, part) => sum + countOf(text, part), 0) };
    })
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score || left.chunk.id - right.chunk.id);
}
