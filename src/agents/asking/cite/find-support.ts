import { claimWords, isPair } from "./claim-words.ts";
import type { Stretch } from "./match-quote.ts";
import { sentencesOf } from "./sentences.ts";

/** A sentence and how much of a claim it carries, from 0 to 1. */
export interface Support {
  readonly stretch: Stretch;
  readonly share: number;
}

const fewestWords = 2;
/** So much more two sentences must carry than one. */
const betterBy = 0.05;
const denial = /\b(?:no|not|never|none|nor|without|cannot|unable|refus\w*|\w+n['’]t)\b|[不没無无非未勿]/iu;
const figure = /\d+(?:[.,]\d+)*/gu;

/**
 * The sentence of a text, or two that follow one another, that carries most words of a claim. A claim in another script
 * than the text is compared by its figures and the words that both write alike.
 *
 * @returns `null` where none carries enough to stand for the claim
 */
export function findSupport(claim: string, text: string, leastShare = 0.5): Support | null {
  const words = claimWords(claim);
  if (words.size === 0) {
    return null;
  }

  const isForeign = hasPairs(claimWords(text)) !== hasPairs(words);
  const wanted = isForeign ? new Set([...words].filter((word) => !isPair(word))) : words;
  const figures = figuresOf(claim);
  const sentences = sentencesOf(text);
  const pairs = sentences.slice(1).map(({ end }, index) => ({ start: sentences[index]?.start ?? 0, end }));
  let best: Support | null = null;
  for (const stretch of isForeign && !carriesMuch(wanted, figures) ? [] : [...sentences, ...pairs]) {
    const sentence = text.slice(stretch.start, stretch.end);
    const share = shareCarried(wanted, figures, sentence) * agreement(claim, sentence, isForeign);
    if (share >= leastShare && share > (best?.share ?? 0) + betterBy) {
      best = { stretch, share };
    }
  }

  return best;
}

/** A sentence that denies what the claim says carries it less, one that says what the claim denies not at all. */
function agreement(claim: string, sentence: string, isForeign: boolean): number {
  const [claimDenies, sentenceDenies] = [denial.test(claim), denial.test(sentence)];
  if (isForeign || claimDenies === sentenceDenies) {
    return 1;
  }

  return claimDenies ? 0 : 0.7;
}

function shareCarried(words: ReadonlySet<string>, figures: ReadonlySet<string>, sentence: string): number {
  const there = claimWords(sentence);
  const thereFigures = figuresOf(sentence);
  if ([...figures].some((written) => !thereFigures.has(written))) {
    return 0;
  }

  const carried = [...words].filter((word) => there.has(word)).length;
  return carried < Math.min(fewestWords, words.size) ? 0 : carried / words.size;
}

/** Whether what two scripts share is enough to tell a sentence: a figure of three digits, or two words. */
function carriesMuch(words: ReadonlySet<string>, figures: ReadonlySet<string>): boolean {
  return [...figures].some((written) => written.length >= 3) || words.size >= fewestWords;
}

function figuresOf(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.normalize("NFKC").matchAll(figure), ([written]) => written.replaceAll(",", "")));
}

function hasPairs(words: ReadonlySet<string>): boolean {
  const pairs = [...words].filter(isPair).length;
  return pairs * 2 > words.size;
}
