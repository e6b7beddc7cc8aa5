import { indexWords } from "./index-words.ts";
import { stemBytes } from "./stem-bytes.ts";

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
  const bytes = Buffer.from(word, "latin1");
  const stem = bytes.toString("latin1", 0, stemBytes(bytes, bytes.length));
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
