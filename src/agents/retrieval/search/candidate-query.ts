import type { CountedTerm } from "./rarity.ts";

/** Comparing costs time for each passage: so many are compared. */
export const mostRanked = 1000;
/** Pairs of frequent terms that are tried. */
const mostPairs = 6;

/** How a full-text index is asked. */
export interface QueryLanguage {
  term(term: CountedTerm): string;
  all(parts: readonly string[]): string;
  any(parts: readonly string[]): string;
}

/** The language of FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax). */
export const sqliteLanguage: QueryLanguage = {
  term: ({ match }) => match,
  all: (parts) => `(${parts.join(" AND ")})`,
  any: (parts) => parts.join(" OR "),
};

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
export function* candidateQuery(terms: readonly CountedTerm[], language: QueryLanguage): CandidateQuestion {
  const found = terms.filter(({ passages }) => passages > 0);
  const whole = found.filter(({ weight }) => weight === 1);
  const rareFirst = (whole.length > 0 ? whole : found).toSorted((left, right) => left.passages - right.passages);
  const parts: string[] = [];
  const frequent: CountedTerm[] = [];
  let left = mostRanked;
  for (const term of rareFirst) {
    if (term.passages <= left) {
      parts.push(language.term(term));
      left -= term.passages;
    } else {
      frequent.push(term);
    }
  }
  parts.push(...(yield* pairsOf(frequent, left, language)));
  if (parts.length === 0) {
    return rareFirst.length === 0 ? null : language.any(rareFirst.map((term) => language.term(term)));
  }
  return language.any(parts);
}

/**
 * Frequent terms two at a time, or three where two are still too frequent, as long as there is room for their passages.
 *
 * @yields what has to be counted
 */
function* pairsOf(
  frequent: readonly CountedTerm[],
  room: number,
  language: QueryLanguage,
): Generator<CountRequest, readonly string[], number> {
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
      const match = language.all(some.map((term) => language.term(term)));
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
