import type { Passage, PassageScope } from "../../ports/passage-index.ts";
import type { PassageStore } from "../index/passage-store.ts";
import { queryTerms } from "../../words/query-terms.ts";
import { choosePassages, type TermPassages } from "./choose-passages.ts";
import { hasWords, literalParts, rankLiterally } from "./literal-query.ts";
import { promisingPassages } from "./promising-passages.ts";
import { type RankedChunk, rankPassages } from "./rank-passages.ts";
import type { CountedTerm, TermCounter } from "./rarity.ts";

/** What is looked for. */
export interface SearchRequest {
  readonly text: string;
  readonly top: number;
  /** Everywhere when empty. */
  readonly within: readonly PassageScope[];
}

/** So many of the passages that were looked at closely are told, and more when more are wanted. */
export const candidateCount = 50;
/** So many passages are looked at closely, up to the most where they have the same terms. */
const leastLookedAt = 100;
const mostLookedAt = 300;
/** Of passages that have what a query without words looks for, so many are compared. */
const mostLiteral = 1000;
/** For a question so many numbers of passages are gone through, and as many as this share of all: the rarest terms'. */
const mostListed = 50_000;
const listedShare = 0.5;
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
    return parts.length === 0 ? [] : rankLiterally(store.withParts(parts, mostLiteral + top, within), parts);
  }
  const terms = counter.count(queryTerms(text));
  if (terms.length === 0) {
    return [];
  }
  if (inScope !== null && inScope <= mostReadWhole) {
    const all = rankPassages(Array.from(store.passagesOf(within)), terms, counter.averageLength());
    return all.filter(({ score }) => score > 0);
  }
  const least = Math.max(leastLookedAt, top * 2);
  const size = { least, most: Math.max(mostLookedAt, least) };
  const scope = inScope === null ? null : numbersWithin(store, within);
  const worth = choosePassages(listsOf(counter, terms, scope === null ? least : Infinity), size, scope);
  const averageLength = counter.averageLength();
  const most = Math.max(candidateCount, top * 2);
  const chunks = store.passages(Array.from(worth.keys()));
  const ranked = rankPassages(promisingPassages(chunks, { terms, averageLength, worth, most }), terms, averageLength);
  return ranked.slice(0, most);
}

/**
 * The passages of the rarest terms, of as many as one question may go through.
 *
 * @param least the frequent terms are gone through where the rarer ones have fewer passages
 */
function listsOf(counter: TermCounter, terms: readonly CountedTerm[], least: number): readonly TermPassages[] {
  const found = terms.filter(({ passages }) => passages > 0);
  const whole = found.filter(({ weight }) => weight === 1);
  const rareFirst = (whole.length > 0 ? whole : found).toSorted((left, right) => left.passages - right.passages);
  const most = Math.max(mostListed, counter.passages() * listedShare);
  const lists: TermPassages[] = [];
  let listed = 0;
  for (const term of rareFirst) {
    if (listed >= least && listed + term.passages > most) {
      break;
    }
    const passages = counter.passagesWith(term);
    lists.push({ rarity: term.rarity, passages });
    listed += passages.length;
  }
  return lists;
}

/** By number, 1 for the passages of a scope. */
function numbersWithin(store: PassageStore, within: readonly PassageScope[]): Uint8Array {
  const numbers = new Uint8Array(store.lastId() + 1);
  for (const number of store.passagesWithin(within)) {
    numbers[number] = 1;
  }
  return numbers;
}
