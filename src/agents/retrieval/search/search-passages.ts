import type { Passage, PassageScope } from "../../ports/passage-index.ts";
import type { PassageStore } from "../index/passage-store.ts";
import { queryTerms } from "../../words/query-terms.ts";
import { candidateQuery, mostRanked, sqliteLanguage } from "./candidate-query.ts";
import { hasWords, literalParts, rankLiterally } from "./literal-query.ts";
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
/** Of a scope with so few passages all are looked at closely. */
const mostReadWhole = 200;

/** Finds passages for a question or for words, best first. A query without letters and digits is looked for as it is. */
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
  const inScope = within.length === 0 ? null : store.totalsOf(within).chunks;
  if (top < 1 || inScope === 0) {
    return [];
  }
  if (!hasWords(text)) {
    const parts = literalParts(text);
    return parts.length === 0 ? [] : rankLiterally(store.withParts(parts, mostRanked + top, within), parts);
  }
  const terms = counter.count(queryTerms(text));
  if (terms.length === 0) {
    return [];
  }
  if (inScope !== null && inScope <= mostReadWhole) {
    const all = rankPassages(Array.from(store.passagesOf(within)), terms, counter.averageLength());
    return all.filter(({ score }) => score > 0);
  }
  const match = matchOf(store, terms, inScope === null ? 1 : inScope / store.totals().chunks);
  if (match === null) {
    return [];
  }
  const most = Math.max(candidateCount, top * 2);
  const candidates = store.candidates({ match, most, ranked: mostRanked + top, within });
  return rankPassages(candidates, terms, counter.averageLength());
}

/** @param share of all passages that is searched: so much of what is counted everywhere is expected there */
function matchOf(store: PassageStore, terms: readonly CountedTerm[], share: number): string | null {
  const expected = (found: number): number => Math.ceil(found * share);
  const there = terms.map((term) => ({ ...term, passages: expected(term.passages) }));
  const question = candidateQuery(there, sqliteLanguage);
  let step = question.next();
  while (step.done !== true) {
    step = question.next(expected(store.count(step.value.match, Math.ceil(step.value.most / share)).found));
  }
  return step.value;
}
