import { claimWords } from "./claim-words.ts";
import { denial } from "./denial.ts";
import { isCharacter, type QuoteToken, quoteTokens } from "./quote-tokens.ts";

/** Three words, or four characters of a script without spaces. */
const leastWeight = 12;
const wordWeight = 4;
const characterWeight = 3;
const fewestShared = 2;
/** A longer word is an address, a key or a path. */
const longestWord = 24;

/**
 * Whether a quote is too short to carry a claim: it has fewer than three words or four characters, and neither a figure
 * or a name of the claim nor two words of it.
 */
export function saysTooLittle(quote: string, claim: string): boolean {
  const tokens = quoteTokens(quote);
  const said = claimWords(quote);
  const weight = tokens.reduce((sum, { text }) => sum + (isCharacter(text) ? characterWeight : wordWeight), 0);
  if ((weight >= leastWeight && said.size > 0) || tokens.some(({ text }) => text.length > longestWord)) {
    return false;
  }

  const claimed = claimWords(claim);
  const shares = said.size >= fewestShared && [...said].every((word) => claimed.has(word));
  const claimTokens = quoteTokens(claim);
  return !shares && !tokens.some((token) => isTelling(token) && claimTokens.some(({ text }) => text === token.text));
}

/** A figure, a name or an identifier. */
function isTelling({ text, written }: QuoteToken): boolean {
  const isWord = written.length > 1 && claimWords(text).size > 0;
  return /\p{Nd}/u.test(text) || (isWord && (/^\p{Lu}/u.test(written) || /_|\p{Ll}\p{Lu}/u.test(written)));
}

/** Whether a quote that was reworded has names or figures that a sentence lacks, or denies what it says. */
export function contradicts(quote: string, sentence: string): boolean {
  const there = quoteTokens(sentence);
  const hasCharacters = there.some(({ text }) => isCharacter(text));
  const fixed = quoteTokens(quote).filter(
    (token, index) =>
      /[\p{Nd}_]/u.test(token.text) || (index > 0 && isTelling(token)) || (hasCharacters && isCharacter(token.text)),
  );
  const isKnown = (token: QuoteToken): boolean => there.some(({ text }) => text === token.text);
  return denial.test(quote) !== denial.test(sentence) || !fixed.every(isKnown);
}
