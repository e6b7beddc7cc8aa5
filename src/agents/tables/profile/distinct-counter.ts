import { cellLook, type ColumnCells } from "./column-cells.ts";

const wholeRange = 2 ** 32;
/** A sample holds an eighth to a quarter of the hashes that are counted exactly. */
const firstShare = 8;
const sampleShare = 4;

/* eslint-disable no-bitwise -- hashes are made of bits */

/**
 * Counts different hashes in bounded memory: exactly while they fit, then by keeping only those below a threshold that
 * falls whenever the table is full (adaptive sampling, Flajolet 1990), with an error near `3 / sqrt(limit)`: a sample
 * that stays in the processor's memory is worth more than the last digits of an estimate.
 */
export class DistinctCounter {
  /** Pairs of halves; a pair of zeros is free. */
  #slots = new Int32Array(2048);
  #size = 0;
  #threshold = wholeRange;
  /** Additions below the threshold whose hash was already there. */
  #repeats = 0;
  readonly #limit: number;
  #mostKept: number;

  /** @param limit most hashes kept; 16 to 32 bytes each */
  constructor(limit: number) {
    this.#limit = limit;
    this.#mostKept = limit;
  }

  get approximate(): boolean {
    return this.#threshold < wholeRange;
  }

  /** How many different hashes were added. */
  get distinct(): number {
    return Math.round((this.#size * wholeRange) / this.#threshold);
  }

  /** How many additions repeated an earlier one. */
  get repeats(): number {
    return Math.round((this.#repeats * wholeRange) / this.#threshold);
  }

  /** Adds a hash of 64 evenly spread bits. */
  add(high: number, low: number): void {
    if (high >>> 0 >= this.#threshold) {
      return;
    }
    if (!this.#insert(high, high === 0 && low === 0 ? 1 : low)) {
      this.#repeats += 1;
      return;
    }
    this.#size += 1;
    if (this.#size * 4 > this.#slots.length) {
      this.#grow();
    }
  }

  /** Adds the hashes of cells that have a value, from row `from` on. */
  addCells({ high, low, looks, rowCount }: ColumnCells, from: number): void {
    for (let row = from; row < rowCount; row += 1) {
      const half = high[row] ?? 0;
      if ((looks[row] ?? 0) > cellLook.empty && half >>> 0 < this.#threshold) {
        this.add(half, low[row] ?? 0);
      }
    }
  }

  #insert(high: number, low: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = (low << 1) & mask;
    for (;;) {
      const heldHigh = slots[at];
      const heldLow = slots[at + 1];
      if (heldHigh === 0 && heldLow === 0) {
        slots[at] = high;
        slots[at + 1] = low;
        return true;
      }
      if (heldHigh === high && heldLow === low) {
        return false;
      }
      at = (at + 2) & mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    if (this.#size >= this.#mostKept) {
      const share = this.approximate ? 2 : firstShare;
      this.#threshold /= share;
      this.#repeats = Math.round(this.#repeats / share);
      this.#mostKept = Math.max(16, Math.floor(this.#limit / sampleShare));
      this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(this.#mostKept * 4)));
    } else {
      this.#slots = new Int32Array(old.length * 2);
    }
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if ((high !== 0 || low !== 0) && high >>> 0 < this.#threshold) {
        this.#insert(high, low);
        this.#size += 1;
      }
    }
  }
}
