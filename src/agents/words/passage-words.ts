import { identifierParts, plainWords } from "./index-words.ts";
import { ofWords, stemOf } from "./terms.ts";

/** Of words and terms so many are remembered before all are forgotten: most words of a text come again soon. */
const mostKnown = 1 << 17;
const mostUnits = 1 << 21;
const slotMask = mostKnown * 2 - 1;
/** Passages are counted up to this number. */
const mostPassages = 1 << 27;
/** More of a word in one passage hardly says more. */
const mostCounted = 4;
const space = 32;
const hashSeed = 0x811c9dc5 | 0;

/*
 * Words as they stand in texts, by number, and the terms of each. They are found by their characters, so that no string
 * is made of a word that is known. A word has a record: its hash, where its characters begin, their count, where its terms
 * begin, their count.
 */
const recordSize = 5;
const slots = new Int32Array(slotMask + 1);
const records = new Int32Array((mostKnown + 1) * recordSize);
const wordUnits = new Uint16Array(mostUnits);
const wordTerms = new Int32Array(mostKnown * 3);
let words = 0;
let unitsEnd = 0;
let termsEnd = 0;

/* Terms, by number, in UTF-8 with a space behind. Beside each stands the last passage that has it, and how often it has it so far. */
const termNumbers = new Map<string, number>();
const termBytes = Buffer.alloc(mostUnits);
const termBegins = new Int32Array(mostKnown + 2);
const termCounts = new Int32Array(mostKnown + 1);
let terms = 0;

let passages = 0;
let unitBytes = Buffer.alloc(1 << 16);
let units = unitsOf(unitBytes);
let written = Buffer.alloc(1 << 16);
/** The terms of the passage at hand. */
const found = new Int32Array(mostKnown + 1);

function unitsOf({ buffer, byteOffset, length }: Buffer): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length >> 1);
}

/**
 * The words of a passage as indexes are fed with them, parted by spaces: the stems of its words, those of the parts of
 * identifiers, and pairs of characters for text without spaces. Each comes once, a word of the text that comes more
 * often up to four times; their order says nothing.
 *
 * @param around path and heading: their words count like those of the text
 */
export function passageWords(around: string, text: string): string {
  const count = writeUnits(`${plainWords(around)} `, plainWords(text));
  makeRoom(count);
  passages += 1;
  const own = units;
  const isWordUnit = ofWords;
  const passage = passages * 8;
  let foundCount = 0;
  let at = 0;
  while (at < count) {
    let unit = own[at] ?? 0;
    if (isWordUnit[unit] === 0) {
      at += 1;
      continue;
    }
    const start = at;
    let hash = hashSeed;
    do {
      hash = Math.imul(hash ^ unit, 0x01000193);
      at += 1;
      unit = own[at] ?? 0;
    } while (at < count && isWordUnit[unit] === 1);
    const record = wordOf(own, start, at, hash);
    const first = records[record + 3] ?? 0;
    const end = first + (records[record + 4] ?? 0);
    for (let place = first; place < end; place += 1) {
      const term = wordTerms[place] ?? 0;
      const seen = (termCounts[term] ?? 0) - passage;
      if (seen < 0) {
        termCounts[term] = passage + 1;
        found[foundCount] = term;
        foundCount += 1;
      } else if (place === first && seen < mostCounted) {
        termCounts[term] = passage + seen + 1;
      }
    }
  }
  return foundWords(foundCount, passage);
}

/** @returns how many UTF-16 units there are; one more is there to be read */
function writeUnits(first: string, second: string): number {
  const count = first.length + second.length;
  if (count * 2 + 2 > unitBytes.length) {
    unitBytes = Buffer.alloc(count * 3 + 2);
    units = unitsOf(unitBytes);
  }
  const behind = unitBytes.write(first, 0, "utf16le");
  unitBytes.write(second, behind, "utf16le");
  return count;
}

/** Forgets all words where a passage of so many units may bring more than there is room for. */
function makeRoom(count: number): void {
  const hasRoom =
    words + count < mostKnown &&
    terms + count < mostKnown &&
    termsEnd + count * 2 < wordTerms.length &&
    unitsEnd + count < mostUnits &&
    (termBegins[terms + 1] ?? 0) + count * 5 < mostUnits &&
    passages < mostPassages;
  if (!hasRoom) {
    slots.fill(0);
    termCounts.fill(0);
    passages = 0;
    termNumbers.clear();
    words = 0;
    terms = 0;
    unitsEnd = 0;
    termsEnd = 0;
  }
}

/** The record of the word between two places. */
function wordOf(own: Uint16Array, start: number, end: number, hash: number): number {
  const length = end - start;
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  let slot = (mixed ^ (mixed >>> 13)) & slotMask;
  for (let record = slots[slot] ?? 0; record !== 0; record = slots[slot] ?? 0) {
    if (records[record] === hash && records[record + 2] === length) {
      let known = records[record + 1] ?? 0;
      let at = start;
      while (at < end && own[at] === wordUnits[known]) {
        at += 1;
        known += 1;
      }
      if (at === end) {
        return record;
      }
    }
    slot = (slot + 1) & slotMask;
  }
  words += 1;
  const record = words * recordSize;
  slots[slot] = record;
  records[record] = hash;
  records[record + 1] = unitsEnd;
  records[record + 2] = length;
  records[record + 3] = termsEnd;
  wordUnits.set(own.subarray(start, end), unitsEnd);
  unitsEnd += length;
  records[record + 4] = noteTerms(unitBytes.toString("utf16le", start * 2, end * 2));
  return record;
}

/** Enters the terms of a word: itself, then its parts. @returns how many */
function noteTerms(word: string): number {
  const begin = termsEnd;
  wordTerms[termsEnd] = termOf(stemOf(word.toLowerCase()));
  termsEnd += 1;
  for (const part of identifierParts(word)) {
    wordTerms[termsEnd] = termOf(stemOf(part));
    termsEnd += 1;
  }
  return termsEnd - begin;
}

function termOf(text: string): number {
  const known = termNumbers.get(text);
  if (known !== undefined) {
    return known;
  }
  terms += 1;
  const from = termBegins[terms] ?? 0;
  const end = from + termBytes.write(text, from, "utf8");
  termBytes[end] = space;
  termBegins[terms + 1] = end + 1;
  termNumbers.set(text, terms);
  return terms;
}

function foundWords(foundCount: number, passage: number): string {
  const bytes = termBytes;
  let out = written;
  let to = 0;
  for (let index = 0; index < foundCount; index += 1) {
    const term = found[index] ?? 0;
    const begin = termBegins[term] ?? 0;
    const end = termBegins[term + 1] ?? 0;
    const count = (termCounts[term] ?? 0) - passage;
    const next = to + (end - begin) * count;
    if (next > out.length) {
      written = Buffer.concat([out], next * 2);
      out = written;
    }
    while (to < next) {
      for (let at = begin; at < end; at += 1) {
        out[to] = bytes[at] ?? 0;
        to += 1;
      }
    }
  }
  return out.toString("utf8", 0, to);
}
