import type { Term } from "../ports/term-store.ts";

const mostTold = 20;
/** Shorter words in capitals are other words in small letters: IT, US, OR. */
const shortCapitals = /^[A-Z]{1,2}$/u;

/** The terms that a question has. */
export function termsIn(question: string, terms: readonly Term[]): readonly Term[] {
  return terms.filter(({ term }) => stands(term, question)).slice(0, mostTold);
}

/** What agents are told of them, before the question; empty where there are none. */
export function termsText(terms: readonly Term[]): string {
  return terms.length === 0
    ? ""
    : ["What the user means by these terms:", ...terms.map(({ term, meaning }) => `- ${term}: ${meaning}`)].join("\n");
}

function stands(term: string, question: string): boolean {
  const written = term.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`).replaceAll(/\s+/gu, String.raw`\s+`);
  const isWord = /^[\p{Script=Latin}\p{N}]/u.test(term);
  const endsAsWord = /[\p{Script=Latin}\p{N}]$/u.test(term);
  const pattern = `${isWord ? String.raw`(?<![\p{Script=Latin}\p{N}])` : ""}${written}${endsAsWord ? String.raw`(?![\p{Script=Latin}\p{N}])` : ""}`;
  return new RegExp(pattern, shortCapitals.test(term) ? "u" : "iu").test(question);
}
