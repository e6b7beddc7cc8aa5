import type { Passage, PassageScope } from "../../ports/passage-index.ts";
import type { PassageStore } from "../index/passage-store.ts";
import { queryTerms } from "../words/query-terms.ts";
import { candidateQuery, mostRanked, sqliteLanguage } from "./candidate-query.ts";
import { type RankedChunk, rankPassages } from "./rank-passages.ts";
import type { CountedTerm, TermCounter } from "./rarity.ts";

/** What is looked for. */
export interface SearchRequest {
  readonly text: string;
  readonly top: number;
  /** Everywhere when empty. */
  readonly within: readonly PassageScope[];
}

/** So many passages are looked at closely, and more when more are wanted. */
export const candidateCount = 50;

/** Finds passages for a question or for words, best first. Empty for a query without letters and digits. */
export function searchPassages(
  store: PassageStore,
  counter: TermCounter,
  { text, top, within }: SearchRequest,
): readonly Passage[] {
  return rankedChunks(store, counter, { text, top, within })
    .slice(0, top)
    .map(({ chunk, score }) => ({ ...chunk.passage, score: Math.round(score * 10_000) / 10_000 }));
}

/** All passages that were looked at closely, best first: more than `top`, where so many match. */
export function rankedChunks(
  store: PassageStore,
  counter: TermCounter,
  { text, top, within }: SearchRequest,
): readonly RankedChunk[] {
  const terms = counter.count(queryTerms(text));
  const match = matchOf(store, terms);
  if (match === null || top < 1) {
    return [];
  }
  const candidates = store.candidates({
    match,
    most: Math.max(candidateCount, top * 2),
    ranked: mostRanked + top,
    within,
  });
  return rankPassages(candidates, terms, counter.averageLength());
}

function matchOf(store: PassageStore, terms: readonly CountedTerm[]): string | null {
  const question = candidateQuery(terms, sqliteLanguage);
  let step = question.next();
  while (step.done !== true) {
    step = question.next(store.count(step.value.match, step.value.most).found);
  }
  return step.value;
}
