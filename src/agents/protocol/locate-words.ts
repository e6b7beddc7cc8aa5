import { withIdeographs } from "./ideographs.ts";

/** Where some words stand in a text, in UTF-16 units. */
export interface LocatedWords {
  readonly start: number;
  /** Behind the last one. */
  readonly end: number;
  /** Only a part of the words was found: the text has changed, or ends within them. */
  readonly partly: boolean;
}

/** So far around the expected place is looked first. */
const windowLength = 20_000;
/** Fewer letters than this, without white space, say too little about where they come from. */
const leastPart = 12;

/**
 * Finds words in a text, the place nearest to `near` first. White space, hyphens at the ends of lines, the width and the
 * case of letters need not agree: a text may have been extracted, or its line ends changed, in between. Where the words
 * are not there as a whole, the longest beginning or end of them that is there counts.
 *
 * @param near In UTF-16 units.
 */
export function locateWords(text: string, words: string, near: number): LocatedWords | null {
  const exact = nearest(text, words.trim(), near);
  if (exact !== null) {
    return { start: exact, end: exact + words.trim().length, partly: false };
  }
  const wanted = condense(words).text;
  if (wanted === "") {
    return null;
  }
  const from = Math.max(0, near - windowLength);
  const around = { from, text: text.slice(from, near + words.length + windowLength) };
  const whole = { from: 0, text };
  const places = around.text.length === text.length ? [whole] : [around, whole];
  const condensed = places.map((place) => ({ ...place, ...condenseLater(place.text) }));
  for (const part of partsOf(wanted)) {
    for (const place of condensed) {
      const found = within(place, wanted, part, near);
      if (found !== null) {
        return { ...found, partly: part.first > 0 || part.last < wanted.length };
      }
    }
  }
  return null;
}

/** The offset in UTF-16 units of the character with this number, counted from zero in Unicode code points. */
export function offsetOfCharacter(text: string, character: number): number {
  let offset = 0;
  for (let passed = 0; passed < character && offset < text.length; passed += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

interface Condensed {
  readonly text: string;
  /** For every unit of the condensed text, the place of its source. */
  readonly places: readonly number[];
}

interface Place {
  readonly from: number;
  readonly condensed: () => Condensed;
}

function condenseLater(text: string): { readonly condensed: () => Condensed } {
  let made: Condensed | undefined;
  return { condensed: () => (made ??= condense(text)) };
}

/** Finds a part of what is wanted, and as much as agrees before and after it. */
function within(
  { from, condensed }: Place,
  wanted: string,
  part: Part,
  near: number,
): Pick<LocatedWords, "start" | "end"> | null {
  const { text, places } = condensed();
  const at = nearest(text, wanted.slice(part.first, part.last), lowerBound(places, near - from));
  if (at === null) {
    return null;
  }
  let [before, after] = [part.first, part.last];
  while (before > 0 && text[at + before - 1 - part.first] === wanted[before - 1]) {
    before -= 1;
  }
  while (after < wanted.length && text[at + after - part.first] === wanted[after]) {
    after += 1;
  }
  const first = places[at + before - part.first] ?? 0;
  const last = places[at + after - 1 - part.first] ?? 0;
  return { start: from + first, end: from + last + 1 };
}

/** Without white space, marks that are not seen, and hyphens before a line's end; letters in one width and case. */
function condense(text: string): Condensed {
  const places: number[] = [];
  let condensed = "";
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at] ?? "";
    if (!isPassedOver(text, at, unit)) {
      const folded = fold(unit);
      condensed += folded;
      for (let count = 0; count < folded.length; count += 1) {
        places.push(at);
      }
    }
  }
  return { text: condensed, places };
}

function isPassedOver(text: string, at: number, unit: string): boolean {
  return (
    /[\s\u00ad\u200b-\u200f\u2060\ufeff]/u.test(unit) ||
    (/[-\u2010]/u.test(unit) && /^\s*\n/u.test(text.slice(at + 1, at + 8)))
  );
}

function fold(unit: string): string {
  return unit < "\u0080"
    ? unit.toLowerCase()
    : /[\ud800-\udfff]/u.test(unit)
      ? unit
      : withIdeographs(unit.normalize("NFKC")).toLowerCase();
}

/** A stretch of what is wanted. */
interface Part {
  readonly first: number;
  /** Behind the last letter. */
  readonly last: number;
}

/**
 * The whole, then beginnings and ends of it, longer ones first.
 *
 * @yields parts
 */
function* partsOf(wanted: string): Generator<Part> {
  yield { first: 0, last: wanted.length };
  for (let length = Math.floor(wanted.length / 2); length >= leastPart; length = Math.floor(length / 2)) {
    yield { first: 0, last: length };
    yield { first: wanted.length - length, last: wanted.length };
  }
}

function nearest(text: string, wanted: string, near: number): number | null {
  if (wanted === "") {
    return null;
  }
  const after = text.indexOf(wanted, Math.max(0, near));
  const before = text.lastIndexOf(wanted, Math.max(0, near));
  if (after === -1 || before === -1) {
    return after === before ? null : Math.max(after, before);
  }
  return near - before < after - near ? before : after;
}

/** The first index whose value is not below. */
function lowerBound(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
