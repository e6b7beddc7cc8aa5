import { isQuestionWord, withoutQuestionWords } from "./question-words.ts";
import { isSpaceless } from "./scripts.ts";
import { stemOf, wordsOf } from "./terms.ts";

/** Something a query looks for. */
export interface QueryTerm {
  /** As {@link stemOf} gives it: what two texts are compared by. */
  readonly stem: string;
  /** The term in the language of full-text queries. */
  readonly match: string;
  /** How much it counts beside its rarity: less for a single character that a pair of characters contains. */
  readonly weight: number;
  /** The terms that stand beside one another in the query have neighbouring places. */
  readonly place: number;
}

/** What one character of a pair counts, measured on questions in Chinese. */
const characterWeight = 0.6;
/** Longer queries are cut: what somebody pasted, not what somebody asked. */
const mostTerms = 64;

function isPairOrCharacter(word: string): boolean {
  return isSpaceless(word.codePointAt(0) ?? 0);
}

/** The terms of a query, each once, without the words that only ask. Empty for a query without letters and digits. */
export function queryTerms(query: string): readonly QueryTerm[] {
  const words = wordsOf(withoutQuestionWords(query));
  const telling = words.filter((word) => !isQuestionWord(word));
  const terms = new Map<string, QueryTerm>();
  const add = (term: QueryTerm): void => {
    if (!terms.has(term.stem) && terms.size < mostTerms) {
      terms.set(term.stem, term);
    }
  };
  (telling.length > 0 ? telling : words).forEach((word, place, all) => {
    const characters = isPairOrCharacter(word) ? Array.from(word) : [];
    if (characters.length === 0) {
      const stem = stemOf(word);
      add({ stem, match: `"${stem}"`, weight: 1, place });
    } else if (characters.length === 1) {
      const follows = all[place - 1]?.endsWith(word) === true;
      add({ stem: word, match: `"${word}" *`, weight: follows ? characterWeight : 1, place });
    } else {
      add({ stem: word, match: `"${word}"`, weight: 1, place });
    }
  });
  for (const { stem, place } of Array.from(terms.values())) {
    const [first] = isPairOrCharacter(stem) ? Array.from(stem) : [];
    if (first !== undefined) {
      add({ stem: first, match: `"${first}" *`, weight: characterWeight, place });
    }
  }
  return Array.from(terms.values());
}
