import { identifierParts, plainWords } from "./index-words.ts";
import { ofWords, stemOf } from "./terms.ts";

/** Of words and terms so many are remembered before all are forgotten: most words of a text come again soon. */
const mostKnown = 1 << 17;
const mostBytes = 1 << 21;
/** Passages are counted up to this number. */
const mostPassages = 1 << 27;
/** More of a word in one passage hardly says more. */
const mostCounted = 4;
const space = 32;
const hashSeed = 0x811c9dc5 | 0;

/*
 * Words as they stand in texts, in UTF-8. They are found by their bytes, so that no string is made of a word that is
 * known. A word has a record of four numbers: of a short one its bytes, the last in front, and 0; of a long one its hash,
 * its length, and where its bytes stand in `longBytes`; then its term, or for a word with more than one the place of their
 * count in `lists`, below zero. A record without a term is free.
 */
const recordSize = 4;
const shortBytes = 8;
const lastRecord = mostKnown * 2 - 1;
const records = new Int32Array((lastRecord + 1) * recordSize);
const longBytes = Buffer.alloc(mostBytes);
const lists = new Int32Array(mostKnown * 4);
let words = 0;
let longEnd = 1;
let listsEnd = 1;

/* Terms, by number, in UTF-8 with a space behind. Beside each stands the last passage that has it, and how often it has it so far. */
const termNumbers = new Map<string, number>();
const termBytes = Buffer.alloc(mostBytes);
const termBegins = new Int32Array(mostKnown + 2);
const termCounts = new Int32Array(mostKnown + 1);
let terms = 0;

let passages = 0;
/** The bytes of the passage at hand. */
let given = Buffer.alloc(1 << 16);
let written = Buffer.alloc(1 << 16);
/** The terms of the passage at hand. */
const found = new Int32Array(mostKnown + 1);
let foundEnd = 0;

/** For each byte of UTF-8 whether it is of words. */
const ofWord = ofWords.slice(0, 0x100);

/**
 * The words of a passage as indexes are fed with them, parted by spaces: the stems of its words, those of the parts of
 * identifiers, and pairs of characters for text without spaces. Each comes once, a word of the text that comes more
 * often up to four times; their order says nothing.
 *
 * @param around path and heading: their words count like those of the text
 */
export function passageWords(around: string, text: string): string {
  const end = writeText(text, writeText(around, 0));
  makeRoom(end);
  passages += 1;
  foundEnd = 0;
  const passage = passages * 8;
  const bytes = given;
  let at = 0;
  while (at < end) {
    let byte = bytes[at] ?? 0;
    if (ofWord[byte] === 0) {
      at += 1;
      continue;
    }
    const start = at;
    let last = 0;
    let first = 0;
    do {
      first = (first << 8) | (last >>> 24);
      last = (last << 8) | byte;
      at += 1;
      byte = bytes[at] ?? 0;
    } while (ofWord[byte] === 1);
    const term = at - start > shortBytes ? longWord(start, at) : shortWord(last, first, start, at);
    if (term > 0) {
      const seen = (termCounts[term] ?? 0) - passage;
      if (seen < 0) {
        termCounts[term] = passage + 1;
        found[foundEnd] = term;
        foundEnd += 1;
      } else if (seen < mostCounted) {
        termCounts[term] = passage + seen + 1;
      }
    } else {
      countList(-term, passage);
    }
  }
  return foundWords(passage);
}

/** Counts the terms of a word that has more than one: of its parts, only that they are there. */
function countList(list: number, passage: number): void {
  const first = list + 1;
  const end = first + (lists[list] ?? 0);
  for (let place = first; place < end; place += 1) {
    const term = lists[place] ?? 0;
    const seen = (termCounts[term] ?? 0) - passage;
    if (seen < 0) {
      termCounts[term] = passage + 1;
      found[foundEnd] = term;
      foundEnd += 1;
    } else if (place === first && seen < mostCounted) {
      termCounts[term] = passage + seen + 1;
    }
  }
}

