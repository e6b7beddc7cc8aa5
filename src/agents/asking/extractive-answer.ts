import type { Citation, ReadPassage } from "../protocol/citation.ts";
import { citedPlace } from "./cite/citation-place.ts";
import type { Stretch } from "./cite/match-quote.ts";
import { bestStretch, quotablesOf } from "./best-stretch.ts";
import { plainText } from "./plain-text.ts";
import { isHeading, isPicture } from "./prose-sentences.ts";
import { questionTerms } from "./question-terms.ts";

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

/** The best sentences and rows of the best passages for a question, each with where it stands; rows with their head. */
export function extractiveAnswer(question: string, passages: readonly ReadPassage[]): ExtractiveAnswer {
  const best = passages[0]?.score ?? 0;
  const chosen = passages
    .filter(({ text }) => text.split("\n").some((line) => line.trim() !== "" && !isHeading(line) && !isPicture(line)))
    .slice(0, mostItems)
    .filter(({ score }, index) => index < fewestItems || score >= best * leastShare);
  const sentences = chosen.flatMap(({ text }) =>
    quotablesOf(text).map(({ stretch }) => text.slice(stretch.start, stretch.end)),
  );
  const terms = questionTerms(question, sentences);
  const items = chosen.map((passage, index) => {
    const { stretch, head } = bestStretch(passage.text, terms, passage.place);
    return { citation: { number: index + 1, ...citedPlace(passage, withoutMarker(passage.text, stretch)) }, head };
  });
  const lines = items.map(({ citation: { quote, number, name }, head }) => {
    const words =
      head === "" ? plainText(withoutMarkers(quote)) : `${plainText(cellsOf(head))} — ${plainText(cellsOf(quote))}`;
    return `- ${words} [${number}] (${plainText(name)})`;
  });
  return { text: lines.join("\n"), citations: items.map(({ citation }) => citation) };
}

const marker = String.raw`(?:>[^\S\n]*)*(?:[-*+•]|\d{1,3}[.)])[^\S\n]+(?:\[[ xX]\][^\S\n]+)?`;
const markerAtStart = new RegExp(`^${marker}(?=\\S)`, "u");
const markersWithin = new RegExp(String.raw`(\S)?[^\S\n]*\n\s*${marker}`, "gu");

/** An item of a list without what marks it as one. */
function withoutMarker(text: string, { start, end }: Stretch): Stretch {
  const [found = ""] = markerAtStart.exec(text.slice(start, end)) ?? [];
  return { start: start + found.length, end };
}

/** Items that stand one below the other, in one line. */
function withoutMarkers(quote: string): string {
  return quote.replaceAll(markersWithin, (_found, last: string | undefined) => {
    return last === undefined || /[\p{P}]/u.test(last) ? `${last ?? ""} ` : `${last}; `;
  });
}

/** A row of a table without the bars at its ends. */
function cellsOf(row: string): string {
  return row.replaceAll(/^\s*\|\s*|\s*\|\s*$/gu, "");
}
