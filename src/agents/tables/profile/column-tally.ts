import type { NumberStyle, RawCell } from "../readers/table-source.ts";
import { ColumnEvidence } from "./column-evidence.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { hashText } from "./hash-text.ts";

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
    hashes: Math.max(1024, Math.floor(524_288 / share)),
    numbers: Math.max(1024, Math.floor(200_000 / share)),
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
  readonly #counts = new Map<Value, number>();
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

  add(cell: RawCell | undefined): void {
    this.rows += 1;
    if (cell === null || cell === undefined || cell === "") {
      this.empty += 1;
      this.emptyTexts += cell === "" ? 1 : 0;
      return;
    }
    if (this.#counting) {
      const count = this.#counts.get(cell);
      if (count !== undefined) {
        this.#counts.set(cell, count + 1);
      } else if (this.#direct === null) {
        this.#counts.set(typeof cell === "string" ? ownCopy(cell) : cell, 1);
        if (this.#counts.size > this.#limits.values) {
          this.#spill();
        }
        return;
      }
    }
    if (this.#direct !== null) {
      this.#direct.add(cell, 1);
      this.#distinct?.add(hashText(String(cell)));
    }
  }

  /** How often a value came; `null` when it is no longer counted. */
  countOf(cell: Value): number | null {
    return this.#counting ? (this.#counts.get(cell) ?? (this.#direct === null ? 0 : null)) : null;
  }

  /** Every value with its frequency, or `null` when there are too many. */
  get values(): ReadonlyMap<Value, number> | null {
    return this.#direct === null ? this.#counts : null;
  }

  /** The most frequent values of those that are counted, most frequent first; ties in order of appearance. */
  top(limit: number, skip: (value: Value) => boolean): { value: Value; count: number }[] {
    const entries: { value: Value; count: number }[] = [];
    for (const [value, count] of this.#counts) {
      const least = entries.at(-1)?.count ?? 0;
      if ((entries.length < limit || count > least) && !skip(value)) {
        const place = entries.findIndex((entry) => entry.count < count);
        entries.splice(place < 0 ? entries.length : place, 0, { value, count });
        entries.length = Math.min(entries.length, limit);
      }
    }
    return entries;
  }

  /** What the cells so far are. The tally may go on afterwards. */
  evidence(): ColumnEvidence {
    return this.#direct ?? this.#fromCounts();
  }

  /** How many different values came, and whether that is an estimate. */
  distinct(): { count: number; approximate: boolean } {
    return this.#distinct === null
      ? { count: this.#counts.size, approximate: false }
      : { count: this.#distinct.distinct, approximate: this.#distinct.approximate };
  }

  #fromCounts(): ColumnEvidence {
    const evidence = new ColumnEvidence(this.#style, this.#typed, this.#limits.numbers);
    for (const [value, count] of this.#counts) {
      evidence.add(value, count);
    }
    return evidence;
  }

  /** Too many values to count each: their frequencies go into the evidence, later cells do so one by one. */
  #spill(): void {
    this.#direct = this.#fromCounts();
    this.#distinct = new DistinctCounter(this.#limits.hashes);
    let most = 0;
    for (const [value, count] of this.#counts) {
      this.#distinct.add(hashText(String(value)));
      most = Math.max(most, count);
    }
    this.#counting = most >= 5;
    if (!this.#counting) {
      this.#counts.clear();
    }
  }
}
