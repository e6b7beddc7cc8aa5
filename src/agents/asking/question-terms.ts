import { claimWords, isPair } from "./cite/claim-words.ts";
import { withoutQuestionWords } from "../words/question-words.ts";
import { isSpaceless } from "../words/scripts.ts";

/** What a question looks for: words, and what stands for words in scripts without spaces. */
export interface QuestionTerms {
  /** Terms, each with its weight: one that few sentences have says more. */
  readonly weights: ReadonlyMap<string, number>;
  /** The pairs of characters of each run in their order; those that follow one another are one longer word. */
  readonly runs: readonly (readonly string[])[];
}

/** What each further pair of characters of a longer word adds to the first. */
const furtherPair = 0.25;

/** @param sentences Of everything that is looked at, by which terms are weighed. */
export function questionTerms(question: string, sentences: readonly string[]): QuestionTerms {
  const runs = runsOf(withoutQuestionWords(question));
  const terms = [...[...claimWords(question)].filter((word) => !isPair(word)), ...runs.flat()];
  const found = sentences.map((sentence) => matched(sentence, terms));
  const weights = terms.map((term): [string, number] => {
    const count = found.filter((there) => there.has(term)).length;
    return [term, Math.log(1 + (sentences.length + 1) / (count + 1))];
  });
  return { weights: new Map(weights), runs };
}

/** The terms of a question that a sentence has. */
export function termsIn(sentence: string, { weights }: QuestionTerms): ReadonlySet<string> {
  return matched(sentence, [...weights.keys()]);
}

/** What terms weigh together. */
export function weightOf(terms: ReadonlySet<string>, { weights, runs }: QuestionTerms): number {
  const words = [...terms].filter((term) => !isPair(term)).reduce((sum, term) => sum + (weights.get(term) ?? 0), 0);
  return runs.reduce((sum, run) => {
    const parts = run.map((pair, index) => {
      const follows = index > 0 && terms.has(run[index - 1] ?? "");
      return terms.has(pair) ? (weights.get(pair) ?? 0) * (follows ? furtherPair : 1) : 0;
    });
    return sum + parts.reduce((all, part) => all + part, 0);
  }, words);
}

function matched(sentence: string, terms: readonly string[]): ReadonlySet<string> {
  const words = claimWords(sentence);
  return new Set(terms.filter((term) => words.has(term) || (isPair(term) && sentence.includes(term))));
}

/** Runs of characters without spaces as their pairs; a character by itself stays. */
function runsOf(text: string): readonly (readonly string[])[] {
  const characters = Array.from(text.normalize("NFKC"), (character) =>
    isSpaceless(character.codePointAt(0) ?? 0) ? character : " ",
  );
  const runs = characters.join("").split(/\s+/u).filter(Boolean);
  return runs.map((run) => {
    const [only, ...rest] = Array.from(run);
    return rest.length === 0 ? [only ?? ""] : rest.map((last, index) => `${Array.from(run)[index]}${last}`);
  });
}
