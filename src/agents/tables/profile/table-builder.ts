import type { TableCell } from "../../protocol/cell-output.ts";
import type { RawRow, TableSource } from "../readers/table-source.ts";
import { CellScan, RowHash } from "./cell-scan.ts";
import { readColumn, presentCell, type ColumnReading } from "./column-reading.ts";
import { ColumnTally, limitsFor } from "./column-tally.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { findFooter, longestFooter, type Footer } from "./find-footer.ts";

/** Cells of the first rows that are kept to look for totals in. */
const keptCells = 1_500_000;

/** What all rows of a table say. */
export interface BuiltTable {
  readonly rowCount: number;
  readonly columns: readonly ColumnReading[];
  readonly duplicateRows: number;
  readonly rows: readonly (readonly TableCell[])[];
  readonly footer: Footer;
  /** The first rows, as many as could be kept: all of them unless the table is very large. */
  readonly kept: readonly RawRow[];
}

const noFooter: Footer = { rows: 0, total: null, disagreements: [], doubtful: null };

/** Takes the rows of a table in their order and describes them. */
export class TableBuilder {
  #rowCount = 0;
  readonly #source: TableSource;
  readonly #sampleRows: number;
  readonly #tallies: readonly ColumnTally[];
  readonly #first: RawRow[] = [];
  readonly #kept: RawRow[] = [];
  #held: RawRow[] = [];
  readonly #scan: CellScan;
  readonly #rowHash = new RowHash();
  readonly #rowHashes = new DistinctCounter(2_097_152);

  constructor(source: TableSource, sampleRows: number) {
    this.#source = source;
    this.#sampleRows = sampleRows;
    this.#scan = new CellScan(source.style);
    const limits = limitsFor(source.names.length);
    this.#tallies = source.names.map(() => new ColumnTally(source.style, source.cells === "typed", limits));
  }

  /** Takes the next rows. */
  add(rows: readonly RawRow[]): void {
    const all = this.#held.length === 0 ? rows : [...this.#held, ...rows];
    const certain = Math.max(0, all.length - longestFooter);
    for (let index = 0; index < certain; index += 1) {
      this.#take(all[index] ?? []);
    }
    this.#held = all.slice(certain);
  }

  #take(row: RawRow): void {
    this.#rowCount += 1;
    const tallies = this.#tallies;
    const scan = this.#scan;
    const hash = this.#rowHash;
    hash.begin();
    for (let column = 0; column < tallies.length; column += 1) {
      const cell = row[column];
      if (cell === null || cell === undefined || cell === "") {
        scan.lookAtNothing();
      } else {
        scan.look(cell);
      }
      tallies[column]?.add(cell, scan);
      hash.add(scan);
    }
    this.#rowHashes.add(hash.high, hash.low);
    if (this.#first.length < this.#sampleRows) {
      this.#first.push(row);
    }
    if (this.#kept.length * tallies.length < keptCells) {
      this.#kept.push(row);
    }
  }

  /** What the rows so far say; more may follow. The last few rows are held back. */
  snapshot(): BuiltTable {
    return this.#build(noFooter);
  }

  /** What all rows say. Nothing may follow. */
  finish(): BuiltTable {
    const footer = findFooter(this.#held, {
      names: this.#source.names,
      style: this.#source.style,
      rowCount: this.#rowCount,
      sumOf: (column) => this.#tallies[column]?.evidence().numbers.sum ?? null,
      countOf: (column, label) => this.#tallies[column]?.countOf(label) ?? null,
    });
    const rows = this.#held.slice(0, this.#held.length - footer.rows);
    this.#held = [];
    for (const row of rows) {
      this.#take(row);
    }
    return this.#build(footer);
  }

  #build(footer: Footer): BuiltTable {
    const { style, names } = this.#source;
    const columns = this.#tallies.map((tally, index) => readColumn(names[index] ?? "", tally, style));
    const readings = columns.map(({ decided, missing }) => ({ decided, missing, style }));
    const sample =
      this.#first.length === 0 && this.#rowCount === 0 ? this.#held.slice(0, this.#sampleRows) : this.#first;
    return {
      rowCount: this.#rowCount,
      columns,
      duplicateRows: this.#rowHashes.repeats,
      rows: sample.map((row) => readings.map((reading, column) => presentCell(row[column], reading))),
      footer,
      kept: this.#kept,
    };
  }
}
