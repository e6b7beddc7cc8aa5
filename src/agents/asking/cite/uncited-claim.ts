import { chineseFigures } from "./chinese-figures.ts";
import { quoteTokens } from "./quote-tokens.ts";
import { sentencesOf } from "./sentences.ts";
import { withoutAdmissions } from "./without-admissions.ts";

const figure = /\d+(?:[.,]\d+)*/gu;
/** Two words with capitals that follow one another, or one inside a sentence. */
const name = /(?<=[\p{Ll}\d,;:]\s)\p{Lu}[\p{L}\p{M}'’-]{2,}(?:\s+\p{Lu}[\p{L}\p{M}'’-]+)*/gu;

/**
 * Whether a line that cites nothing says figures or names that nothing known supports. Headings, rows of tables, lines
 * that only lead on and what admits that the files do not say something never do.
 *
 * @param text Without its marks.
 * @param known What the person asked, and what earlier citations of the answer say, whole passages included.
 */
export function isUncitedClaim(text: string, known: string): boolean {
  const whole = text.replace(/^\s*(?:[-*+•]|\d{1,3}[.)、])\s+/u, "").trim();
  if (/^(?:#|\||>)/u.test(whole) || /[:：]\**$/u.test(whole)) {
    return false;
  }

  const line = withoutAdmissions(whole);
  const tokens = new Set(quoteTokens(`${known}\n${chineseFigures(known)}`).map((token) => token.text));
  const figures = Array.from(line.matchAll(figure), ([written]) => written).filter((written) => written.length > 1);
  const names = Array.from(line.matchAll(name), ([written]) => written);
  const isKnown = (words: string): boolean => quoteTokens(words).every((token) => tokens.has(token.text));
  return [...figures, ...names].some((words) => !isKnown(words));
}

/** A line without its last sentence, which leads on to the list that follows. */
export function withoutLeadIn(line: string): string {
  return line.slice(0, sentencesOf(line).at(-1)?.start ?? 0);
}

/** Whether a text goes on with an item of a list behind a line break; `null` where only what follows will tell. */
export function goesOnWithList(text: string, ended: boolean): boolean | null {
  return !ended && /^\s*(?:[-*+•]|\d{1,3}[.)、]?)?$/u.test(text) ? null : listItem.test(text);
}

/** Whether a line is an item of a list. */
export function isListItem(line: string): boolean {
  return listItem.test(line);
}

const listItem = /^\s*(?:(?:[-*+•]|\d{1,3}[.)])\s|\d{1,3}、)/u;
