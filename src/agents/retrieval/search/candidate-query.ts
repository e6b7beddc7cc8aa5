import type { PassageStore } from "../index/passage-store.ts";
import type { CountedTerm } from "./rarity.ts";

/** Comparing costs time for each passage: so many are compared. */
export const mostRanked = 1500;
/** Pairs of frequent terms that are tried. */
const mostPairs = 6;

/**
 * The full-text query that finds the passages worth a closer look: those with any of the rare terms, and those that have
 * two or three of the frequent ones. `null` when no passage has any of the terms.
 */
export function candidateQuery(store: PassageStore, terms: readonly CountedTerm[]): string | null {
  const found = terms.filter(({ passages }) => passages > 0);
  const whole = found.filter(({ weight }) => weight === 1);
  const rareFirst = (whole.length > 0 ? whole : found).toSorted((left, right) => left.passages - right.passages);
  const parts: string[] = [];
  const frequent: CountedTerm[] = [];
  let left = mostRanked;
  for (const term of rareFirst) {
    if (term.passages <= left) {
      parts.push(term.match);
      left -= term.passages;
    } else {
      frequent.push(term);
    }
  }
  parts.push(...pairsOf(store, frequent, left));
  if (parts.length === 0) {
    return rareFirst.length === 0 ? null : rareFirst.map(({ match }) => match).join(" OR ");
  }
  return parts.join(" OR ");
}

/** Frequent terms two at a time, or three where two are still too frequent, as long as there is room for their passages. */
function pairsOf(store: PassageStore, frequent: readonly CountedTerm[], room: number): readonly string[] {
  const chosen: string[] = [];
  let left = room;
  const pairs = frequent.flatMap((first, at) => frequent.slice(at + 1).map((second) => ({ first, second, at })));
  for (const { first, second, at } of pairs.slice(0, mostPairs)) {
    const third = frequent.slice(at + 1).find((term) => term !== second);
    const two = `(${first.match} AND ${second.match})`;
    const three = third === undefined ? null : `(${first.match} AND ${second.match} AND ${third.match})`;
    for (const match of three === null ? [two] : [two, three]) {
      const { found } = store.count(match, left + 1);
      if (found <= left) {
        left -= found;
        chosen.push(match);
        break;
      }
    }
  }
  return chosen;
}
