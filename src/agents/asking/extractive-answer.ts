import type { Citation, ReadPassage } from "../protocol/citation.ts";
import { citedPlace } from "./cite/citation-place.ts";
import { claimWords } from "./cite/claim-words.ts";
import type { Stretch } from "./cite/match-quote.ts";
import { plainText } from "./plain-text.ts";
import { isHeading, proseSentences } from "./prose-sentences.ts";

/** An answer made of sentences of files. */
export interface ExtractiveAnswer {
  /** Markdown: one item for each passage, each with its mark. */
  readonly text: string;
  readonly citations: readonly Citation[];
}

const mostItems = 5;
const fewestItems = 3;
/** Passages below this share of the best score say too little beside it. */
const leastShare = 0.4;
const longestItem = 320;
const shortItem = 60;

/** The best sentences of the best passages for a question, each with where it stands. */
export function extractiveAnswer(question: string, passages: readonly ReadPassage[]): ExtractiveAnswer {
  const words = claimWords(question);
  const best = passages[0]?.score ?? 0;
  const chosen = passages
    .filter(
      ({ text }) =>
        !text
          .trim()
          .split("\n")
          .every((line) => isHeading(line)),
    )
    .slice(0, mostItems)
    .filter(({ score }, index) => index < fewestItems || score >= best * leastShare);
  const citations = chosen.map((passage, index): Citation => {
    return { number: index + 1, ...citedPlace(passage, bestStretch(passage.text, words)) };
  });
  const items = citations.map(({ quote, number, name }) => `- ${plainText(quote)} [${number}] (${plainText(name)})`);
  return { text: items.join("\n"), citations };
}

/** The sentence with most words of the question, and the one behind it in its paragraph while both are short. */
function bestStretch(text: string, words: ReadonlySet<string>): Stretch {
  const sentences = proseSentences(text, longestItem);
  let best = { index: 0, count: -1 };
  for (const [index, { stretch }] of sentences.entries()) {
    const there = claimWords(text.slice(stretch.start, stretch.end));
    const count = [...words].filter((word) => there.has(word)).length;
    best = count > best.count ? { index, count } : best;
  }

  const first = sentences[best.index];
  const next = sentences[best.index + 1];
  if (first === undefined) {
    return { start: 0, end: Math.min(text.length, longestItem) };
  }

  const { start, end } = first.stretch;
  const isShort = end - start < shortItem && next?.paragraph === first.paragraph;
  return isShort && next.stretch.end - start <= longestItem ? { start, end: next.stretch.end } : first.stretch;
}
