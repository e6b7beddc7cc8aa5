const wholeRange = 2 ** 32;
const mostKeys = 1_048_576;
const mostSamples = 4096;

/* eslint-disable no-bitwise -- hashes are made of bits */

/** What two sets have in common. */
export interface SharedKeys {
  /** Keys in both, scaled up where the sets are samples. */
  readonly count: number;
  /** Some shared key stands in several rows of this set, of the other. */
  readonly repeatedHere: boolean;
  readonly repeatedThere: boolean;
}

/**
 * The different keys of a column in bounded memory, by hash: exactly while there are at most 2^20 of them, then those
 * whose hash is below a threshold. Since all sets keep the lowest hashes, what two of them share can be told. The first
 * writing of some thousand keys is kept, the same keys in every set.
 */
export class KeySet {
  /** Halves of each hash, in turn; a pair of zeros is free. */
  #slots = new Int32Array(2048);
  #repeated = new Uint8Array(1024);
  #size = 0;
  #threshold = wholeRange;
  #sampleThreshold = wholeRange;
  #samples = new Map<string, { readonly high: number; readonly written: string }>();
  #high = 0;
  #low = 0;
  /** Some key came more than once. */
  repeats = false;
  /** Rows without a key. */
  missing = 0;

  /** Keys are sampled: counts are estimates. */
  get approximate(): boolean {
    return this.#threshold < wholeRange;
  }

  /** How many different keys there are. */
  get distinct(): number {
    return Math.round((this.#size * wholeRange) / this.#threshold);
  }

  /** The first writing of a sample of the keys. */
  get samples(): ReadonlyMap<string, { readonly written: string }> {
    return this.#samples;
  }

  /** Adds the key of one row. @param written how the file writes it */
  add(key: string, written: string): void {
    this.#hash(key);
    if (this.#high >>> 0 >= this.#threshold) {
      return;
    }
    const at = this.#find(this.#high, this.#low);
    if (this.#slots[at * 2] !== 0 || this.#slots[at * 2 + 1] !== 0) {
      this.#repeated[at] = 1;
      this.repeats = true;
      return;
    }
    this.#slots[at * 2] = this.#high;
    this.#slots[at * 2 + 1] = this.#low;
    this.#size += 1;
    this.#sample(key, written);
    if (this.#size * 4 > this.#slots.length) {
      this.#grow();
    }
  }

  has(key: string): boolean {
    this.#hash(key);
    const at = this.#find(this.#high, this.#low);
    return this.#slots[at * 2] !== 0 || this.#slots[at * 2 + 1] !== 0;
  }

  /** What this set and `other` have in common. */
  shared(other: KeySet): SharedKeys {
    const threshold = Math.min(this.#threshold, other.#threshold);
    let count = 0;
    let repeatedHere = false;
    let repeatedThere = false;
    for (let at = 0; at < this.#repeated.length; at += 1) {
      const high = this.#slots[at * 2] ?? 0;
      const low = this.#slots[at * 2 + 1] ?? 0;
      if ((high === 0 && low === 0) || high >>> 0 >= threshold) {
        continue;
      }
      const there = other.#find(high, low);
      if (other.#slots[there * 2] !== 0 || other.#slots[there * 2 + 1] !== 0) {
        count += 1;
        repeatedHere ||= this.#repeated[at] === 1;
        repeatedThere ||= other.#repeated[there] === 1;
      }
    }
    return { count: Math.round((count * wholeRange) / threshold), repeatedHere, repeatedThere };
  }

  /** The sampled keys of this set that `other` has too, and those it lacks, with their writing. */
  compareSamples(other: KeySet): { shared: { here: string; there: string }[]; missing: string[] } {
    const shared: { here: string; there: string }[] = [];
    const missing: string[] = [];
    for (const [key, { high, written }] of this.#samples) {
      const there = other.#samples.get(key);
      if (there !== undefined) {
        shared.push({ here: written, there: there.written });
      } else if (high >>> 0 < other.#threshold && !other.has(key)) {
        missing.push(written);
      }
    }
    return { shared, missing };
  }

  #sample(key: string, written: string): void {
    if (this.#high >>> 0 >= this.#sampleThreshold) {
      return;
    }
    this.#samples.set(key, { high: this.#high, written });
    if (this.#samples.size > mostSamples) {
      this.#sampleThreshold /= 2;
      for (const [other, { high }] of this.#samples) {
        if (high >>> 0 >= this.#sampleThreshold) {
          this.#samples.delete(other);
        }
      }
    }
  }

  #hash(text: string): void {
    let high = 0x9747b28c ^ text.length;
    let low = 0x3c6ef372;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    const one = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    const other = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    this.#high = one ^ (one >>> 15);
    this.#low = (other ^ (other >>> 14)) | 1;
  }

  /** The place of a hash, or the free place where it belongs. */
  #find(high: number, low: number): number {
    const mask = this.#repeated.length - 1;
    let at = (low >>> 1) & mask;
    for (;;) {
      const heldHigh = this.#slots[at * 2];
      const heldLow = this.#slots[at * 2 + 1];
      if ((heldHigh === high && heldLow === low) || (heldHigh === 0 && heldLow === 0)) {
        return at;
      }
      at = (at + 1) & mask;
    }
  }

  #grow(): void {
    const slots = this.#slots;
    const repeated = this.#repeated;
    if (this.#size >= mostKeys) {
      this.#threshold /= 2;
    } else {
      this.#slots = new Int32Array(slots.length * 2);
      this.#repeated = new Uint8Array(repeated.length * 2);
    }
    if (this.#slots === slots) {
      this.#slots = new Int32Array(slots.length);
      this.#repeated = new Uint8Array(repeated.length);
    }
    this.#size = 0;
    for (let at = 0; at < repeated.length; at += 1) {
      const high = slots[at * 2] ?? 0;
      const low = slots[at * 2 + 1] ?? 0;
      if ((high !== 0 || low !== 0) && high >>> 0 < this.#threshold) {
        const place = this.#find(high, low);
        this.#slots[place * 2] = high;
        this.#slots[place * 2 + 1] = low;
        this.#repeated[place] = repeated[at] ?? 0;
        this.#size += 1;
      }
    }
  }
}
