import { unsupportedFigures } from "../../analysis/unsupported-figures.ts";
import { isQuestionWord } from "../../words/question-words.ts";
import { chineseFigures } from "./chinese-figures.ts";
import { claimWords, isPair } from "./claim-words.ts";
import { englishFigures } from "./english-figures.ts";
import { quoteTokens } from "./quote-tokens.ts";
import { withoutAdmissions } from "./without-admissions.ts";

/** What was read, as statements are compared with it. */
export interface ReadWords {
  readonly text: string;
  /** Words and characters in lower case, without the endings of possessives and plurals. */
  readonly words: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  readonly values: ReadonlySet<number>;
  /** Whether names can be looked for: the text is written in the language that `the` and `of` belong to. */
  readonly isEnglish: boolean;
}

/** Up to here figures count, or are days, months and hours that may be written in another way. */
const largestCommon = 12;
const halfDay = 12;
const fewestPairs = 4;
/** So much of a statement without citation must stand in what was read; of a part of one that cites, anything. */
const leastShare = 1 / 3;
const fewestEnglish = 2;

const listNumber = /^\s*(?:[-*+•]\s+|\d{1,3}[.)、](?:\s+|$))/u;
const figure = /\d+(?:[.,]\d+)*/gu;
const name = /(?<=[\p{Ll}\d,]\s)\p{Lu}[\p{L}\p{M}'’-]{2,}(?:\s+\p{Lu}[\p{L}\p{M}'’-]+)*/gu;
const namedCell = /^\p{Lu}[\p{L}\p{M}'’-]{2,}(?:\s+\p{Lu}[\p{L}\p{M}'’-]+)*$/u;
/** Months, days, languages, scales and formats: known to all, and files may write them in another way. */
const common = new Set(
  `january february march april may june july august september october november december monday tuesday wednesday
  thursday friday saturday sunday english chinese celsius fahrenheit kelvin python javascript typescript java rust
  markdown excel word yes no none unknown however therefore note`.split(/\s+/u),
);
const english = ["the", "of", "and", "is", "are", "to", "in", "for", "was", "with", "that"];
/** Chinese sentences that only lead on, sum up or compare. */
const connecting =
  /^(?:综上|总之|总的来说|总体|因此|所以|由此|可见|也就是说|换言之|换句话说|简而言之|以上|以下|上述|具体如下|此外|另外|综合|這|这|其中|两者|兩者|二者|根据|根據)/u;

/** @param texts Passages with their names and places, and the question. */
export function readWords(texts: readonly string[]): ReadWords {
  const text = texts.join("\n");
  // The commas of a row of a file part figures, as well as thousands.
  const parted = text.replaceAll(/(?<=\d),(?=\d)/gu, " ");
  const figures = `${text} ${parted} ${chineseFigures(text)} ${englishFigures(text)}`;
  const words = new Set(quoteTokens(text).map((token) => plain(token.text)));
  return {
    text: figures,
    words,
    pairs: new Set([...claimWords(text)].filter(isPair)),
    values: new Set(valuesOf(figures)),
    isEnglish: english.filter((word) => words.has(word)).length >= fewestEnglish,
  };
}

/**
 * Whether a sentence of an answer states what stands in nothing that was read: a figure, a name, or, without a citation,
 * nearly all of a Chinese sentence. What admits that files do not say something states nothing.
 *
 * @param cited The words that the sentence cites; what can be reckoned from their figures counts as read.
 */
export function statesUnread(
  sentence: string,
  read: ReadWords,
  { isCited, cited }: { readonly isCited: boolean; readonly cited: string },
): boolean {
  const text = withoutAdmissions(sentence.replace(listNumber, "").trim());
  const isFromChinese = [...claimWords(cited)].some(isPair);
  // What is told of words in another script is translated: neither names nor characters stand there as they are said.
  const isTranslatedName = cited !== "" && isFromChinese;
  const isTranslatedChinese = cited !== "" && !isFromChinese;
  return (
    hasUnreadFigure(text, read, cited) ||
    (!isTranslatedName && hasUnreadName(text, read)) ||
    (!isTranslatedChinese && isUnreadChinese(text, read, isCited))
  );
}

