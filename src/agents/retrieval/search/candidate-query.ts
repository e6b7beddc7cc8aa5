import type { CountedTerm } from "./rarity.ts";

/** Ranking costs time for each passage that matches: so many are ranked at most, as far as rare terms suffice. */
const mostRanked = 6000;

/**
 * The full-text query that finds the passages worth a closer look: those with any of the terms that are rare enough.
 * `null` when no passage has any of the terms.
 */
export function candidateQuery(terms: readonly CountedTerm[]): string | null {
  const found = terms.filter(({ passages }) => passages > 0);
  const whole = found.filter(({ weight }) => weight === 1);
  const rareFirst = (whole.length > 0 ? whole : found).toSorted((left, right) => left.passages - right.passages);
  const chosen: CountedTerm[] = [];
  let ranked = 0;
  for (const term of rareFirst) {
    ranked += term.passages;
    if (chosen.length > 0 && ranked > mostRanked) {
      break;
    }
    chosen.push(term);
  }
  return chosen.length === 0 ? null : chosen.map(({ match }) => match).join(" OR ");
}
