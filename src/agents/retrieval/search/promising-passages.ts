import { isSpaceless } from "../../words/scripts.ts";
import type { StoredChunk } from "../index/passage-store.ts";
import { bm25 } from "./rank-passages.ts";
import type { CountedTerm } from "./rarity.ts";

/** What passages are looked through for. */
export interface PromiseRequest {
  readonly terms: readonly CountedTerm[];
  /** Of a passage, in characters. */
  readonly averageLength: number;
  /** Of each passage, by its number, the rarities of the terms that it has. */
  readonly worth: ReadonlyMap<number, number>;
  /** So many passages at most are kept of those that take long to look at closely. */
  readonly most: number;
}

/** Longer stems are looked for without their last letter, which forms of a word do not have in common. */
const longStem = 6;
/** What is shorter also stands within many words. */
const shortBeginning = 4;

/** How words begin that have a stem, where they are written as it is. */
function beginningOf(stem: string): string {
  return isSpaceless(stem.codePointAt(0) ?? 0)
    ? stem
    : stem.length >= longStem
      ? stem.slice(0, -1)
      : stem.replace(/(?<=..)[eiy]$/, "");
}

/** Finds how often words of some terms begin in a text. */
type BeginningCounter = (text: string) => ReadonlyMap<CountedTerm, number>;

function beginningCounter(terms: readonly CountedTerm[]): BeginningCounter {
  const byBeginning = new Map(terms.toReversed().map((term) => [beginningOf(term.stem), term]));
  const patterns = Array.from(byBeginning.keys())
    .toSorted((left, right) => right.length - left.length)
    .map((beginning) => (beginning.length < shortBeginning && /^\w/.test(beginning) ? `\\b${beginning}` : beginning));
  const pattern = new RegExp(patterns.join("|"), "gi");
  return (text) => {
    const counts = new Map<CountedTerm, number>();
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const term = byBeginning.get(found[0].toLowerCase());
      if (term !== undefined) {
        counts.set(term, (counts.get(term) ?? 0) + 1);
      }
    }
    return counts;
  };
}

/**
 * Passages without those that promise little and take long to look at closely: their texts have more than ASCII, whose
 * words are not found at a glance. What promises is how often words begin as the terms do; what is written otherwise, with
 * accents or another ending, counts as being there.
 */
export function promisingPassages(
  chunks: readonly StoredChunk[],
  { terms, averageLength, worth, most }: PromiseRequest,
): readonly StoredChunk[] {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with NUL
  const slow = chunks.filter(({ passage }) => /[^\0-\x7f]/.test(passage.text));
  if (slow.length <= most) {
    return chunks;
  }
  const countsOf = beginningCounter(terms);
  const little = slow
    .map(({ id, passage: { path, place, text } }) => {
      const found = bm25(countsOf(`${path} ${place} ${text}`), text.length / averageLength);
      return { id, promise: Math.max(worth.get(id) ?? 0, found) };
    })
    .toSorted((left, right) => right.promise - left.promise || left.id - right.id)
    .slice(most);
  const without = new Set(little.map(({ id }) => id));
  return chunks.filter(({ id }) => !without.has(id));
}
