import type { PassageStore } from "../index/passage-store.ts";
import type { QueryTerm } from "../words/query-terms.ts";

/** A term with how many passages have it. */
export interface CountedTerm extends QueryTerm {
  /** Exact up to a few thousand, an estimate beyond. */
  readonly passages: number;
  /** Inverse document frequency as in BM25, times the term's weight: never negative. */
  readonly rarity: number;
}

/** A term that so many of all passages have. */
export function countedTerm(term: QueryTerm, found: number, all: number): CountedTerm {
  const rarity = Math.log(1 + (Math.max(all, found) - found + 0.5) / (found + 0.5)) * term.weight;
  return { ...term, passages: found, rarity };
}

/** What is counted of terms stays right until something is written. */
export interface TermCounter {
  count(terms: readonly QueryTerm[]): readonly CountedTerm[];
  /** Average length of a passage, in characters. */
  averageLength(): number;
}

/** So many passages with a term are counted; how many there are in all is told by how far one had to look for them. */
const sample = 1600;
const mostRemembered = 20_000;

/** Counts how many passages have a term, and remembers it. */
export function createTermCounter(store: PassageStore): TermCounter {
  const counts = new Map<string, number>();
  let version = -1;
  let passages = 0;
  let length = 1;
  const refresh = (): void => {
    const now = store.dataVersion() + (store.changes() << 16);
    if (now !== version || counts.size > mostRemembered) {
      const totals = store.totals();
      counts.clear();
      version = now;
      passages = totals.chunks;
      length = Math.max(1, totals.characters / Math.max(1, totals.chunks));
    }
  };
  const countOf = (match: string): number => {
    const known = counts.get(match);
    if (known !== undefined) {
      return known;
    }
    const { found, lastId } = store.count(match, sample);
    const all = found < sample ? found : Math.round((found * store.lastId()) / lastId);
    counts.set(match, all);
    return all;
  };
  return {
    count: (terms) => {
      refresh();
      return terms.map((term) => countedTerm(term, countOf(term.match), passages));
    },
    averageLength: () => {
      refresh();
      return length;
    },
  };
}
