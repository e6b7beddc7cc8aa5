import type { NumberStyle, RawCell } from "../readers/table-source.ts";
import { CellHash } from "./cell-hash.ts";
import { cellLook, type ColumnCells } from "./column-cells.ts";
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

  /** Takes a cell, at which `hash` has just looked. */
  add(cell: RawCell | undefined, hash: CellHash): void {
    this.rows += 1;
    if (cell === null || cell === undefined || cell === "") {
      this.empty += 1;
      this.emptyTexts += cell === "" ? 1 : 0;
    } else {
      this.#addValue(cell, hash.high[0] ?? 0, hash.low[0] ?? 0);
    }
  }

  #addValue(cell: Value, high: number, low: number): void {
    const known = this.#counting ? this.#counter.count(high, low) : true;
    if (this.#direct !== null) {
      this.#direct.add(cell, 1);
      this.#distinct?.add(high, low);
    } else if (!known) {
      this.#insert(typeof cell === "string" ? ownCopy(cell) : cell, high, low);
    }
  }

  /** Takes cells of a text file. */
  addCells(cells: ColumnCells): void {
    this.rows += cells.rowCount;
    this.empty += cells.empty;
    this.emptyTexts += cells.emptyTexts;
    const from = this.#direct === null ? this.#countCells(cells) : 0;
    if (this.#direct !== null && from < cells.rowCount) {
      if (this.#counting) {
        this.#countKnown(cells, from);
      }
      this.#direct.addCells(cells, from);
      this.#distinct?.addCells(cells, from);
    }
  }

  /** Counts each cell by its value until there are too many values; returns the first row that is not counted. */
  #countCells(cells: ColumnCells): number {
    const { high, low, looks, rowCount } = cells;
    const counter = this.#counter;
    for (let row = 0; row < rowCount; row += 1) {
      const isValue = (looks[row] ?? 0) > cellLook.empty;
      if (isValue && !counter.count(high[row] ?? 0, low[row] ?? 0)) {
        this.#insert(cells.textAt(row), high[row] ?? 0, low[row] ?? 0);
        if (this.#direct !== null) {
          return row + 1;
        }
      }
    }
    return rowCount;
  }

  /** Counts the cells whose values were frequent when there were few. */
  #countKnown({ high, low, looks, rowCount }: ColumnCells, from: number): void {
    const counter = this.#counter;
    for (let row = from; row < rowCount; row += 1) {
      if ((looks[row] ?? 0) > cellLook.empty) {
        counter.count(high[row] ?? 0, low[row] ?? 0);
      }
    }
  }

  #insert(value: Value, high: number, low: number): void {
    this.#counter.insert(value, high, low);
    if (this.#counter.values.length > this.#limits.values) {
      this.#spill();
    }
  }

  /** How often a value came; `null` when it is no longer counted. */
  countOf(cell: Value): number | null {
    const hash = new CellHash();
    hash.look(cell);
    const index = this.#counter.find(hash.high[0] ?? 0, hash.low[0] ?? 0);
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
    this.#direct?.settle();
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
