/** Values that came more often are kept once, with their frequency. */
const mostCopies = 64;

/** Sum, range and quantiles of numbers, in bounded memory. */
export class NumberSummary {
  count = 0;
  min = Infinity;
  max = -Infinity;
  /** Every number was larger than the one before it. */
  ascending = true;
  /** Every number was the one before it plus one. */
  running = true;
  #last = Number.NaN;
  #sum = 0;
  #lost = 0;
  /** What whole numbers lost when they became numbers of 53 bits. */
  #beyond = 0n;
  #values: Float64Array<ArrayBuffer> = new Float64Array(64);
  /** How often each value came; `null` while each is kept as often as it came. */
  #times: Float64Array<ArrayBuffer> | null = null;
  #kept = 0;
  /** The values kept are a random sample. */
  #sampled = false;
  /** The count at which the next number enters the sample. */
  #next = 0;
  #weight = 1;
  #seed = 0x2f6e2b1;
  readonly #limit: number;

  /** @param limit most numbers kept for the quantiles; beyond it, a random sample of half that size */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get approximate(): boolean {
    return this.#sampled;
  }

  /** Sum with the rounding errors given back (Neumaier). */
  get sum(): number {
    return this.#sum + this.#lost;
  }

  /** The sum of whole numbers to the last digit; `null` where one of the numbers was none. */
  get wholeSum(): bigint | null {
    return Number.isInteger(this.#sum) && Number.isInteger(this.#lost)
      ? BigInt(this.#sum) + BigInt(this.#lost) + this.#beyond
      : null;
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }

  /** Adds a whole number of any length. */
  addWhole(value: bigint, times: number): void {
    const rounded = Number(value);
    this.add(rounded, times);
    if (Number.isFinite(rounded)) {
      this.#beyond += (value - BigInt(rounded)) * BigInt(times);
    }
  }

  add(value: number, times: number): void {
    const addend = value * times;
    if (Math.abs(addend) > Number.MAX_SAFE_INTEGER) {
      this.#noteRounded(value, times, addend);
    }
    const next = this.#sum + addend;
    if (Number.isFinite(next)) {
      this.#lost += Math.abs(this.#sum) >= Math.abs(addend) ? this.#sum - next + addend : addend - next + this.#sum;
    }
    this.#sum = next;
    if (this.ascending && this.count > 0) {
      this.ascending = value > this.#last && times === 1;
      this.running &&= this.ascending && value === this.#last + 1;
    }
    this.#last = value;
    this.min = value < this.min ? value : this.min;
    this.max = value > this.max ? value : this.max;
    if (!this.#sampled && this.#kept === this.#limit) {
      this.#beginSample();
    }
    this.count += times;
    if (!this.#sampled) {
      this.#keep(value, times);
    } else if (this.count >= this.#next) {
      this.#replace(value);
    }
  }

  /** Keeps what a product of whole numbers lost. */
  #noteRounded(value: number, times: number, addend: number): void {
    if (Number.isInteger(value) && Number.isFinite(addend)) {
      this.#beyond += BigInt(value) * BigInt(times) - BigInt(addend);
    }
  }

  /** Adds the first `count` of some numbers, each once, in their order. */
  addAll(values: Float64Array, count: number): void {
    let sum = this.#sum;
    let lost = this.#lost;
    let last = this.#last;
    let { min, max, ascending, running } = this;
    for (let index = 0; index < count; index += 1) {
      const value = values[index] ?? 0;
      const next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
      sum = next;
      // Not so where there is none before: then `last` is no number.
      if (value <= last) {
        ascending = false;
      }
      running &&= value === last + 1 || Number.isNaN(last);
      last = value;
      min = value < min ? value : min;
      max = value > max ? value : max;
    }
    this.#lost = Number.isFinite(sum) ? lost : this.#lost;
    this.#sum = sum;
    this.#last = last;
    this.min = min;
    this.max = max;
    this.ascending = ascending;
    this.running = running && ascending;
    this.#draw(values, count);
  }

  /** Keeps numbers while they fit, then lets some of them into the sample. */
  #draw(values: Float64Array, count: number): void {
    let index = 0;
    for (; index < count && !this.#sampled; index += 1) {
      if (this.#kept === this.#limit) {
        this.#beginSample();
        break;
      }
      this.count += 1;
      this.#keep(values[index] ?? 0, 1);
    }
    const before = this.count - index;
    while (this.#sampled && this.#next <= before + count) {
      this.count = this.#next;
      this.#replace(values[this.#next - before - 1] ?? 0);
    }
    this.count = before + count;
  }

