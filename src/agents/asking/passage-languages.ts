import { isInLatinLetters, languagesOf } from "../words/languages.ts";

/** Of languages in Latin letters a passage has so many of the most frequent words. */
const fewestWords = 3;
const mostLanguages = 3;
/** A language with a smaller share of the passages is not one of those that the files are written in. */
const leastShare = 0.04;

/** The languages of passages from all over some files, by English name, the one with most of them first. */
export function languagesOfPassages(passages: readonly { readonly text: string }[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const language of passages.flatMap(({ text }) => languagesOf(text, fewestWords))) {
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }

  return [...counts]
    .filter(([, count]) => count >= passages.length * leastShare)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, mostLanguages)
    .map(([language]) => language);
}

/** The languages of files that a question has to be translated to. */
export function otherLanguages(question: string, ofFiles: readonly string[]): readonly string[] {
  const [own] = languagesOf(question);
  // A question of a name or two in Latin letters may be in any language of such letters.
  return ofFiles.filter((language) => language !== own && (own !== undefined || !isInLatinLetters(language)));
}
