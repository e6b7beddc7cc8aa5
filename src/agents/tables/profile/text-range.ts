import type { ColumnCells } from "./column-cells.ts";

/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const mostUnitBytes = 3;
/** Room for the bytes of one short text after another. */
const scratch = Buffer.alloc(512);

/** The greatest first byte of three that comes before every surrogate in UTF-16. */
const beforeSurrogates = 0xed;

/** Bytes that make the key of a text, and bytes that are read for it. */
const orderedBytes = 6;
const keyBytes = 8;

/** Length and order of texts, looked at as UTF-8; kept as bytes until somebody asks. */
export class TextRange {
  /** Length of all texts together, in UTF-16 units. */
  length = 0;
  /** Length of the longest. */
  longest = 0;
  readonly #min = new KeptText();
  readonly #max = new KeptText();

  /** The first and the last in the order of JavaScript's texts; `null` before the first. */
  get min(): string | null {
    return this.#min.text;
  }

  get max(): string | null {
    return this.#max.text;
  }

  /** Takes a text that came `times` times. */
  addText(text: string, times: number): void {
    const fits = text.length * mostUnitBytes <= scratch.length;
    const bytes = fits ? scratch : Buffer.from(text);
    const end = fits ? scratch.write(text) : bytes.length;
    this.#addLength(text.length, times);
    this.#order(bytes, 0, end, keyOf(bytes, 0, end));
  }

  /** Takes a cell that is there. */
  addCell(cells: ColumnCells, row: number): void {
    const { bytes, view } = cells.text;
    const start = cells.starts[row] ?? 0;
    const end = cells.ends[row] ?? 0;
    if (cells.ascii[row] !== 1 || start + keyBytes > view.byteLength) {
      this.#addLength(unitsOf(bytes, start, end), 1);
      this.#order(bytes, start, end, keyOf(bytes, start, end));
      return;
    }
    const length = end - start;
    this.#addLength(length, 1);
    const first = maskedTo(view.getUint32(start), length);
    const next = maskedTo(view.getUint32(start + 4), length - 4);
    this.#order(bytes, start, end, first * 0x1_0000 + (next >>> 16));
  }

  #addLength(length: number, times: number): void {
    this.length += length * times;
    this.longest = length > this.longest ? length : this.longest;
  }

  // oxlint-disable-next-line max-params -- called for every cell: an object each would cost more than the look
  #order(bytes: Uint8Array, start: number, end: number, key: number): void {
    if (this.#min.isEmpty) {
      this.#min.set(bytes, start, end, key);
      this.#max.set(bytes, start, end, key);
      return;
    }
    if (key <= this.#min.key && this.#min.compare(bytes, start, end) < 0) {
      this.#min.set(bytes, start, end, key);
    }
    if (key >= this.#max.key && this.#max.compare(bytes, start, end) > 0) {
      this.#max.set(bytes, start, end, key);
    }
  }
}

/* eslint-disable no-bitwise -- bytes are looked at together */

/** The first `count` bytes of a word, zeros in place of the others. */
function maskedTo(word: number, count: number): number {
  return count >= 4 ? word : count <= 0 ? 0 : (word & (-1 << (32 - 8 * count))) >>> 0;
}

/** A number by the first six bytes: where it is smaller, the text comes before; where it is equal, one has to look. */
function keyOf(bytes: Uint8Array, start: number, end: number): number {
  let key = 0;
  for (let at = start; at < start + orderedBytes; at += 1) {
    key = key * 256 + (at < end ? rank(bytes[at] ?? 0) : 0);
  }
  return key;
}

/** UTF-16 units of valid UTF-8. */
function unitsOf(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    units += byte < 0x80 || byte >= 0xc0 ? (byte >= 0xf0 ? 2 : 1) : 0;
  }
  return units;
}

class KeptText {
  /** Of `keyOf`. */
  key = 0;
  #bytes = Buffer.alloc(32);
  #length = -1;

  get isEmpty(): boolean {
    return this.#length < 0;
  }

  get text(): string | null {
    return this.#length < 0 ? null : this.#bytes.toString("utf8", 0, this.#length);
  }

  set(bytes: Uint8Array, start: number, end: number, key: number): void {
    this.key = key;
    if (end - start > this.#bytes.length) {
      this.#bytes = Buffer.alloc((end - start) * 2);
    }
    for (let at = start; at < end; at += 1) {
      this.#bytes[at - start] = bytes[at] ?? 0;
    }
    this.#length = end - start;
  }

  /** Below 0 where the other text comes before this one in UTF-16, above 0 where it comes after. */
  compare(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const shared = length < this.#length ? length : this.#length;
    for (let at = 0; at < shared; at += 1) {
      const other = bytes[start + at] ?? 0;
      const own = this.#bytes[at] ?? 0;
      if (other !== own) {
        return rank(other) - rank(own);
      }
    }
    return length - this.#length;
  }
}

/** Surrogates, which begin with F0 and more in UTF-8, come before U+E000 in UTF-16. */
function rank(byte: number): number {
  return byte > beforeSurrogates ? (byte < 0xf0 ? byte + 16 : byte - 2) : byte;
}
