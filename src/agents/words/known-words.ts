import { ByteDesk } from "./byte-desk.ts";
import { beginsPart, identifierParts, longestIdentifier } from "./index-words.ts";
import { stemBytes } from "./stem-bytes.ts";
import { ofWords, stemOf } from "./terms.ts";
import { scratchBytes, wordKernel, wordMemory } from "./word-kernel.ts";

/*
 * Words as they stand in texts, in UTF-8. The kernel finds them by their bytes, so that no string is made of a word that
 * is known; what it does not find is learnt here. A word has a record of four numbers: a short one its bytes and 0; a long
 * one its hash, its length, and where its bytes stand among the long words; then its term, or for a word with more than
 * one where they are listed, below zero. Records stand in the order in which words came, those of the frequent ones close
 * together. A slot has the number of a record and the upper bits of a hash. A list has the count of its terms, that of the
 * word itself and those of its parts.
 *
 * A term has eight numbers: the last passage that has it and how often; the count of its bytes in UTF-8 with a space
 * behind; their hash; where they begin among the long terms, for a term of more than {@link bytesInRecord}; else the bytes.
 */

/** Of words and terms so many are remembered before all are forgotten: most words of a text come again soon. */
const mostKnown = 1 << 17;
const mostBytes = 1 << 21;
const mostListed = mostKnown * 4;
const slotCount = mostKnown * 2;
const slotMask = slotCount - 1;
const tagBits = 14;
const tagShift = 32 - tagBits;
const shortBytes = 8;
const wordSize = 4;
const termSize = 8;
/** What a record of a term has of its bytes, a space behind them: most terms are no longer. */
const bytesInRecord = 16;
const space = 32;

/** Where tables begin, in numbers of the memory, and lists of bytes, in bytes. */
const [slots, records, lists, terms] = [
  wordKernel.slots.value / 4,
  wordKernel.records.value / 4,
  wordKernel.lists.value / 4,
  wordKernel.terms.value / 4,
];
const [longWords, longTerms, scratch] = [
  wordKernel.longWords.value,
  wordKernel.longTerms.value,
  wordKernel.scratch.value,
];
const termSlots = new Int32Array(slotCount);
let words = 0;
let longWordsEnd = 1;
let listsEnd = 1;
let termCount = 0;
let longTermsEnd = 0;

/** The word at hand in small letters, and a stem. */
const lower = new ByteDesk(new ArrayBuffer(scratchBytes));
const stem = new ByteDesk(new ArrayBuffer(scratchBytes));

wordMemory.bytes.set(ofWords.subarray(0, 0x100), 0);

/** No text may have more bytes where more than one word is in it, and no word. */
export const mostTextBytes = mostKnown / 4;
export const mostWordBytes = mostBytes / 4;

/** Forgets all words where a text of so many bytes may bring more than there is room for. @returns whether it did */
export function makeRoomForWords(count: number): boolean {
  const most = count * 2;
  const hasRoom =
    words + most < mostKnown &&
    termCount + most < mostKnown &&
    listsEnd + most * 2 < mostListed &&
    longWordsEnd + most < mostBytes &&
    longTermsEnd + most * 3 < mostBytes;
  if (!hasRoom) {
    forgetWords();
  }
  return !hasRoom;
}

/** Forgets all words, and what is noted of their terms. */
export function forgetWords(): void {
  const { numbers } = wordMemory;
  numbers.fill(0, slots, slots + slotCount);
  numbers.fill(0, terms, terms + (termCount + 1) * termSize);
  termSlots.fill(0);
  words = 0;
  longWordsEnd = 1;
  listsEnd = 1;
  termCount = 0;
  longTermsEnd = 0;
}

/** Learns the word that the kernel has not found. There must be room for what is new: see {@link makeRoomForWords}. */
export function learnMissing(): void {
  const { from, to } = wordKernel;
  remember(from.value, to.value, learn);
}

/**
 * Keeps the terms of a word that the kernel has just not found.
 *
 * @param learnt finds its terms, and may have the kernel find others
 */
