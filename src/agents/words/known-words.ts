import { stemmer } from "stemmer";
import { ByteDesk } from "./byte-desk.ts";
import { beginsPart, identifierParts, longestIdentifier } from "./index-words.ts";
import { stemOf } from "./terms.ts";

/** Of words and terms so many are remembered before all are forgotten: most words of a text come again soon. */
const mostKnown = 1 << 17;
const mostBytes = 1 << 21;

/** Numbers in a record, of a word or of a term. */
export const recordSize = 4;

/*
 * Words as they stand in texts, in UTF-8. They are found by their bytes, so that no string is made of a word that is
 * known. A word has a record: of a short one its bytes and 0; of a long one its hash, its length, and where its bytes
 * stand in `longBytes`; then its term, or for a word with more than one where they are listed, below zero. Records stand in
 * the order in which words came, those of the frequent ones close together. A slot has the number of a record and the
 * upper bits of a hash.
 */
const shortBytes = 8;
const tagBits = 14;
const tagMask = (1 << tagBits) - 1;
const tagShift = 32 - tagBits;
const slotMask = mostKnown * 2 - 1;
const slots = new Int32Array(slotMask + 1);
const records = new Int32Array((mostKnown + 1) * recordSize);
const longBytes = Buffer.alloc(mostBytes);
let words = 0;
let longEnd = 1;

/** What is left of the first and of the last four bytes of a short word, by its length. */
const lowMasks = new Int32Array([0, 0xff, 0xffff, 0xffffff, -1, -1, -1, -1, -1]);
const highMasks = new Int32Array([0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff, -1]);

/** Of words with more than one term: their count, the term of the word itself, those of its parts. */
export const termLists = new Int32Array(mostKnown * 4);
let listsEnd = 1;

/**
 * Of each term, by its number: what who counts it notes, 0 at first; where its bytes begin in {@link termBytes}; their
 * count; their hash.
 */
export const termRecords = new Int32Array((mostKnown + 1) * recordSize);
/** Terms in UTF-8, each with a space behind. */
export const termBytes = Buffer.alloc(mostBytes);
const termSlots = new Int32Array(slotMask + 1);
let terms = 0;
let termsEnd = 0;
const space = 32;

/** The word at hand in small letters, and a stem. */
const lower = new ByteDesk(new ArrayBuffer(1024));
const other = new ByteDesk(new ArrayBuffer(1024));

/** Forgets all words where a text of so many bytes may bring more than there is room for. @returns whether it did */
export function makeRoomForWords(count: number): boolean {
  const most = count * 2;
  const hasRoom =
    words + most < mostKnown &&
    terms + most < mostKnown &&
    listsEnd + most * 2 < termLists.length &&
    longEnd + most < mostBytes &&
    termsEnd + most * 3 < mostBytes;
  if (!hasRoom) {
    forgetWords();
  }
  return !hasRoom;
}

/** Forgets all words, and what is noted of their terms. */
export function forgetWords(): void {
  slots.fill(0);
  termSlots.fill(0);
  termRecords.fill(0);
  words = 0;
  longEnd = 1;
  listsEnd = 1;
  terms = 0;
  termsEnd = 0;
}

/**
 * The term of the word between two places of a desk, or where its terms are listed, below zero. There must be room for
 * what is new: see {@link makeRoomForWords}.
 */
export function termOfWord(desk: ByteDesk, start: number, end: number): number {
  const length = end - start;
  if (length > shortBytes) {
    return termOfLong(desk, start, end);
  }
  const { view } = desk;
  const low = view.getInt32(start, true) & (lowMasks[length] ?? 0);
  const high = view.getInt32(start + 4, true) & (highMasks[length] ?? 0);
  const hash = mixed(low, high);
  let slot = hash & slotMask;
  for (let known = slots[slot] ?? 0; known !== 0; known = slots[slot] ?? 0) {
    if ((known & tagMask) === hash >>> tagShift) {
      const record = (known >> tagBits) * recordSize;
      if (records[record] === low && records[record + 1] === high && records[record + 2] === 0) {
        return records[record + 3] ?? 0;
      }
    }
    slot = (slot + 1) & slotMask;
  }
  const term = learn(desk, start, end);
  const record = newRecord(hash, slot);
  records[record] = low;
  records[record + 1] = high;
  records[record + 2] = 0;
  records[record + 3] = term;
  return term;
}

function termOfLong(desk: ByteDesk, start: number, end: number): number {
  const length = end - start;
  const hash = hashOf(desk, start, end);
  let slot = hash & slotMask;
  for (let known = slots[slot] ?? 0; known !== 0; known = slots[slot] ?? 0) {
    const record = (known >> tagBits) * recordSize;
    const from = records[record + 2] ?? 0;
    const isLike = records[record] === hash && records[record + 1] === length && from > 0;
    if (isLike && isSame({ bytes: desk.bytes, start, end }, longBytes, from)) {
      return records[record + 3] ?? 0;
    }
    slot = (slot + 1) & slotMask;
  }
  const term = learn(desk, start, end);
  const record = newRecord(hash, slot);
  desk.bytes.copy(longBytes, longEnd, start, end);
  records[record] = hash;
  records[record + 1] = length;
  records[record + 2] = longEnd;
  records[record + 3] = term;
  longEnd += length;
  return term;
}

