import { stemmer } from "stemmer";
import { indexWords } from "./index-words.ts";

const token = /[a-z0-9\u0080-\uffff]+/g;
const writtenToken = /[A-Za-z0-9\u0080-\uffff]+/g;
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
  return wordsAmong(indexWords(text));
}

/** The words of a text in their order, those of ASCII with the capitals that they have. */
export function wordsAsWritten(text: string): readonly string[] {
  return indexWords(text).match(writtenToken) ?? [];
}

/** The words of what `indexWords` made of a text. */
export function wordsAmong(indexed: string): readonly string[] {
  return indexed.toLowerCase().match(token) ?? [];
}
