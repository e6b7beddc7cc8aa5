import { isQuestionWord, withoutQuestionWords } from "../../words/question-words.ts";
import { isSpaceless } from "../../words/scripts.ts";
import { stemOf, wordsOf } from "../../words/terms.ts";

/** The words of a sentence that say something: stems, and pairs of characters where a script has no spaces. Each once. */
export function claimWords(text: string): ReadonlySet<string> {
  const words = wordsOf(withoutQuestionWords(text)).filter((word) => !isQuestionWord(word) && !isLoneCharacter(word));
  return new Set(words.map(stemOf));
}

/** The last character of a run stands by itself in the index, beside its pairs. */
function isLoneCharacter(word: string): boolean {
  const [first, ...rest] = Array.from(word);
  return rest.length === 0 && first !== undefined && isSpaceless(first.codePointAt(0) ?? 0);
}

/** Whether a word is a pair of characters of a script without spaces. */
export function isPair(word: string): boolean {
  return isSpaceless(word.codePointAt(0) ?? 0);
}
