import type { CountedTerm } from "../search/rarity.ts";
import { lexemeQuery } from "./lexemes.ts";

/** Comparing costs time for each passage: so many are compared. */
export const mostRanked = 1000;
/** Pairs of frequent terms that are tried. */
const mostPairs = 6;

/* PostgreSQL's own language (https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY). */
const all = (parts: readonly string[]): string => `(${parts.join(" & ")})`;
const any = (parts: readonly string[]): string => parts.join(" | ");

/** Asks how many passages match, up to `most`. */
export interface CountRequest {
  readonly match: string;
  readonly most: number;
}

/** Asks for counts and is answered with them, until it has a query; `null` when no passage has any of the terms. */
export type CandidateQuestion = Generator<CountRequest, string | null, number>;

/**
 * The full-text query that finds the passages worth a closer look: those with any of the rare terms, and those that have
 * two or three of the frequent ones.
 *
 * @yields what has to be counted
 */
export function* candidateQuery(terms: readonly CountedTerm[]): CandidateQuestion {
  const found = terms.filter(({ passages }) => passages > 0);
  const whole = found.filter(({ weight }) => weight === 1);
  const rareFirst = (whole.length > 0 ? whole : found).toSorted((left, right) => left.passages - right.passages);
  const parts: string[] = [];
  const frequent: CountedTerm[] = [];
  let left = mostRanked;
  for (const term of rareFirst) {
    if (term.passages <= left) {
      parts.push(lexemeQuery(term));
      left -= term.passages;
    } else {
      frequent.push(term);
    }
  }
  parts.push(...(yield* pairsOf(frequent, left)));
  if (parts.length === 0) {
    return rareFirst.length === 0 ? null : any(rareFirst.map(lexemeQuery));
  }
  return any(parts);
}

/**
 * Frequent terms two at a time, or three where two are still too frequent, as long as there is room for their passages.
 *
 * @yields what has to be counted
 */
function* pairsOf(frequent: readonly CountedTerm[], room: number): Generator<CountRequest, readonly string[], number> {
  const chosen: string[] = [];
  let left = room;
  const pairs = frequent.flatMap((first, at) => frequent.slice(at + 1).map((second) => ({ first, second, at })));
  for (const { first, second, at } of pairs.slice(0, mostPairs)) {
    const third = frequent.slice(at + 1).find((term) => term !== second);
    for (const some of third === undefined
      ? [[first, second]]
      : [
          [first, second],
          [first, second, third],
        ]) {
      const match = all(some.map(lexemeQuery));
      const found = yield { match, most: left + 1 };
      if (found <= left) {
        left -= found;
        chosen.push(match);
        break;
      }
    }
  }
  return chosen;
}
