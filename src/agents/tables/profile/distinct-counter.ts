const largestHash = 2 ** 53;

/**
 * Counts different hashes in bounded memory: exactly while they fit, then by keeping only those below a threshold that
 * halves whenever the table is full (adaptive sampling, Flajolet 1990), with an error near `1.2 / sqrt(limit)`.
 */
export class DistinctCounter {
  #slots = new Float64Array(1024);
  #size = 0;
  #threshold = largestHash;
  /** Additions below the threshold whose hash was already there. */
  #repeats = 0;
  readonly #limit: number;

  /** @param limit most hashes kept; 8 to 16 bytes each */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get approximate(): boolean {
    return this.#threshold < largestHash;
  }

  /** How many different hashes were added. */
  get distinct(): number {
    return Math.round((this.#size * largestHash) / this.#threshold);
  }

  /** How many additions repeated an earlier one. */
  get repeats(): number {
    return Math.round((this.#repeats * largestHash) / this.#threshold);
  }

  /** @param hash an integer from 1 to 2^53 - 1 */
  add(hash: number): void {
    if (hash >= this.#threshold) {
      return;
    }
    if (!this.#insert(hash)) {
      this.#repeats += 1;
      return;
    }
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) {
      this.#grow();
    }
  }

  #insert(hash: number): boolean {
    const mask = this.#slots.length - 1;
    let at = hash % this.#slots.length;
    for (;;) {
      const held = this.#slots[at];
      if (held === 0 || held === undefined) {
        this.#slots[at] = hash;
        return true;
      }
      if (held === hash) {
        return false;
      }
      at = at === mask ? 0 : at + 1;
    }
  }

  #grow(): void {
    const old = this.#slots;
    if (this.#size >= this.#limit) {
      this.#threshold /= 2;
      this.#repeats = Math.round(this.#repeats / 2);
      this.#slots = new Float64Array(old.length);
    } else {
      this.#slots = new Float64Array(old.length * 2);
    }
    this.#size = 0;
    for (const hash of old) {
      if (hash !== 0 && hash < this.#threshold) {
        this.#insert(hash);
        this.#size += 1;
      }
    }
  }
}
