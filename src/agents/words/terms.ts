import { stemmer } from "stemmer";
import { indexWords } from "./index-words.ts";

const token = /[a-z0-9\u0080-\uffff]+/g;
const asciiWord = /^[a-z]{3,}$/;
const stems = new Map<string, string>();

/** The stem of a lower-case English word; other words stay. Limit: the first 40,000 different words are remembered. */
export function stemOf(word: string): string {
  if (!asciiWord.test(word)) {
    return word;
  }
  const found = stems.get(word);
  if (found !== undefined) {
    return found;
  }
  const stem = stemmer(word);
  if (stems.size < 40_000) {
    stems.set(word, stem);
  }
  return stem;
}

/** The words of a text as the index has them, in their order, lower case, not stemmed. */
export function wordsOf(text: string): readonly string[] {
  return indexWords(text).toLowerCase().match(token) ?? [];
}

/** For each UTF-16 unit whether it is of words: the letters and digits of ASCII, and all beyond ASCII. */
export const ofWords = new Uint8Array(0x10000).fill(1, 48, 58).fill(1, 65, 91).fill(1, 97, 123).fill(1, 0x80);

/**
 * Calls `found` for the words of a text that begin with certain characters, those of ASCII with the capitals that they
 * have; the other words are only counted.
 *
 * @param begins for each UTF-16 unit 1 when words that begin with it are wanted
 * @param found is given the word and how many words stand before it
 */
export function eachWordWith(begins: Uint8Array, text: string, found: (word: string, place: number) => void): void {
  const words = indexWords(text);
  const { length } = words;
  let place = 0;
  for (let at = 0; at < length; at += 1) {
    const first = words.charCodeAt(at);
    if (ofWords[first] === 0) {
      continue;
    }
    const start = at;
    do {
      at += 1;
    } while (at < length && ofWords[words.charCodeAt(at)] === 1);
    if (begins[first] === 1) {
      found(words.slice(start, at), place);
    }
    place += 1;
  }
}