function remember(start: number, end: number, learnt: (bytes: Buffer, start: number, end: number) => number): number {
  const hash = wordKernel.hash.value;
  let slot = wordKernel.slot.value;
  const { bytes, numbers } = wordMemory;
  const word = Buffer.from(bytes.subarray(start, end));
  const term = learnt(word, 0, word.length);
  while (numbers[slots + slot] !== 0) {
    slot = (slot + 1) & slotMask;
  }
  words += 1;
  numbers[slots + slot] = (words << tagBits) | (hash >>> tagShift);
  const record = records + words * wordSize;
  const isShort = word.length <= shortBytes;
  if (isShort) {
    numbers.fill(0, record, record + wordSize);
    bytes.set(word, record * 4);
  } else {
    numbers[record] = hash;
    numbers[record + 1] = word.length;
    numbers[record + 2] = longWordsEnd;
    bytes.set(word, longWords + longWordsEnd);
    longWordsEnd += word.length;
  }
  numbers[record + 3] = term;
  return term;
}

/** Finds out the terms of a word. @returns its term, or where its terms are listed, below zero */
function learn(bytes: Buffer, start: number, end: number): number {
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
  return termOfSmall(bytes, start, end, digits > 0);
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
  const hasParts = writeLower(bytes, start, end);
  const whole = learn(lower.bytes, 0, length);
  if (!hasParts || length > longestIdentifier) {
    return whole;
  }
  const list = beginList(whole);
  const codeAt = (at: number): number => bytes[start + at] ?? 0;
  let from = 0;
  for (let at = 1; at <= length; at += 1) {
    if (at === length || beginsPart(codeAt, at, length)) {
      addToList(list, termOfPart(from, at));
      from = at;
    }
  }
  return -list;
}

/** The term of a part of the word in small letters: parts are words that are remembered. */
function termOfPart(start: number, end: number): number {
  const length = end - start;
  wordMemory.bytes.set(lower.bytes.subarray(start, end), scratch);
  const known = wordKernel.find(scratch, scratch + length);
  return known === 0 ? remember(scratch, scratch + length, learn) : known;
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
  const { numbers } = wordMemory;
  numbers[lists + list] = 1;
  numbers[lists + list + 1] = whole;
  listsEnd += 2;
  return list;
}

function addToList(list: number, term: number): void {
  const { numbers } = wordMemory;
  numbers[lists + listsEnd] = term;
  numbers[lists + list] = (numbers[lists + list] ?? 0) + 1;
  listsEnd += 1;
}

function termOfText(text: string): number {
  stem.end = 0;
  stem.write(text);
  return termOfStem(stem.end);
}

/** The term of a word of small letters and digits. */
// oxlint-disable-next-line max-params
function termOfSmall(bytes: Buffer, start: number, end: number, hasDigits: boolean): number {
  stem.end = 0;
  stem.reserve(end - start);
  bytes.copy(stem.bytes, 0, start, end);
  return termOfStem(hasDigits ? end - start : stemBytes(stem.bytes, end - start));
}

/** The term that stands at the beginning of {@link stem}. */
function termOfStem(length: number): number {
  const { numbers, bytes } = wordMemory;
  const hash = hashOf(stem, length);
  let slot = hash & slotMask;
  for (let term = termSlots[slot] ?? 0; term !== 0; term = termSlots[slot] ?? 0) {
    const record = terms + term * termSize;
    if (numbers[record + 2] === hash && numbers[record + 1] === length + 1 && isStem(placeOfTerm(record), length)) {
      return term;
    }
    slot = (slot + 1) & slotMask;
  }
  termCount += 1;
  termSlots[slot] = termCount;
  const record = terms + termCount * termSize;
  numbers[record + 1] = length + 1;
  numbers[record + 2] = hash;
  if (length + 1 > bytesInRecord) {
    numbers[record + 3] = longTermsEnd;
    longTermsEnd += length + 1;
  }
  const place = placeOfTerm(record);
  stem.bytes.copy(bytes, place, 0, length);
  bytes[place + length] = space;
  return termCount;
}

/** Where the bytes of a term stand. */
function placeOfTerm(record: number): number {
  const { numbers } = wordMemory;
  return (numbers[record + 1] ?? 0) > bytesInRecord
    ? longTerms + (numbers[record + 3] ?? 0)
    : record * 4 + bytesInRecord;
}

function isStem(place: number, length: number): boolean {
  const { bytes } = wordMemory;
  let at = 0;
  while (at < length && stem.bytes[at] === bytes[place + at]) {
    at += 1;
  }
  return at === length;
}

function hashOf({ bytes }: ByteDesk, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < end; at += 1) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
