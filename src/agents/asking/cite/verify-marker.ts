import type { ReadPassage } from "../../protocol/citation.ts";
import { type CitedPlace, citedPlace } from "./citation-place.ts";
import { claimWords } from "./claim-words.ts";
import { findSupport } from "./find-support.ts";
import { contradicts, saysTooLittle } from "./quote-weight.ts";
import { joinedNeighbours } from "./joined-neighbours.ts";
import { findNearQuote, findQuote, type Stretch } from "./match-quote.ts";

/** Where a claim whose quote stands nowhere is carried so fully by the named passage that the quote is beside the point. */
const nearlyAll = 0.8;
const fewestWords = 3;

/** What a marker says: these words stand in this passage and carry this claim. */
export interface QuotedClaim {
  readonly passage: number;
  readonly quote: string;
  readonly claim: string;
}

/**
 * Where the words of a quote stand: in the passage that was named, or else in another that was read; letter by letter,
 * or else nearly so. What is given is what the file says there. A quote that says too little counts as none.
 */
export function findQuotedPlace(
  { passage, quote, claim }: QuotedClaim,
  passages: readonly ReadPassage[],
): CitedPlace | null {
  const named = passages.filter(({ number }) => number === passage);
  const ordered = [...named, ...passages.filter(({ number }) => number !== passage)];
  if (saysTooLittle(quote, claim)) {
    return firstPlace(ordered, ({ text }) => findSupport(claim, text)?.stretch ?? null);
  }

  const quoted =
    firstPlace(ordered, ({ text }) => findQuote(quote, text)) ??
    firstPlace(joinedNeighbours(passages, passage), ({ text }) => findQuote(quote, text)) ??
    firstPlace(ordered, ({ text }) => findNearQuote(quote, text));
  return quoted !== null || claimWords(claim).size < fewestWords
    ? quoted
    : firstPlace(named, ({ text }) => {
        const stretch = findSupport(claim, text, nearlyAll)?.stretch ?? null;
        return stretch !== null && contradicts(quote, text.slice(stretch.start, stretch.end)) ? null : stretch;
      });
}

/** The sentence of a passage that carries a claim for which only the passage was named. */
export function findBareSupport(claim: string, passage: ReadPassage): CitedPlace | null {
  const support = findSupport(claim, passage.text);
  return support === null ? null : citedPlace(passage, support.stretch);
}

function firstPlace(
  passages: readonly ReadPassage[],
  find: (passage: ReadPassage) => Stretch | null,
): CitedPlace | null {
  for (const passage of passages) {
    const found = find(passage);
    if (found !== null) {
      return citedPlace(passage, found);
    }
  }

  return null;
}