  #keep(value: number, times: number): void {
    if (this.#times === null && this.#kept + times <= this.#limit && times <= mostCopies) {
      this.#reserve(times);
      this.#values.fill(value, this.#kept, this.#kept + times);
      this.#kept += times;
      return;
    }
    this.#times ??= new Float64Array(this.#values.length).fill(1);
    this.#reserve(1);
    this.#values[this.#kept] = value;
    this.#times[this.#kept] = times;
    this.#kept += 1;
  }

  /** Makes room for `more` values. */
  #reserve(more: number): void {
    if (this.#kept + more > this.#values.length) {
      const size = Math.min(this.#limit, Math.max(this.#kept + more, this.#kept * 4));
      this.#values = enlarged(this.#values, size);
      this.#times = this.#times === null ? null : enlarged(this.#times, size);
    }
  }

  /** Takes a sample of all so far, and draws when the next number enters it (Li's algorithm L). */
  #beginSample(): void {
    const size = Math.max(1, Math.floor(this.#limit / 2));
    const number = this.#places();
    const step = this.count / size;
    this.#values = Float64Array.from({ length: size }, (_, index) => number(Math.floor((index + 0.5) * step)));
    this.#times = null;
    this.#kept = size;
    this.#sampled = true;
    this.#next = this.count;
    this.#weight = size / this.count;
    this.#drawNext();
  }

  #replace(value: number): void {
    while (this.count >= this.#next) {
      this.#values[Math.floor(this.#random() * this.#kept)] = value;
      this.#drawNext();
    }
  }

  #drawNext(): void {
    this.#weight *= Math.exp(Math.log(this.#random()) / this.#kept);
    this.#next += Math.floor(Math.log(this.#random()) / Math.log1p(-this.#weight)) + 1;
  }

  /** Even numbers between 0 and 1 from a fixed seed, so that one file gives one profile (Lehmer). */
  #random(): number {
    this.#seed = (this.#seed * 48271) % 2147483647;
    return this.#seed / 2147483647;
  }

  /** The number at each place in the order of all, each as often as it came. */
  #places(): (place: number) => number {
    if (this.#times === null) {
      const sorted = this.#values.slice(0, this.#kept).toSorted();
      return (place) => sorted[place] ?? 0;
    }
    const values = this.#values;
    const order = Uint32Array.from({ length: this.#kept }, (_, index) => index);
    order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    let passed = 0;
    const upTo = Float64Array.from(order, (index) => (passed += this.#times?.[index] ?? 1));
    return (place) => values[order[firstAbove(upTo, place)] ?? 0] ?? 0;
  }

  /** 25th, 50th and 75th percentile, interpolated as pandas does. */
  quartiles(): [number, number, number] | null {
    if (this.#kept === 0) {
      return null;
    }
    const number = this.#places();
    const last = (this.#sampled ? this.#kept : this.count) - 1;
    const at = (share: number): number => {
      const position = last * share;
      const below = number(Math.floor(position));
      const above = number(Math.ceil(position));
      return below === above ? below : below + (above - below) * (position - Math.floor(position));
    };
    return [at(0.25), at(0.5), at(0.75)];
  }
}

/** The index of the first of ascending numbers that is above `place`. */
function firstAbove(ascending: Float64Array, place: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ascending[middle] ?? 0) > place) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function enlarged(values: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size);
  larger.set(values);
  return larger;
}
