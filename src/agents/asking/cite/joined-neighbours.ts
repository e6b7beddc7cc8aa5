import type { ReadPassage } from "../../protocol/citation.ts";

/**
 * Passages that touch in their file, two by two, with their joined text: a quote may begin in one and end in the next.
 * Only passages whose text is what stands between their places can be joined.
 *
 * @param named The number of the passage that is looked at first; the joined passage keeps that of the first of the two.
 */
export function joinedNeighbours(passages: readonly ReadPassage[], named: number): readonly ReadPassage[] {
  const exact = passages.filter(({ text, start, end }) => Array.from(text).length === end - start);
  return exact
    .flatMap((first) => exact.flatMap((next) => (touches(first, next) ? [{ first, next }] : [])))
    .toSorted((a, b) => Number(isOne(b, named)) - Number(isOne(a, named)))
    .map(({ first, next }) => join(first, next));
}

interface Neighbours {
  readonly first: ReadPassage;
  readonly next: ReadPassage;
}

function isOne({ first, next }: Neighbours, number: number): boolean {
  return first.number === number || next.number === number;
}

function touches(first: ReadPassage, next: ReadPassage): boolean {
  return (
    first.path === next.path &&
    first.page === next.page &&
    first.start < next.start &&
    next.start <= first.end &&
    first.end < next.end
  );
}

function join(first: ReadPassage, next: ReadPassage): ReadPassage {
  const rest = Array.from(next.text)
    .slice(first.end - next.start)
    .join("");
  // The passages of a sheet never touch: between rows a line ends.
  const { lineNumbers: _, ...joined } = first;
  return { ...joined, text: first.text + rest, end: next.end, endLine: next.endLine };
}
