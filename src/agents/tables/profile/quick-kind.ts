import { knownWords } from "./parse-cell.ts";

/** What a cell is for sure: text, or an ISO date alone, with a blank, or with a `T` before a time. */
export type QuickKind = "text" | "day" | "blank-moment" | "t-moment";

const dash = 45;
const colon = 58;
const space = 32;
const longestWord = 12;
/** UTF-8 of more bytes is text of more than 40 characters. */
const longText = 120;

/* eslint-disable no-bitwise -- 32 is the difference between upper and lower case in ASCII */

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122;
/** First byte of a hanzi from U+4000 to U+9FFF. */
const beginsHanzi = (byte: number): boolean => byte >= 0xe4 && byte <= 0xe9;

/** First letters and length in bytes of every word that means something. */
const wordKeys = new Set(
  knownWords.map((word) => {
    const bytes = Buffer.from(word);
    return wordKey(bytes[0] ?? 0, bytes[1] ?? 0, bytes.length);
  }),
);

function wordKey(first: number, second: number, length: number): number {
  return ((first | 32) << 16) | ((second | 32) << 8) | length;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The ISO date that begins at `start` as a number, 20240131; -1 where none does, and for the last days of a month. */
function isoDay(bytes: Uint8Array, start: number): number {
  const century = twoDigits(bytes, start);
  const year = twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const valid = century >= 0 && year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  return valid && bytes[start + 4] === dash && bytes[start + 7] === dash
    ? (century * 100 + year) * 10_000 + month * 100 + day
    : -1;
}

/** The time of day that begins at `start` as a number, 235959; -1 where none does. */
function isoTime(bytes: Uint8Array, start: number): number {
  const hour = twoDigits(bytes, start);
  const minute = twoDigits(bytes, start + 3);
  const second = twoDigits(bytes, start + 6);
  const valid = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return valid && bytes[start + 2] === colon && bytes[start + 5] === colon ? hour * 10_000 + minute * 100 + second : -1;
}

/**
 * Says at the bytes of a cell what `classifyCell` and `parseDate` say at its text, for the kinds that long columns are
 * mostly made of. One is used for every cell of a table.
 */
export class QuickKinds {
  /** Of a date, as digits: 20240131, or 20240131235959 with a time. */
  moment = 0;

  /** @returns `null` where it takes a look at the text */
  kindOf(bytes: Uint8Array, start: number, end: number): QuickKind | null {
    const first = bytes[start] ?? 0;
    if (isLetter(first)) {
      return this.#isWordText(bytes, start, end) ? "text" : null;
    }
    if (isDigit(first)) {
      return this.#isoKind(bytes, start, end) ?? (isCode(bytes, start, end) ? "text" : null);
    }
    return beginsHanzi(first) && this.#isHanziText(bytes, start, end) ? "text" : null;
  }

  #isoKind(bytes: Uint8Array, start: number, end: number): QuickKind | null {
    const length = end - start;
    if (length !== 10 && length !== 19) {
      return null;
    }
    const day = isoDay(bytes, start);
    if (day < 0 || length === 10) {
      this.moment = day;
      return day < 0 ? null : "day";
    }
    const time = isoTime(bytes, start + 11);
    const mark = bytes[start + 10];
    this.moment = day * 1_000_000 + time;
    return time < 0 ? null : mark === space ? "blank-moment" : mark === 84 ? "t-moment" : null;
  }

  /** Words that begin with an ASCII letter: no name of a month before a number, no currency, no word with a meaning. */
  #isWordText(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    const last = bytes[end - 1] ?? 0;
    if (length > longText) {
      return true;
    }
    if (last <= space || last > 127) {
      return false;
    }
    let letters = 1;
    while (letters < length && isLetter(bytes[start + letters] ?? 0)) {
      letters += 1;
    }
    if (length > longestWord) {
      const amount = letters <= 3 && beginsCurrency(bytes[start] ?? 0);
      return !amount && !beginsDay(bytes, start + letters, end);
    }
    return isShortText(bytes, start, end, letters);
  }

  /** Hanzi only, and no word with a meaning. */
  #isHanziText(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at += 3) {
      if (!beginsHanzi(bytes[at] ?? 0)) {
        return false;
      }
    }
    return !wordKeys.has(wordKey(bytes[start] ?? 0, bytes[start + 1] ?? 0, end - start));
  }
}

/** First letters of US$, HK$, NT$, RMB, CNY, USD, EUR, GBP and JPY. */
function beginsCurrency(first: number): boolean {
  return (
    first === 67 ||
    first === 69 ||
    first === 71 ||
    first === 72 ||
    first === 74 ||
    first === 78 ||
    first === 82 ||
    first === 85
  );
}

/** The same of a text that is no longer than a word with a meaning. */
function isShortText(bytes: Uint8Array, start: number, end: number, letters: number): boolean {
  let digits = false;
  let plain = true;
  for (let at = start + letters; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    digits ||= isDigit(byte);
    plain &&= byte < 128;
  }
  if (!plain) {
    return false;
  }
  if (digits) {
    const amount = letters <= 3 && beginsCurrency(bytes[start] ?? 0);
    return !amount && !beginsDay(bytes, start + letters, end);
  }
  return !wordKeys.has(wordKey(bytes[start] ?? 0, bytes[start + 1] ?? 0, end - start));
}

/** A blank and one or two digits stand at `at`: what follows the name of a month. */
function beginsDay(bytes: Uint8Array, at: number, end: number): boolean {
  let stop = at + 1;
  while (stop < end && isDigit(bytes[stop] ?? 0)) {
    stop += 1;
  }
  return bytes[at] === space && stop > at + 1 && stop <= at + 3;
}

/** Begins with a digit and holds a small letter, not an exponent's, before another: no number, date or amount does. */
function isCode(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at + 1 < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 97 && byte <= 122 && byte !== 101 && isDigit(bytes[at + 1] ?? 0)) {
      return true;
    }
  }
  return false;
}