/** A record for a word that is looked for from a slot on, which may be taken meanwhile. @returns its place */
function newRecord(hash: number, from: number): number {
  let slot = from;
  while (slots[slot] !== 0) {
    slot = (slot + 1) & slotMask;
  }
  words += 1;
  slots[slot] = (words << tagBits) | (hash >>> tagShift);
  return words * recordSize;
}

function mixed(low: number, high: number): number {
  const hash = Math.imul(low ^ (high >>> 15), 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

function hashOf({ view }: ByteDesk, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  const rest = view.getInt32(at, true) & (lowMasks[end - at] ?? 0);
  hash = Math.imul(hash ^ rest, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

interface Stretch {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

function isSame({ bytes, start, end }: Stretch, others: Buffer, from: number): boolean {
  let at = start;
  for (let there = from; at < end && bytes[at] === others[there]; there += 1) {
    at += 1;
  }
  return at === end;
}

/** Finds out the terms of a word. @returns its term, or where its terms are listed, below zero */
function learn(desk: ByteDesk, start: number, end: number): number {
  const { bytes } = desk;
  let capitals = 0;
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) {
      return learnForeign(bytes.toString("utf8", start, end));
    }
    capitals += byte >= 65 && byte <= 90 ? 1 : 0;
    digits += byte < 65 ? 1 : 0;
  }
  if (capitals > 0) {
    return learnWithCapitals(bytes, start, end);
  }
  return digits > 0 ? termOf(desk, start, end) : termOfText(stemmer(bytes.toString("latin1", start, end)));
}

/** A word that is not all of ASCII. */
function learnForeign(word: string): number {
  const whole = termOfText(stemOf(word.toLowerCase()));
  const parts = identifierParts(word);
  if (parts.length === 0) {
    return whole;
  }
  const list = beginList(whole);
  for (const part of parts) {
    addToList(list, termOfText(stemOf(part)));
  }
  return -list;
}

function learnWithCapitals(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (!writeLower(bytes, start, end) || length > longestIdentifier) {
    return termOfWord(lower, 0, length);
  }
  // As a whole it is hardly ever written in small letters: it is not remembered as a word.
  const list = beginList(learn(lower, 0, length));
  const codeAt = (at: number): number => bytes[start + at] ?? 0;
  let from = 0;
  for (let at = 1; at <= length; at += 1) {
    if (at === length || beginsPart(codeAt, at, length)) {
      addToList(list, termOfWord(lower, from, at));
      from = at;
    }
  }
  return -list;
}

/** Writes a word of ASCII in small letters. @returns whether it is an identifier that consists of parts */
function writeLower(bytes: Buffer, start: number, end: number): boolean {
  lower.end = 0;
  lower.reserve(end - start);
  const small = lower.bytes;
  let hasParts = false;
  let capitals = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    const isCapital = byte >= 65 && byte <= 90;
    hasParts ||= isCapital ? at > start && capitals === 0 : capitals > 1 && byte >= 97;
    capitals = isCapital ? capitals + 1 : 0;
    small[at - start] = isCapital ? byte | 32 : byte;
  }
  return hasParts;
}

function beginList(whole: number): number {
  const list = listsEnd;
  termLists[list] = 1;
  termLists[list + 1] = whole;
  listsEnd += 2;
  return list;
}

function addToList(list: number, term: number): void {
  termLists[listsEnd] = term;
  termLists[list] = (termLists[list] ?? 0) + 1;
  listsEnd += 1;
}

function termOfText(text: string): number {
  other.end = 0;
  other.write(text);
  return termOf(other, 0, other.end);
}

function termOf(desk: ByteDesk, start: number, end: number): number {
  const length = end - start;
  const hash = hashOf(desk, start, end);
  let slot = hash & slotMask;
  for (let term = termSlots[slot] ?? 0; term !== 0; term = termSlots[slot] ?? 0) {
    const record = term * recordSize;
    const isLike = termRecords[record + 3] === hash && termRecords[record + 2] === length + 1;
    if (isLike && isSame({ bytes: desk.bytes, start, end }, termBytes, termRecords[record + 1] ?? 0)) {
      return term;
    }
    slot = (slot + 1) & slotMask;
  }
  terms += 1;
  termSlots[slot] = terms;
  const record = terms * recordSize;
  termRecords[record + 1] = termsEnd;
  termRecords[record + 2] = length + 1;
  termRecords[record + 3] = hash;
  desk.bytes.copy(termBytes, termsEnd, start, end);
  termBytes[termsEnd + length] = space;
  termsEnd += length + 1;
  return terms;
}
