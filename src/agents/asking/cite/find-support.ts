import { proseSentences } from "../prose-sentences.ts";
import { claimWords, isPair } from "./claim-words.ts";
import { denial } from "./denial.ts";
import type { Stretch } from "./match-quote.ts";

/** A sentence and how much of a claim it carries, from 0 to 1. */
export interface Support {
  readonly stretch: Stretch;
  readonly share: number;
}

const fewestWords = 2;
/** So much more two sentences must carry than one. */
const betterBy = 0.05;
const longestSentence = 400;
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
  let best: Support | null = null;
  for (const stretch of isForeign && !carriesMuch(wanted, figures) ? [] : stretchesOf(text)) {
    const sentence = text.slice(stretch.start, stretch.end);
    const share = shareCarried(wanted, figures, sentence) * agreement(claim, sentence, isForeign);
    if (share >= leastShare && share > (best?.share ?? 0) + betterBy) {
      best = { stretch, share };
    }
  }

  return best;
}

/** Sentences, and those that follow one another in a paragraph two by two. */
function stretchesOf(text: string): readonly Stretch[] {
  const sentences = proseSentences(text, longestSentence);
  const pairs = sentences.flatMap(({ stretch, paragraph }, index) => {
    const before = sentences[index - 1];
    return before?.paragraph === paragraph ? [{ start: before.stretch.start, end: stretch.end }] : [];
  });
  return [...sentences.map(({ stretch }) => stretch), ...pairs];
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
