import type { PassageStore } from "../index/passage-store.ts";
import type { QueryTerm } from "../../words/query-terms.ts";
import { formsBegin, hasForms, resembles } from "../../words/resemblance.ts";

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
  /** The numbers of the passages that have a term that was counted, in their order. */
  passagesWith(term: CountedTerm): Uint32Array;
  /** How many passages there are. */
  passages(): number;
  /** Average length of a passage, in characters. */
  averageLength(): number;
}

/** So many passages with a term are counted; how many there are in all is told by how far one had to look for them. */
const sample = 1100;
const mostRemembered = 20_000;
/** The numbers of passages that are remembered, of all terms together: 8 MB. */
const mostNumbers = 2_000_000;
/** Other forms of a word are looked for as well, as long as so many passages, or so many as have the word, have them. */
const leastFormPassages = 300;

/** A term and other forms of the word in the language of full-text queries, and how many passages have any of them. */
type Forms = Pick<CountedTerm, "match" | "passages">;

function findForms(store: PassageStore, { stem, match }: QueryTerm, found: number): Forms {
  const parts = [match];
  let passages = found;
  const forms = hasForms(stem) ? store.wordsBeginning(formsBegin(stem)) : [];
  for (const form of forms.toSorted((left, right) => left.passages - right.passages)) {
    if (form.word !== stem && resembles(stem, form.word)) {
      if (passages + form.passages > Math.max(found, leastFormPassages)) {
        break;
      }
      passages += form.passages;
      parts.push(`"${form.word}"`);
    }
  }
  return { match: parts.length === 1 ? match : `(${parts.join(" OR ")})`, passages };
}

/** Counts how many passages have a term, and remembers it. */
export function createTermCounter(store: PassageStore): TermCounter {
  const counts = new Map<string, number>();
  const withForms = new Map<string, Forms>();
  const lists = new Map<string, Uint32Array>();
  let listed = 0;
  let version = -1;
  let passages = 0;
  let length = 1;
  const refresh = (): void => {
    const now = store.dataVersion() + (store.changes() << 16);
    if (now !== version || counts.size > mostRemembered) {
      const totals = store.totals();
      counts.clear();
      withForms.clear();
      lists.clear();
      listed = 0;
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
  const formsOf = (term: QueryTerm, found: number): Forms => {
    const known = withForms.get(term.stem) ?? findForms(store, term, found);
    withForms.set(term.stem, known);
    return known;
  };
  return {
    count: (terms) => {
      refresh();
      return terms.map((term) => {
        const found = countOf(term.match);
        return { ...countedTerm(term, found, passages), ...(found < sample ? formsOf(term, found) : {}) };
      });
    },
    passagesWith: ({ match }) => {
      refresh();
      const known = lists.get(match);
      if (known !== undefined) {
        return known;
      }
      const found = store.matching(match);
      if (listed + found.length > mostNumbers) {
        lists.clear();
        listed = 0;
      }
      lists.set(match, found);
      listed += found.length;
      return found;
    },
    passages: () => {
      refresh();
      return passages;
    },
    averageLength: () => {
      refresh();
      return length;
    },
  };
}
