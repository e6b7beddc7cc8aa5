import { findKernel, findMemory } from "./find-kernel.ts";
import { indexWords, longestIdentifier } from "./index-words.ts";
import { isSpaceless } from "./scripts.ts";
import { ofWords } from "./terms.ts";

/** How words begin: those are meant whose first two units have a bit in common. */
export interface WordBeginnings {
  /** For each UTF-16 unit eight bits. */
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** The bit of beginnings that may be followed by anything. */
const anyBit = 0x80;
const otherBits = 7;

/** Adds a bit to a letter, small and as a capital. */
function addBit(table: Uint8Array, letter: string, bit: number): void {
  for (const unit of [letter.charCodeAt(0), letter.toUpperCase().charCodeAt(0)]) {
    table[unit] = (table[unit] ?? 0) | bit;
  }
}

/** How all words may begin that have one of some stems, or have it as their first character. */
export function wordBeginnings(wanted: readonly string[]): WordBeginnings {
  const first = new Uint8Array(0x10000);
  const second = new Uint8Array(0x10000).fill(anyBit);
  wanted.forEach((stem, at) => {
    const isFirstOnly = stem.length === 1 || isSpaceless(stem.codePointAt(0) ?? 0);
    const bit = isFirstOnly ? anyBit : 1 << (at % otherBits);
    addBit(first, stem.charAt(0), bit);
    if (!isFirstOnly) {
      addBit(second, stem.charAt(1), bit);
      // A stem may end in an i that is a y in the word.
      addBit(second, stem.charAt(1) === "i" ? "y" : stem.charAt(1), bit);
    }
  });
  return { first, second };
}

const bytesOfUnit = 2;
/** What the kernel notes of a word: where it begins and ends, and its place. */
const noteSize = 3;
/** Of each unit at most a word and a part of it are noted, and each stands beside another unit. */
const mostNoteBytes = noteSize * 4;
const textStart = findKernel.text.value;
let entered: WordBeginnings | null = null;
findMemory.bytes.set(ofWords, findKernel.ofWords.value);

function enterBeginnings(begins: WordBeginnings): void {
  if (begins !== entered) {
    findMemory.bytes.set(begins.first, findKernel.first.value);
    findMemory.bytes.set(begins.second, findKernel.second.value);
    entered = begins;
  }
}

/** Is given a word and how many words stand before it. */
type WordSink = (word: string, place: number) => void;

/**
 * Calls `found` for the words of a text, as they are written, that begin in certain ways, and for the parts of an identifier
 * behind it; the other words are only counted.
 *
 * @param found must not look at other texts in this way
 */
export function eachWordWith(begins: WordBeginnings, text: string, found: WordSink): void {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with NUL
  const isAscii = !/[^\0-\x7f]/.test(text);
  const words = isAscii ? text : indexWords(text);
  const end = textStart + words.length * bytesOfUnit;
  const out = (end + bytesOfUnit + 3) & ~3;
  findMemory.makeRoomUpTo(out + (words.length + 1) * mostNoteBytes);
  enterBeginnings(begins);
  findMemory.bytes.write(words, textStart, "utf16le");
  findMemory.bytes.writeUInt16LE(0, end);
  // Those of a text beyond ASCII have their parts behind them already.
  const longest = isAscii ? longestIdentifier * bytesOfUnit : 0;
  const notesEnd = findKernel.find(textStart, end, longest, out) / 4;
  const { numbers } = findMemory;
  for (let at = out / 4; at < notesEnd; at += noteSize) {
    const from = ((numbers[at] ?? 0) - textStart) / bytesOfUnit;
    const to = ((numbers[at + 1] ?? 0) - textStart) / bytesOfUnit;
    found(words.slice(from, to), numbers[at + 2] ?? 0);
  }
}
