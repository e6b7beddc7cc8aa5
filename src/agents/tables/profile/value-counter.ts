type Value = string | number | boolean | bigint;

/* eslint-disable no-bitwise -- hashes are made of bits */

/** Counts values by their hash: quicker than a map of texts that were just cut from a file. */
export class ValueCounter {
  /** The values, in order of appearance. */
  readonly values: Value[] = [];
  /** How often each came. */
  readonly counts: number[] = [];
  /** Halves of the hash of each value, in turn. */
  hashes = new Int32Array(64);
  /** Index of a value plus one; 0 is free. */
  #slots = new Int32Array(64);

  /** The index of the value with this hash, or -1. */
  find(high: number, low: number): number {
    const mask = this.#slots.length - 1;
    let at = low & mask;
    for (;;) {
      const index = (this.#slots[at] ?? 0) - 1;
      if (index < 0 || (this.hashes[index * 2] === high && this.hashes[index * 2 + 1] === low)) {
        return index;
      }
      at = (at + 1) & mask;
    }
  }

  /** Counts the value with this hash once more; `false` where it is not there. */
  count(high: number, low: number): boolean {
    const index = this.find(high, low);
    if (index < 0) {
      return false;
    }
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    return true;
  }

  /** Takes a value that is not there yet. */
  insert(value: Value, high: number, low: number): void {
    const index = this.values.length;
    if ((index + 1) * 2 > this.#slots.length) {
      this.#grow();
    }
    this.values.push(value);
    this.counts.push(1);
    this.hashes[index * 2] = high;
    this.hashes[index * 2 + 1] = low;
    this.#place(index);
  }

  #grow(): void {
    const { hashes } = this;
    this.hashes = new Int32Array(hashes.length * 2);
    this.hashes.set(hashes);
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.values.forEach((_, index) => this.#place(index));
  }

  /** Forgets everything. */
  clear(): void {
    this.values.length = 0;
    this.counts.length = 0;
    this.hashes = new Int32Array(64);
    this.#slots = new Int32Array(64);
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let at = (this.hashes[index * 2 + 1] ?? 0) & mask;
    while (this.#slots[at] !== 0) {
      at = (at + 1) & mask;
    }
    this.#slots[at] = index + 1;
  }
}
