import { unsupportedFigures } from "../../analysis/unsupported-figures.ts";
import { chineseFigures } from "./chinese-figures.ts";
import { quoteTokens } from "./quote-tokens.ts";

/** A line of an answer, without its marks. */
export interface AnswerLine {
  readonly text: string;
  readonly isCited: boolean;
  /** What the person asked, and what earlier citations of the answer say, whole passages included. */
  readonly known: string;
  /** Everything that was read. */
  readonly read: string;
}

const figure = /\d+(?:[.,]\d+)*/gu;
/** Two words with capitals that follow one another, or one inside a sentence. */
const name = /(?<=[\p{Ll}\d,;:]\s)\p{Lu}[\p{L}\p{M}'’-]{2,}(?:\s+\p{Lu}[\p{L}\p{M}'’-]+)*/gu;

/**
 * Whether a line says figures or names that nothing cited supports. A line with citations is doubted only for figures
 * that stand nowhere in what was read; headings, rows of tables and lines that only lead on are never.
 */
export function isUncitedClaim({ text, isCited, known, read }: AnswerLine): boolean {
  const line = text.replace(/^\s*(?:[-*+•]|\d{1,3}[.)、])\s+/u, "").trim();
  if (line === "" || /^(?:#|\||>)/u.test(line) || /[:：]\**$/u.test(line)) {
    return false;
  }

  const everything = `${known}\n${read}`;
  if (isCited) {
    return unsupportedFigures(line, `${everything}\n${chineseFigures(everything)}`).length > 0;
  }

  const tokens = new Set(quoteTokens(`${known}\n${chineseFigures(known)}`).map((token) => token.text));
  const figures = Array.from(line.matchAll(figure), ([written]) => written).filter((written) => written.length > 1);
  const names = Array.from(line.matchAll(name), ([written]) => written);
  const isKnown = (words: string): boolean => quoteTokens(words).every((token) => tokens.has(token.text));
  return [...figures, ...names].some((words) => !isKnown(words));
}