/** Writes a text with a space behind. @returns where it ends */
function writeText(text: string, at: number): number {
  let end = writeBytes(text, at);
  if (end - at !== text.length) {
    end = writeBytes(plainWords(text), at);
  }
  given[end] = space;
  return end + 1;
}

function writeBytes(text: string, at: number): number {
  const most = at + text.length * 3 + 1;
  if (most > given.length) {
    given = Buffer.concat([given], most * 2);
  }
  return at + given.write(text, at, "utf8");
}

/** Forgets all words where a passage of so many bytes may bring more than there is room for. */
function makeRoom(count: number): void {
  const hasRoom =
    words + count < mostKnown &&
    terms + count < mostKnown &&
    listsEnd + count * 3 < lists.length &&
    longEnd + count < mostBytes &&
    (termBegins[terms + 1] ?? 0) + count * 3 < mostBytes &&
    passages < mostPassages;
  if (!hasRoom) {
    records.fill(0);
    termCounts.fill(0);
    passages = 0;
    termNumbers.clear();
    words = 0;
    terms = 0;
    longEnd = 1;
    listsEnd = 1;
  }
}

/** Where the search for a word begins. */
function firstPlace(low: number, high: number): number {
  const hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high ^ (low >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 15)) & lastRecord;
}

/**
 * The term of a short word, or where its terms are listed, below zero.
 *
 * @param last its last four bytes
 * @param first those before
 */
function shortWord(last: number, first: number, start: number, end: number): number {
  for (let place = firstPlace(last, first); ; place = (place + 1) & lastRecord) {
    const record = place * recordSize;
    const term = records[record + 3] ?? 0;
    if (term === 0) {
      records[record] = last;
      records[record + 1] = first;
      records[record + 2] = 0;
      return noteWord(record, start, end);
    }
    if (records[record] === last && records[record + 1] === first && records[record + 2] === 0) {
      return term;
    }
  }
}

/** The term of a long word, or where its terms are listed, below zero. */
function longWord(start: number, end: number): number {
  const bytes = given;
  const length = end - start;
  let hash = hashSeed;
  for (let at = start; at < end; at += 1) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  }
  for (let place = firstPlace(hash, length); ; place = (place + 1) & lastRecord) {
    const record = place * recordSize;
    const term = records[record + 3] ?? 0;
    if (term === 0) {
      records[record] = hash;
      records[record + 1] = length;
      records[record + 2] = longEnd;
      bytes.copy(longBytes, longEnd, start, end);
      longEnd += length;
      return noteWord(record, start, end);
    }
    const known = records[record + 2] ?? 0;
    if (records[record] === hash && records[record + 1] === length && known > 0 && isLong(known, start, end)) {
      return term;
    }
  }
}

function isLong(known: number, start: number, end: number): boolean {
  const bytes = given;
  let at = start;
  for (let there = known; at < end && bytes[at] === longBytes[there]; there += 1) {
    at += 1;
  }
  return at === end;
}

/** Enters the terms of a word in its record. @returns its term, or where its terms are listed, below zero */
function noteWord(record: number, start: number, end: number): number {
  words += 1;
  const word = given.toString("utf8", start, end);
  const whole = termOf(stemOf(word.toLowerCase()));
  const parts = identifierParts(word);
  if (parts.length === 0) {
    records[record + 3] = whole;
    return whole;
  }
  const list = listsEnd;
  lists[list] = parts.length + 1;
  lists[list + 1] = whole;
  parts.forEach((part, index) => {
    lists[list + 2 + index] = termOf(stemOf(part));
  });
  listsEnd = list + 2 + parts.length;
  records[record + 3] = -list;
  return -list;
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

function foundWords(passage: number): string {
  const bytes = termBytes;
  let out = written;
  let to = 0;
  for (let index = 0; index < foundEnd; index += 1) {
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
