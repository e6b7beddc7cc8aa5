import { denial } from "./denial.ts";
import { type QuoteToken, isCharacter, quoteTokens } from "./quote-tokens.ts";
import { sentencesOf } from "./sentences.ts";
import { alignTokens } from "./token-alignment.ts";

/** A stretch of a text, in its UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const ellipsis = /\s*(?:[[(（【]\s*)?(?:\.{3,}|…+|⋯+)(?:\s*[\])）】])?\s*/u;
/** Parts of a quote that stand between ellipses are looked for when they say something by themselves. */
const fewestPartCharacters = 2;
/** So many whole words stand between words that were cut. */
const fewestInnerTokens = 3;
/** A word without this beginning says the opposite. */
const negating = /^(?:un|in|im|il|ir|non|dis|mis|anti)$/iu;

/**
 * Where the words of a quote stand in a text: letter by letter, or else without regard to white space, case, quotation
 * marks, dashes, full-width forms and marks of Markdown. Ellipses stand for what was left out.
 */
export function findQuote(quote: string, text: string): Stretch | null {
  return (
    findTokens(quote, text, false) ??
    findParts(quote, text) ??
    findCut(quote, text) ??
    (/-\r?\n/u.test(text) ? findTokens(quote, text, true) : null) ??
    findLetters(quote, text)
  );
}

/** Where nearly the words of a quote stand, see {@link alignTokens}: what is found there is what the file says. */
export function findNearQuote(quote: string, text: string): Stretch | null {
  const tokens = quoteTokens(text, true);
  const found = alignTokens(quoteTokens(quote, true), tokens);
  const place = found === null ? null : stretch(tokens[found.first], tokens[found.last]);
  return place === null || endsParagraph(text.slice(place.start, place.end)) ? null : place;
}

/** Whether a stretch of text runs over the end of a paragraph or over a heading. */
function endsParagraph(text: string): boolean {
  return /\n[^\S\n]*\n|\n {0,3}#{1,6}\s/u.test(text);
}

function stretch(first: QuoteToken | undefined, last: QuoteToken | undefined): Stretch | null {
  return first === undefined || last === undefined ? null : { start: first.start, end: last.end };
}

function findTokens(quote: string, text: string, joinsLines: boolean): Stretch | null {
  const wanted = quoteTokens(quote, joinsLines);
  const tokens = quoteTokens(text, joinsLines);
  let first: Stretch | null = null;
  for (const at of occurrences(wanted, tokens, 0)) {
    const found = stretch(tokens[at], tokens[at + wanted.length - 1]);
    if (found === null) {
      return null;
    }

    const exact = exactAround(quote.trim(), text, found);
    if (exact !== null) {
      return exact;
    }

    first ??= found;
  }

  return first;
}

/** The quote with the signs at its ends, where the text has it letter by letter. */
function exactAround(quote: string, text: string, found: Stretch): Stretch | null {
  const start = text.indexOf(quote, Math.max(0, found.end - quote.length - 2));
  const overlaps = start >= 0 && start <= found.start && start + quote.length >= found.end;
  return overlaps ? { start, end: start + quote.length } : null;
}

function* occurrences(
  wanted: readonly QuoteToken[],
  tokens: readonly QuoteToken[],
  from: number,
): Generator<number, void> {
  if (wanted.length === 0) {
    return;
  }

  for (let at = from; at + wanted.length <= tokens.length; at += 1) {
    if (wanted.every(({ text }, index) => tokens[at + index]?.text === text)) {
      yield at;
    }
  }
}

function findParts(quote: string, text: string): Stretch | null {
  const parts = quote
    .split(ellipsis)
    .map((part) => quoteTokens(part))
    .filter((part) => part.length > 0);
  if (parts.length === 0 || !ellipsis.test(quote) || parts.some(saysLittle)) {
    return null;
  }

  const tokens = quoteTokens(text);
  let first: number | undefined;
  let next = 0;
  for (const part of parts) {
    const at = occurrences(part, tokens, next).next().value;
    if (at === undefined || (first !== undefined && leavesOutMuch(text, [tokens[next - 1], tokens[at]], parts))) {
      return null;
    }

    first ??= at;
    next = at + part.length;
  }

  return first === undefined ? null : stretch(tokens[first], tokens[next - 1]);
}

/** Whether what an ellipsis stands for is more than a quote may leave out: a denial, a heading, what other words belong to. */
function leavesOutMuch(
  text: string,
  [last, next]: readonly [QuoteToken | undefined, QuoteToken | undefined],
  parts: readonly (readonly QuoteToken[])[],
): boolean {
  const gap = text.slice(last?.end, next?.start);
  const isShort = parts.some((part) => part.length < fewestInnerTokens);
  return denial.test(gap) || endsParagraph(gap) || (isShort && sentencesOf(`x${gap}x`).length > 1);
}

/** A quote that begins or ends within a word: that word is a part of the text's. */
function findCut(quote: string, text: string): Stretch | null {
  const wanted = quoteTokens(quote);
  const tokens = quoteTokens(text);
  const ways = [
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  for (const [first, last] of ways) {
    const inner = wanted.slice(first, wanted.length - last);
    const at = inner.length < fewestInnerTokens ? [] : occurrences(inner, tokens, 0);
    for (const start of at) {
      const end = start + inner.length;
      const begins = first === 0 || isPart(wanted[0], tokens[start - 1], "end");
      const ends = last === 0 || isPart(wanted.at(-1), tokens[end], "beginning");
      const place = begins && ends ? stretch(tokens[start - first], tokens[end - 1 + last]) : null;
      if (place !== null && !endsParagraph(text.slice(place.start, place.end))) {
        return place;
      }
    }
  }

  return null;
}

function isPart(cut: QuoteToken | undefined, whole: QuoteToken | undefined, where: "beginning" | "end"): boolean {
  if (cut === undefined || whole === undefined || /\p{N}/u.test(cut.text)) {
    return false;
  }

  return where === "end"
    ? whole.text.endsWith(cut.text) && !negating.test(whole.text.slice(0, -cut.text.length))
    : whole.text.startsWith(cut.text);
}

function saysLittle(part: readonly QuoteToken[]): boolean {
  const [only] = part;
  return part.length < fewestPartCharacters && only !== undefined && (isCharacter(only.text) || only.text.length < 4);
}

/** What begins or ends within a word, or has no words at all, must be long enough to be no accident. */
function findLetters(quote: string, text: string): Stretch | null {
  const trimmed = quote.trim();
  const isTelling = trimmed.length >= 12 && !/^\d|\d$/u.test(trimmed);
  const start = isTelling ? text.indexOf(trimmed) : -1;
  const [cutOff = ""] = /[\p{L}\p{M}]*$/u.exec(text.slice(0, Math.max(0, start))) ?? [];
  return start < 0 || negating.test(cutOff) ? null : { start, end: start + trimmed.length };
}
