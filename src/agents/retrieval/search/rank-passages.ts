import type { StoredChunk } from "../index/passage-store.ts";
import { hasForms, resembles } from "../../words/resemblance.ts";
import { isSpaceless } from "../../words/scripts.ts";
import { eachWordWith, wordBeginnings, type WordBeginnings } from "../../words/find-words.ts";
import { stemOf } from "../../words/terms.ts";
import type { CountedTerm } from "./rarity.ts";

/** A passage with its score. */
export interface RankedChunk {
  readonly chunk: StoredChunk;
  readonly score: number;
}

/** BM25: how soon more of a term stops to count, and how much long passages are held against. */
const saturation = 1.2;
const lengthShare = 0.75;
/** Words within which terms support each other: two or three sentences. */
const windowWords = 50;
const windowShare = 0.6;
const phraseShare = 0.5;
/** A term in the path or the heading counts as so many in the text. */
const placeCount = 1;
/** So much does a word count that is not the term but looks like a form of it. */
const formCount = 0.8;

interface Occurrence {
  readonly at: number;
  readonly term: CountedTerm;
  readonly count: number;
}

/** What a word of a text says to a query. */
interface Meaning {
  readonly term: CountedTerm;
  readonly count: number;
}

/** The terms of a query, to be found in texts. */
interface TermFinder {
  readonly byStem: ReadonlyMap<string, CountedTerm>;
  /** Terms of which a word may be another form. */
  readonly withForms: readonly CountedTerm[];
  /** Of words as they are written: what they say, or nothing. */
  readonly known: Map<string, readonly Meaning[]>;
  /** How words begin that may be of a term: most words of a text are not looked at any closer. */
  readonly begins: WordBeginnings;
}

function termFinder(terms: readonly CountedTerm[]): TermFinder {
  const begins = wordBeginnings(terms.map(({ stem }) => stem));
  const byStem = new Map(terms.map((term) => [term.stem, term]));
  return { byStem, begins, withForms: terms.filter(({ stem }) => hasForms(stem)), known: new Map() };
}

/** The term that a word is, or looks like a form of, and the term that its first character is. */
function meaningsOf(written: string, { byStem, withForms }: TermFinder): readonly Meaning[] {
  const word = written.toLowerCase();
  const stem = stemOf(word);
  const term = byStem.get(stem);
  const form = term === undefined ? withForms.find((other) => resembles(other.stem, stem)) : undefined;
  const first = word.codePointAt(0) ?? 0;
  const single = word.length > 1 && isSpaceless(first) ? byStem.get(String.fromCodePoint(first)) : undefined;
  return [
    ...(term === undefined ? [] : [{ term, count: 1 }]),
    ...(form === undefined ? [] : [{ term: form, count: formCount }]),
    ...(single === undefined || single === term ? [] : [{ term: single, count: 1 }]),
  ];
}

function occurrencesOf(text: string, finder: TermFinder): readonly Occurrence[] {
  const { begins, known } = finder;
  const found: Occurrence[] = [];
  eachWordWith(begins, text, (word, at) => {
    let meanings = known.get(word);
    if (meanings === undefined) {
      meanings = meaningsOf(word, finder);
      known.set(word, meanings);
    }
    for (const { term, count } of meanings) {
      found.push({ at, term, count });
    }
  });
  return found;
}

/** The rarest company that terms keep: the greatest sum of different terms within a few sentences. */
function bestWindow(occurrences: readonly Occurrence[]): number {
  const counts = new Map<CountedTerm, number>();
  let sum = 0;
  let best = 0;
  let first = 0;
  for (const { at, term } of occurrences) {
    const count = counts.get(term) ?? 0;
    sum += count === 0 ? term.rarity : 0;
    counts.set(term, count + 1);
    for (let oldest = occurrences[first]; oldest !== undefined && at - oldest.at >= windowWords;) {
      const left = (counts.get(oldest.term) ?? 1) - 1;
      counts.set(oldest.term, left);
      sum -= left === 0 ? oldest.term.rarity : 0;
      first += 1;
      oldest = occurrences[first];
    }
    best = Math.max(best, sum);
  }
  return best;
}

/** Terms that stand beside one another as in the query, each pair once: who asks for "the Timer class" finds `class Timer`. */
function phrases(occurrences: readonly Occurrence[]): number {
  const seen = new Set<number>();
  let sum = 0;
  for (let index = 1; index < occurrences.length; index += 1) {
    const before = occurrences[index - 1];
    const here = occurrences[index];
    if (before === undefined || here === undefined) {
      continue;
    }
    const isNext = here.at > before.at && here.at - before.at <= 2;
    const follows = isNext && Math.abs(here.term.place - before.term.place) === 1;
    const later = Math.max(here.term.place, before.term.place);
    if (follows && here.term.weight === 1 && before.term.weight === 1 && !seen.has(later)) {
      seen.add(later);
      sum += Math.min(here.term.rarity, before.term.rarity);
    }
  }
  return sum;
}

/**
 * Scores passages by what they say: BM25 over text, path and heading, and more for terms that stand close together or
 * beside one another as in the query. Best first; of equal ones, the earlier.
 *
 * @param averageLength of a passage, in characters
 */
export function rankPassages(
  chunks: readonly StoredChunk[],
  terms: readonly CountedTerm[],
  averageLength: number,
): readonly RankedChunk[] {
  const finder = termFinder(terms);
  return chunks
    .map((chunk) => ({ chunk, score: scoreOf(chunk.passage, finder, averageLength) }))
    .toSorted((left, right) => right.score - left.score || left.chunk.id - right.chunk.id);
}

/** BM25 of a text. @param counts of the terms that it has @param share its length, of that of a text on average */
export function bm25(counts: ReadonlyMap<CountedTerm, number>, share: number): number {
  const damping = saturation * (1 - lengthShare + lengthShare * share);
  let sum = 0;
  for (const [term, count] of counts) {
    sum += (term.rarity * count * (saturation + 1)) / (count + damping);
  }
  return sum;
}

function scoreOf(chunk: StoredChunk["passage"], finder: TermFinder, averageLength: number): number {
  const occurrences = occurrencesOf(chunk.text, finder);
  const counts = new Map<CountedTerm, number>();
  for (const { term, count } of occurrences) {
    counts.set(term, (counts.get(term) ?? 0) + count);
  }
  const around = new Set(occurrencesOf(`${chunk.path} ${chunk.place}`, finder).map(({ term }) => term));
  for (const term of around) {
    counts.set(term, (counts.get(term) ?? 0) + placeCount);
  }
  const sum = bm25(counts, chunk.text.length / averageLength);
  return sum + windowShare * bestWindow(occurrences) + phraseShare * phrases(occurrences);
}
