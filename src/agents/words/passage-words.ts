import { ByteDesk } from "./byte-desk.ts";
import { plainWords } from "./index-words.ts";
import { forgetWords, learnMissing, makeRoomForWords, mostTextBytes, mostWordBytes } from "./known-words.ts";
import { ofWords } from "./terms.ts";
import { makeRoomUpTo, wordKernel, wordMemory } from "./word-kernel.ts";

/** Passages are counted up to this number. */
const mostPassages = 1 << 27;
/** Terms take at most so many bytes for each byte of a text: the whole word and its parts, with spaces. */
const mostTermBytes = 8;
const mostUnitBytes = 3;
const space = 32;

/*
 * With each term the kernel notes the last passage that has it, and how often it has it so far.
 */
const countSize = 8;
let passages = 0;

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
  const begin = wordKernel.text.value;
  const { desk, start, end } = text;
  let at = writePlain(around, begin);
  if (text.isAscii) {
    makeRoomUpTo(at + end - start);
    desk.bytes.copy(wordMemory.bytes, at, start, end);
    at += end - start;
  } else {
    at = writePlain(desk.bytes.toString("utf8", start, end), at);
  }
  passages += 1;
  if (at - begin <= mostTextBytes) {
    appendTerms({ start: begin, end: at, free: at }, to);
  } else {
    appendInPieces(begin, at, to);
  }
}

/** Writes a text as words into the kernel's memory, with a space behind. @returns where it ends */
function writePlain(text: string, at: number): number {
  makeRoomUpTo(at + text.length * mostUnitBytes);
  let count = wordMemory.bytes.write(text, at, "utf8");
  if (count !== text.length) {
    const plain = plainWords(text);
    makeRoomUpTo(at + plain.length * mostUnitBytes);
    count = wordMemory.bytes.write(plain, at, "utf8");
  }
  wordMemory.bytes[at + count] = space;
  return at + count + 1;
}

function isOfWord(at: number): boolean {
  return ofWords[wordMemory.bytes[at] ?? 0] === 1;
}

/** As {@link appendTerms}, of a text that is too long to be looked at in one go. */
function appendInPieces(start: number, end: number, to: ByteDesk): void {
  for (let from = start; from < end;) {
    let at = Math.min(from + mostTextBytes, end);
    while (at < end && at > from && isOfWord(at)) {
      at -= 1;
    }
    if (at === from) {
      at = from + mostTextBytes;
      while (at < end && at - from < mostWordBytes && isOfWord(at)) {
        at += 1;
      }
    }
    appendTerms({ start: from, end: at, free: end }, to);
    from = at;
  }
}

/** A stretch of the kernel's memory. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  /** From here on nothing is needed. */
  readonly free: number;
}

/** Appends the terms of the words of a stretch, each as often as it counts. What stands at its end is of no word. */
function appendTerms({ start, end, free }: Stretch, to: ByteDesk): void {
  if (makeRoomForWords(end - start)) {
    passages = 1;
  } else if (passages === mostPassages) {
    forgetWords();
    passages = 1;
  }
  const out = free + 1;
  makeRoomUpTo(out + (end - start) * mostTermBytes);
  wordMemory.bytes[end] = space;
  let outEnd = out;
  for (let at = start; at < end;) {
    outEnd = wordKernel.write(at, end, passages * countSize, outEnd);
    at = wordKernel.from.value;
    if (at < end) {
      learnMissing();
    }
  }
  to.reserve(outEnd - out);
  wordMemory.bytes.copy(to.bytes, to.end, out, outEnd);
  to.end += outEnd - out;
}
