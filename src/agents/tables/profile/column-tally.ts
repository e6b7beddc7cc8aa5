import type { NumberStyle, RawCell } from "../readers/table-source.ts";
import { CellScan } from "./cell-scan.ts";
import { ColumnEvidence } from "./column-evidence.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { ValueCounter } from "./value-counter.ts";

type Value = string | number | boolean | bigint;

/** Limits of memory for one column, shared out by the number of columns. */
export interface TallyLimits {
  /** Different values whose frequency is counted. */
  readonly values: number;
  /** Hashes kept for the count of different values. */
  readonly hashes: number;
  /** Numbers kept for the quantiles. */
  readonly numbers: number;
}

/** What a table of `columns` columns may keep. */
export function limitsFor(columns: number): TallyLimits {
  const share = Math.max(1, columns / 12);
  return {
    values: Math.max(200, Math.floor(20_000 / share)),
    hashes: Math.max(1024, Math.floor(131_072 / share)),
    numbers: Math.max(1024, Math.floor(100_000 / share)),
  };
}

/** A copy that does not keep the piece of file alive from which it was cut. */
function ownCopy(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, "utf16le").toString("utf16le");
}

/** Takes the cells of a column as they come: counts by value while they are few, by kind when they are many. */
export class ColumnTally {
  /** Cells that were absent or empty. */
  empty = 0;
  rows = 0;
  /** Empty cells that are text of no length, not absent. */
  emptyTexts = 0;
  readonly #counter = new ValueCounter();
  #direct: ColumnEvidence | null = null;
  #distinct: DistinctCounter | null = null;
  #counting = true;
  readonly #style: NumberStyle;
  readonly #typed: boolean;
  readonly #limits: TallyLimits;

  constructor(style: NumberStyle, typed: boolean, limits: TallyLimits) {
    this.#style = style;
    this.#typed = typed;
    this.#limits = limits;
  }

  /** Takes a cell, at which `scan` has just looked. */
  add(cell: RawCell | undefined, scan: CellScan): void {
    this.rows += 1;
    if (cell === null || cell === undefined || cell === "") {
      this.empty += 1;
      this.emptyTexts += cell === "" ? 1 : 0;
      return;
    }
    if (this.#counting) {
      const index = this.#counter.find(scan.high, scan.low);
      if (index >= 0) {
        this.#counter.counts[index] = (this.#counter.counts[index] ?? 0) + 1;
      } else if (this.#direct === null) {
        this.#counter.insert(typeof cell === "string" ? ownCopy(cell) : cell, scan.high, scan.low);
        if (this.#counter.values.length > this.#limits.values) {
          this.#spill();
        }
        return;
      }
    }
    if (this.#direct !== null) {
      this.#direct.addScanned(cell, scan);
      this.#distinct?.add(scan.high, scan.low);
    }
  }

  /** How often a value came; `null` when it is no longer counted. */
  countOf(cell: Value): number | null {
    const scan = new CellScan(this.#style);
    scan.look(cell);
    const index = this.#counter.find(scan.high, scan.low);
    return this.#counting ? (this.#counter.counts[index] ?? (this.#direct === null ? 0 : null)) : null;
  }

  /** Every value, or `null` when there are too many. */
  get values(): readonly Value[] | null {
    return this.#direct === null ? this.#counter.values : null;
  }

  /** The most frequent values of those that are counted, most frequent first; ties in order of appearance. */
  top(limit: number, skip: (value: Value) => boolean): { value: Value; count: number }[] {
    const entries: { value: Value; count: number }[] = [];
    this.#counter.values.forEach((value, index) => {
      const count = this.#counter.counts[index] ?? 0;
      const least = entries.at(-1)?.count ?? 0;
      if ((entries.length < limit || count > least) && !skip(value)) {
        const place = entries.findIndex((entry) => entry.count < count);
        entries.splice(place < 0 ? entries.length : place, 0, { value, count });
        entries.length = Math.min(entries.length, limit);
      }
    });
    return entries;
  }

  /** What the cells so far are. The tally may go on afterwards. */
  evidence(): ColumnEvidence {
    return this.#direct ?? this.#fromCounts();
  }

  /** How many different values came, and whether that is an estimate. */
  distinct(): { count: number; approximate: boolean } {
    if (this.#direct?.numbers.ascending === true && this.#direct.numbers.count === this.rows - this.empty) {
      return { count: this.rows - this.empty, approximate: false };
    }
    return this.#distinct === null
      ? { count: this.#counter.values.length, approximate: false }
      : { count: this.#distinct.distinct, approximate: this.#distinct.approximate };
  }

  #fromCounts(): ColumnEvidence {
    const evidence = new ColumnEvidence(this.#style, this.#typed, this.#limits.numbers);
    const { values, counts } = this.#counter;
    values.forEach((value, index) => evidence.add(value, counts[index] ?? 0));
    return evidence;
  }

  /** Too many values to count each: their frequencies go into the evidence, later cells do so one by one. */
  #spill(): void {
    this.#direct = this.#fromCounts();
    this.#distinct = new DistinctCounter(this.#limits.hashes);
    const { counts, hashes } = this.#counter;
    let most = 0;
    counts.forEach((count, index) => {
      this.#distinct?.add(hashes[index * 2] ?? 0, hashes[index * 2 + 1] ?? 0);
      most = Math.max(most, count);
    });
    this.#counting = most >= 5;
    if (!this.#counting) {
      this.#counter.clear();
    }
  }
}
