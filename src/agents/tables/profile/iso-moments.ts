/** ISO dates of one shape, counted, with the first and the last of them. */
export class IsoMoments {
  readonly #mark: string;
  #count = 0;
  #first = Infinity;
  #last = -Infinity;

  /** @param mark between date and time; empty for dates alone */
  constructor(mark: string) {
    this.#mark = mark;
  }

  /** @param moment as digits: 20240131, or 20240131235959 with a time */
  add(moment: number): void {
    this.#count += 1;
    this.#first = moment < this.#first ? moment : this.#first;
    this.#last = moment > this.#last ? moment : this.#last;
  }

  /** What came since it was last taken, the dates as they are written. */
  take(): { readonly count: number; readonly first: string; readonly last: string } {
    const taken = { count: this.#count, first: this.#write(this.#first), last: this.#write(this.#last) };
    this.#count = 0;
    this.#first = Infinity;
    this.#last = -Infinity;
    return taken;
  }

  #write(moment: number): string {
    const digits = String(moment).padStart(this.#mark === "" ? 8 : 14, "0");
    const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
    const time = `${digits.slice(8, 10)}:${digits.slice(10, 12)}:${digits.slice(12, 14)}`;
    return this.#mark === "" ? day : `${day}${this.#mark}${time}`;
  }
}
