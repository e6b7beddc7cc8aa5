type Value = string | number | boolean | bigint;

const seedHigh = -559038737;
const seedLow = 1103547991;

const encoder = new TextEncoder();
let encoded = new Uint8Array(4096);
let encodedView = new DataView(encoded.buffer);

const numberBits = new Float64Array(1);
const numberHalves = new Int32Array(numberBits.buffer);

/* eslint-disable no-bitwise -- a hash is made of bits */

/** Spreads the bits of a hash and puts its halves at `at`. */
function finishHash(high: number, low: number, into: Hashes, at: number): void {
  const one = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const other = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  into.high[at] = one ^ (one >>> 15);
  into.low[at] = other ^ (other >>> 14);
}

/** Hashes of cells, in two halves each. */
export interface Hashes {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/**
 * Hashes the bytes from `start` to `end` and puts the hash at `at`.
 *
 * @returns Whether all bytes are ASCII.
 */
export function hashBytes(
  view: DataView,
  { start, end }: { readonly start: number; readonly end: number },
  into: Hashes,
  at: number,
): boolean {
  let high = seedHigh;
  let low = seedLow;
  let place = start;
  let bits = 0;
  for (; place + 4 <= end; place += 4) {
    const word = view.getInt32(place, true);
    bits |= word;
    high = Math.imul(high ^ word, 2654435761);
    high ^= high >>> 15;
    low = Math.imul(low ^ word, 1597334677);
    low ^= low >>> 13;
  }
  let rest = 0;
  for (; place < end; place += 1) {
    rest = (rest << 8) | view.getUint8(place);
  }
  high = Math.imul(high ^ rest, 2654435761) ^ (end - start);
  low = Math.imul(low ^ rest, 1597334677);
  finishHash(high, low, into, at);
  return ((bits | rest) & 0x80808080) === 0;
}

/** The hash of one cell: that of a text is the one that `ColumnCells` finds in its bytes. It holds until the next look. */
export class CellHash {
  /** In two halves. Texts and typed values of one writing differ. */
  readonly high = new Int32Array(1);
  readonly low = new Int32Array(1);

  /** Looks at a cell; one without a value is `null`. */
  look(cell: Value | null): void {
    if (cell === null) {
      hashNothing(this, 0);
    } else if (typeof cell === "string") {
      this.#lookAtText(cell);
    } else if (typeof cell === "number") {
      numberBits[0] = cell + 0;
      const high = (numberHalves[0] ?? 0) ^ 0x2545f491;
      finishHash(high, Math.imul(numberHalves[1] ?? 0, 2654435761) ^ 3, this, 0);
    } else {
      this.#lookAtText(String(cell));
      finishHash((this.high[0] ?? 0) ^ 0x51ed270b, this.low[0] ?? 0, this, 0);
    }
  }

  #lookAtText(text: string): void {
    if (text.length * 3 > encoded.length) {
      encoded = new Uint8Array(text.length * 3);
      encodedView = new DataView(encoded.buffer);
    }
    hashBytes(encodedView, { start: 0, end: encode(text) }, this, 0);
  }
}

/** The hash of a cell without a value. */
export function hashNothing(into: Hashes, at: number): void {
  finishHash(1, 1, into, at);
}

/** Puts a text into `encoded` as UTF-8; returns its length in bytes. */
function encode(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) {
      return encoder.encodeInto(text, encoded).written;
    }
    encoded[at] = code;
  }
  return text.length;
}

/** Hashes of some rows, from those of their cells, which are added in the order of the columns. */
export class RowHashes {
  #high = new Int32Array(64);
  #low = new Int32Array(64);
  #rowCount = 0;

  /** Begins with other rows. */
  begin(rowCount: number): void {
    this.#rowCount = rowCount;
    if (rowCount > this.#high.length) {
      this.#high = new Int32Array(rowCount * 2);
      this.#low = new Int32Array(rowCount * 2);
    }
    this.#high.fill(0x9e3779b9, 0, rowCount);
    this.#low.fill(0x7f4a7c15, 0, rowCount);
  }

  /** Adds the hashes of the next cell of every row. */
  addColumn(cells: Hashes): void {
    const highs = this.#high;
    const lows = this.#low;
    for (let row = 0; row < this.#rowCount; row += 1) {
      const high = Math.imul((highs[row] ?? 0) ^ (cells.high[row] ?? 0), 2246822507);
      highs[row] = high ^ (high >>> 15);
      const low = Math.imul((lows[row] ?? 0) ^ (cells.low[row] ?? 0), 3266489909);
      lows[row] = low ^ (low >>> 13);
    }
  }

  /** Adds the hash of the next cell of the one row there is. */
  addCell({ high, low }: CellHash): void {
    const mixedHigh = Math.imul((this.#high[0] ?? 0) ^ (high[0] ?? 0), 2246822507);
    this.#high[0] = mixedHigh ^ (mixedHigh >>> 15);
    const mixedLow = Math.imul((this.#low[0] ?? 0) ^ (low[0] ?? 0), 3266489909);
    this.#low[0] = mixedLow ^ (mixedLow >>> 13);
  }

  /** Gives the hash of every row to a counter. */
  countIn(counter: { add(high: number, low: number): void }): void {
    for (let row = 0; row < this.#rowCount; row += 1) {
      counter.add(this.#high[row] ?? 0, this.#low[row] ?? 0);
    }
  }
}
