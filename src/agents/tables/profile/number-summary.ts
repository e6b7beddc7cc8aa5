/** Sum, range and quantiles of numbers, in bounded memory. */
export class NumberSummary {
  count = 0;
  min = Infinity;
  max = -Infinity;
  #sum = 0;
  #lost = 0;
  #values = new Float64Array(64);
  #kept = 0;
  #seed = 0x2f6e2b1;
  readonly #limit: number;

  /** @param limit most numbers kept for the quantiles; beyond it, a random sample of that size */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get approximate(): boolean {
    return this.count > this.#kept;
  }

  /** Sum with the rounding errors given back (Neumaier). */
  get sum(): number {
    return this.#sum + this.#lost;
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }

  add(value: number, times: number): void {
    const addend = value * times;
    const next = this.#sum + addend;
    if (Number.isFinite(next)) {
      this.#lost += Math.abs(this.#sum) >= Math.abs(addend) ? this.#sum - next + addend : addend - next + this.#sum;
    }
    this.#sum = next;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    for (let time = 0; time < times; time += 1) {
      this.count += 1;
      this.#keep(value);
    }
  }

  #keep(value: number): void {
    if (this.#kept < this.#limit) {
      if (this.#kept === this.#values.length) {
        const larger = new Float64Array(Math.min(this.#limit, this.#kept * 4));
        larger.set(this.#values);
        this.#values = larger;
      }
      this.#values[this.#kept] = value;
      this.#kept += 1;
      return;
    }
    const place = Math.floor(this.#random() * this.count);
    if (place < this.#limit) {
      this.#values[place] = value;
    }
  }

  /** Even numbers from a fixed seed, so that one file gives one profile (Lehmer). */
  #random(): number {
    this.#seed = (this.#seed * 48271) % 2147483647;
    return this.#seed / 2147483647;
  }

  /** 25th, 50th and 75th percentile, interpolated as pandas does. */
  quartiles(): [number, number, number] | null {
    if (this.#kept === 0) {
      return null;
    }
    const sorted = this.#values.slice(0, this.#kept).toSorted();
    const at = (share: number): number => {
      const position = (sorted.length - 1) * share;
      const below = sorted[Math.floor(position)] ?? 0;
      const above = sorted[Math.ceil(position)] ?? below;
      return below + (above - below) * (position - Math.floor(position));
    };
    return [at(0.25), at(0.5), at(0.75)];
  }
}
