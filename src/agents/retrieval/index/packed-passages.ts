import { ByteDesk } from "../../words/byte-desk.ts";
import { appendPassageWords } from "../../words/passage-words.ts";
import type { Chunk } from "../chunk/chunk.ts";

/** Passages as one thread hands them to another: one piece of memory and a few lists, whatever their number. */
export interface PackedPassages {
  /** The texts in UTF-8, and behind each its words, where they are found already. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of each as many as {@link numbersOfPassage} says. */
  readonly numbers: readonly number[];
  readonly places: readonly string[];
  /** The numbers of the lines of those passages whose lines do not follow one another. */
  readonly lineNumbers: ReadonlyMap<number, readonly number[]>;
}

/** Some of the passages of a pack: those of one file, or a part of them. */
export interface PassageRange {
  readonly first: number;
  readonly count: number;
}

/** A passage of a pack, as an index on this machine writes it. */
export interface PackedPassage extends Omit<Chunk, "text"> {
  /** The text in UTF-8. */
  readonly text: Uint8Array;
  /** In UTF-16 units. */
  readonly textLength: number;
  /** The words in UTF-8, parted by spaces. */
  readonly words: Uint8Array;
}

/* Of each passage: its place in the document, its page or -1, its length in UTF-16 units, where its text begins and ends, and where its words end, or 0. */
const numbersOfPassage = 9;
const noPage = -1;
/** Room for the passages of a batch and their words. */
export const packBytes = 1 << 19;

/** Packs passages, some at a time, into memory that can be used again. */
export class PassagePacker {
  #desk: ByteDesk;
  #numbers: number[] = [];
  #places: string[] = [];
  #lineNumbers = new Map<number, readonly number[]>();
  #characters = 0;

  /** @param memory what is written to */
  constructor(memory: ArrayBuffer | null) {
    this.#desk = new ByteDesk(memory ?? new ArrayBuffer(packBytes));
  }

  /** Of the texts, in UTF-16 units. */
  get characters(): number {
    return this.#characters;
  }

  /** How many passages are packed. */
  get count(): number {
    return this.#places.length;
  }

  /** Begins anew. @param memory what is written to; that of before where `null`, which nobody must need any more */
  begin(memory: ArrayBuffer | null): void {
    this.#desk = new ByteDesk(memory ?? this.packed().bytes.buffer);
    this.#numbers = [];
    this.#places = [];
    this.#lineNumbers = new Map();
    this.#characters = 0;
  }

  /**
   * Packs a passage.
   *
   * @param path of its file
   * @param findWords whether its words are found, too
   */
  add(chunk: Chunk, path: string, findWords: boolean): void {
    const desk = this.#desk;
    const { text, place, lineNumbers } = chunk;
    if (lineNumbers !== undefined) {
      this.#lineNumbers.set(this.#places.length, lineNumbers);
    }
    const from = desk.end;
    const size = desk.write(text);
    const to = desk.end;
    desk.write(" ");
    let wordsEnd = 0;
    if (findWords) {
      const written = { desk, start: from, end: to, isAscii: size === text.length };
      appendPassageWords(around(path, place), written, desk);
      wordsEnd = desk.end;
    }
    const { start, end, startLine, endLine, page } = chunk;
    this.#numbers.push(start, end, startLine, endLine, page ?? noPage, text.length, from, to, wordsEnd);
    this.#places.push(place);
    this.#characters += text.length;
  }

  /** What was packed since it began. */
  packed(): PackedPassages {
    const { buffer } = this.#desk.bytes;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a desk is made of an ArrayBuffer
    const bytes = new Uint8Array(buffer as ArrayBuffer);
    return { bytes, numbers: this.#numbers, places: this.#places, lineNumbers: this.#lineNumbers };
  }
}

const found = new ByteDesk(new ArrayBuffer(1 << 14));

function around(path: string, place: string): string {
  return `${path} ${place}`;
}

/** Where the words of passages end that were found here; they begin one behind the other. */
let foundEnds = new Int32Array(1 << 8);

/**
 * Finds the words of passages that have none yet.
 *
 * @param path of their file
 */
function findMissingWords({ numbers, places, bytes }: PackedPassages, range: PassageRange, path: string): void {
  const desk = new ByteDesk(bytes.buffer);
  found.end = 0;
  if (range.count > foundEnds.length) {
    foundEnds = new Int32Array(range.count * 2);
  }
  for (let at = 0; at < range.count; at += 1) {
    const passage = range.first + at;
    const own = passage * numbersOfPassage;
    if (numbers[own + 8] === 0) {
      const [start, end] = [numbers[own + 6] ?? 0, numbers[own + 7] ?? 0];
      const isAscii = end - start === numbers[own + 5];
      appendPassageWords(around(path, places[passage] ?? ""), { desk, start, end, isAscii }, found);
    }
    foundEnds[at] = found.end;
  }
}

/**
 * Some passages of a pack, with their words: those that were not found yet are found here.
 *
 * @param path of their file
 * @yields one after the other; what is in memory is gone when passages of another pack are asked for
 */
export function* packedPassages(pack: PackedPassages, range: PassageRange, path: string): Generator<PackedPassage> {
  // First all of them: what finds words and what writes them would push one another out of the processor's memory.
  findMissingWords(pack, range, path);
  let wordsStart = 0;
  for (let at = 0; at < range.count; at += 1) {
    const wordsEnd = foundEnds[at] ?? 0;
    yield packedPassage(pack, range.first + at, found.bytes.subarray(wordsStart, wordsEnd));
    wordsStart = wordsEnd;
  }
}

/** @param foundWords its words, where they were not found before it was packed */
function packedPassage(
  { numbers, places, lineNumbers, bytes }: PackedPassages,
  passage: number,
  foundWords: Uint8Array,
): PackedPassage {
  const at = passage * numbersOfPassage;
  const page = numbers[at + 4] ?? noPage;
  const textEnd = numbers[at + 7] ?? 0;
  const wordsEnd = numbers[at + 8] ?? 0;
  const ownNumbers = lineNumbers.get(passage);
  return {
    start: numbers[at] ?? 0,
    end: numbers[at + 1] ?? 0,
    startLine: numbers[at + 2] ?? 0,
    endLine: numbers[at + 3] ?? 0,
    ...(ownNumbers === undefined ? null : { lineNumbers: ownNumbers }),
    page: page === noPage ? null : page,
    place: places[passage] ?? "",
    text: bytes.subarray(numbers[at + 6] ?? 0, textEnd),
    textLength: numbers[at + 5] ?? 0,
    words: wordsEnd > 0 ? bytes.subarray(textEnd + 1, wordsEnd) : foundWords,
  };
}
