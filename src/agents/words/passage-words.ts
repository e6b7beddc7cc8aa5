import { ByteDesk } from "./byte-desk.ts";
import { plainWords } from "./index-words.ts";
import {
  forgetWords,
  makeRoomForWords,
  recordSize,
  termBytes,
  termLists,
  termOfWord,
  termRecords,
} from "./known-words.ts";
import { ofWords } from "./terms.ts";

/** Passages are counted up to this number. */
const mostPassages = 1 << 27;
/** More of a word in one passage hardly says more. */
const mostCounted = 4;
/** Terms take at most so many bytes for each byte of a text: the whole word and its parts, with spaces. */
const mostTermBytes = 8;
const space = 32;
/** For each byte of UTF-8 whether it is of words. */
const ofWord = ofWords.slice(0, 0x100);

/*
 * With each term is noted the last passage that has it, and how often it has it so far.
 */
const countSize = 8;
let passages = 0;

const plain = new ByteDesk(new ArrayBuffer(1 << 14));
const given = new ByteDesk(new ArrayBuffer(1 << 14));
const found = new ByteDesk(new ArrayBuffer(1 << 15));

/** The text of a passage in UTF-8, on a desk with a space behind. */
export interface WrittenText {
  readonly desk: ByteDesk;
  readonly start: number;
  readonly end: number;
  /** It has nothing beyond ASCII. */
  readonly isAscii: boolean;
}

/**
 * The words of a passage as indexes are fed with them, parted by spaces: the stems of its words, those of the parts of
 * identifiers, and pairs of characters for text without spaces. Each comes once, a word of the text that comes more
 * often up to four times; their order says nothing.
 *
 * @param around path and heading: their words count like those of the text
 */
export function passageWords(around: string, text: string): string {
  given.end = 0;
  const isAscii = given.write(text) === text.length;
  given.bytes[given.end] = space;
  found.end = 0;
  appendPassageWords(around, { desk: given, start: 0, end: given.end, isAscii }, found);
  return found.bytes.toString("utf8", 0, found.end);
}

/**
 * {@link passageWords} in UTF-8.
 *
 * @param to they are written behind what is there; may be the desk of the text
 */
export function appendPassageWords(around: string, text: WrittenText, to: ByteDesk): void {
  plain.end = 0;
  writePlain(around);
  const { desk, start, end } = text;
  if (!text.isAscii) {
    writePlain(desk.bytes.toString("utf8", start, end));
  }
  const own = text.isAscii ? end - start : 0;
  if (makeRoomForWords(plain.end + own)) {
    passages = 0;
  } else if (passages === mostPassages) {
    forgetWords();
    passages = 0;
  }
  passages += 1;
  to.reserve((plain.end + own) * mostTermBytes);
  appendWords(plain, 0, plain.end, to);
  if (text.isAscii) {
    appendWords(desk, start, end, to);
  }
}

/** Writes a text as words, with a space behind. */
function writePlain(text: string): void {
  const start = plain.end;
  if (plain.write(text) !== text.length) {
    plain.end = start;
    plain.write(plainWords(text));
  }
  plain.write(" ");
}

/** Appends the terms of the words between two places, each as often as it counts. */
function appendWords(from: ByteDesk, start: number, end: number, to: ByteDesk): void {
  const { bytes } = from;
  const out = to.bytes;
  const passage = passages * countSize;
  let outEnd = to.end;
  let at = start;
  while (at < end) {
    if (ofWord[bytes[at] ?? 0] === 0) {
      at += 1;
      continue;
    }
    const first = at;
    do {
      at += 1;
    } while (ofWord[bytes[at] ?? 0] === 1);
    const term = termOfWord(from, first, at);
    if (term < 0) {
      outEnd = appendList(-term, passage, out, outEnd);
      continue;
    }
    const record = term * recordSize;
    const seen = (termRecords[record] ?? 0) - passage;
    if (seen < mostCounted) {
      termRecords[record] = passage + Math.max(seen, 0) + 1;
      outEnd = appendTerm(record, out, outEnd);
    }
  }
  to.end = outEnd;
}

/** Appends the terms of a word that has more than one: of its parts, only once. @returns where they end */
// oxlint-disable-next-line max-params -- an object for each word would take as long as the word itself
function appendList(list: number, passage: number, out: Buffer, outStart: number): number {
  const first = list + 1;
  const end = first + (termLists[list] ?? 0);
  let outEnd = outStart;
  for (let place = first; place < end; place += 1) {
    const record = (termLists[place] ?? 0) * recordSize;
    const seen = (termRecords[record] ?? 0) - passage;
    if (seen < 0 || (place === first && seen < mostCounted)) {
      termRecords[record] = passage + Math.max(seen, 0) + 1;
      outEnd = appendTerm(record, out, outEnd);
    }
  }
  return outEnd;
}

function appendTerm(record: number, out: Buffer, outStart: number): number {
  const begin = termRecords[record + 1] ?? 0;
  const end = begin + (termRecords[record + 2] ?? 0);
  let outEnd = outStart;
  for (let at = begin; at < end; at += 1) {
    out[outEnd] = termBytes[at] ?? 0;
    outEnd += 1;
  }
  return outEnd;
}
