import { isSpaceless } from "./scripts.ts";

/** Words that are shorter have no forms that could be told by how they begin. */
const shortestWord = 5;
/** So many letters, and this share of the longer word, two forms of one word have in common. */
const leastShared = 4;
const leastShare = 0.7;

const letters = /^[\p{L}\p{M}]+$/u;

/** Says whether a word has forms that {@link resembles} can tell: one of letters, of a script that parts words by spaces. */
export function hasForms(word: string): boolean {
  return word.length >= shortestWord && !isSpaceless(word.codePointAt(0) ?? 0) && letters.test(word);
}

/** What every form of a word begins with. */
export function formsBegin(word: string): string {
  return word.slice(0, Math.max(leastShared, Math.ceil(word.length * leastShare)));
}

/**
 * Says whether two words look like forms of one: they begin alike, for most of their length. This does for every language
 * with endings what a stemmer does for one.
 */
export function resembles(left: string, right: string): boolean {
  const least = Math.max(leastShared, Math.ceil(Math.max(left.length, right.length) * leastShare));
  return right.length >= least && left.slice(0, least) === right.slice(0, least);
}