/** The same for a row of a table, cell by cell. */
export function rowStatesUnread(row: string, read: ReadWords): boolean {
  const cells = row
    .split("|")
    .map((cell) => cell.replaceAll(/[*_`]/gu, "").trim())
    .filter((cell) => cell !== "");
  const isUnreadCell = (cell: string): boolean =>
    (read.isEnglish && namedCell.test(cell) && isUnknownName(cell, read)) || isUnreadChinese(cell, read, true);
  return hasUnreadFigure(cells.join(" ; "), read, "") || cells.some(isUnreadCell);
}

function hasUnreadFigure(text: string, read: ReadWords, cited: string): boolean {
  const written = Array.from(text.matchAll(figure), ([digits]) => digits.replaceAll(",", ""));
  const unsupported = new Set(unsupportedFigures(text, read.text).map((digits) => digits.replaceAll(/\D/gu, "")));
  const reckoned = reckonedFrom(valuesOf(`${text} ${cited}`));
  return written.some((digits) => {
    const value = Number(digits);
    const isLong = !/^\d{1,2}$|^(?:1[5-9]|20|21)\d\d$/u.test(digits);
    const isRead = isLong ? !unsupported.has(digits.replaceAll(/\D/gu, "")) : isReadValue(value, read);
    return value > largestCommon && !isRead && !reckoned.has(value);
  });
}

/** Read as it is, as an hour of the other half of the day, as a share, or as the year of a century. */
function isReadValue(value: number, { values }: ReadWords): boolean {
  const ways = [value, value / 100, value * 100, ...(value <= 2 * halfDay ? [value - halfDay] : [])];
  return [...ways, ...(value > 1_000 ? [value % 100] : [])].some((way) => values.has(way));
}

/** Sums and differences of figures that stand together. */
function reckonedFrom(values: readonly number[]): ReadonlySet<number> {
  const few = [...new Set(values)].slice(0, 20);
  return new Set(few.flatMap((one) => few.flatMap((other) => (one === other ? [] : [one + other, one - other]))));
}

function hasUnreadName(text: string, read: ReadWords): boolean {
  return read.isEnglish && Array.from(text.matchAll(name), ([written]) => written).some((w) => isUnknownName(w, read));
}

function isUnknownName(written: string, { words }: ReadWords): boolean {
  return quoteTokens(written)
    .map((token) => plain(token.text))
    .some(
      (word) => word.length > 2 && !words.has(word) && !common.has(word) && !isQuestionWord(word) && !isShort(written),
    );
}

/** Letters that stand for the words of a name. */
function isShort(written: string): boolean {
  return /^\p{Lu}{2,5}s?$/u.test(written);
}

/** Characters of which hardly any two stand together in what was read, which is written in characters too. */
function isUnreadChinese(text: string, { pairs }: ReadWords, isCited: boolean): boolean {
  if (pairs.size < fewestPairs || connecting.test(text) || /[:：?？]\**$/u.test(text.trim())) {
    return false;
  }

  const parts = isCited ? text.split(/[，,；;、]/u) : [text];
  return parts.some((part) => {
    const wanted = [...claimWords(part)].filter(isPair);
    const known = wanted.filter((pair) => pairs.has(pair)).length;
    return wanted.length >= fewestPairs && (isCited ? known === 0 : known < wanted.length * leastShare);
  });
}

function valuesOf(text: string): readonly number[] {
  return Array.from(text.normalize("NFKC").matchAll(figure), ([digits]) => Number(digits.replaceAll(",", "")));
}

function plain(word: string): string {
  return word.replace(/'s$/u, "").replace(/(?<=\p{L}{3})(?:es|s)$/u, "");
}
