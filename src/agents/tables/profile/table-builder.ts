import type { TableCell } from "../../protocol/cell-output.ts";
import { rowOfBlock, type CellBlock } from "../readers/cell-block.ts";
import type { BlockBatch, RawRow, RowBatch, TableSource } from "../readers/table-source.ts";
import { CellHash, RowHashes } from "./cell-hash.ts";
import { ColumnCells } from "./column-cells.ts";
import { readColumn, presentCell, type ColumnReading } from "./column-reading.ts";
import { ColumnTally, limitsFor } from "./column-tally.ts";
import { DistinctCounter } from "./distinct-counter.ts";
import { findFooter, longestFooter, type Footer } from "./find-footer.ts";
import { KeptRows } from "./kept-rows.ts";

/** Cells of the first rows that are kept to look for totals in. */
const keptCells = 1_500_000;

/** What all rows of a table say. */
export interface BuiltTable {
  readonly rowCount: number;
  readonly columns: readonly ColumnReading[];
  readonly duplicateRows: number;
  /** There are too many different rows to count repeated ones exactly. */
  readonly duplicateRowsEstimated: boolean;
  readonly rows: readonly (readonly TableCell[])[];
  readonly footer: Footer;
  /** The first rows, as many as could be kept: all of them unless the table is very large. */
  readonly kept: KeptRows;
}

const noFooter: Footer = { rows: 0, total: null, disagreements: [], doubtful: null };

/** Takes the rows of a table in their order and describes them. */
export class TableBuilder {
  #rowCount = 0;
  readonly #source: TableSource;
  readonly #sampleRows: number;
  readonly #tallies: readonly ColumnTally[];
  readonly #first: RawRow[] = [];
  readonly #kept: KeptRows;
  #held: RawRow[] = [];
  readonly #cells: ColumnCells;
  readonly #cellHash = new CellHash();
  readonly #rowHashes = new RowHashes();
  readonly #rowCounter = new DistinctCounter(2_097_152);

  constructor(source: TableSource, sampleRows: number) {
    this.#source = source;
    this.#sampleRows = sampleRows;
    this.#kept = new KeptRows(Math.ceil(keptCells / Math.max(1, source.names.length)), source.style);
    this.#cells = new ColumnCells(source.style);
    const limits = limitsFor(source.names.length);
    this.#tallies = source.names.map(() => new ColumnTally(source.style, source.cells === "typed", limits));
  }

  /** Takes the next rows. */
  add(batch: RowBatch | BlockBatch): void {
    if ("rows" in batch) {
      this.#addRows(batch.rows);
    } else {
      this.#addBlock(batch.block);
    }
  }

  #addRows(rows: readonly RawRow[]): void {
    const all = this.#held.length === 0 ? rows : [...this.#held, ...rows];
    const certain = Math.max(0, all.length - longestFooter);
    for (let index = 0; index < certain; index += 1) {
      this.#take(all[index] ?? []);
    }
    this.#held = all.slice(certain);
  }

  /** Takes a block but for its last rows, which are held back as rows that may be footer. */
  #addBlock(block: CellBlock): void {
    const certain = Math.max(0, block.rowCount - longestFooter);
    const last = Array.from({ length: block.rowCount - certain }, (_, index) => rowOfBlock(block, certain + index));
    if (certain === 0) {
      this.#addRows(last);
      return;
    }
    for (const row of this.#held) {
      this.#take(row);
    }
    this.#held = last;
    for (let row = 0; row < certain && this.#first.length < this.#sampleRows; row += 1) {
      this.#first.push(rowOfBlock(block, row));
    }
    this.#rowHashes.begin(certain);
    this.#tallies.forEach((tally, column) => {
      this.#cells.look(block, column, certain);
      tally.addCells(this.#cells);
      this.#rowHashes.addColumn(this.#cells);
    });
    this.#rowHashes.countIn(this.#rowCounter);
    this.#kept.addBlock(block, certain);
    this.#rowCount += certain;
  }

  #take(row: RawRow): void {
    this.#rowCount += 1;
    const tallies = this.#tallies;
    const hash = this.#cellHash;
    this.#rowHashes.begin(1);
    for (let column = 0; column < tallies.length; column += 1) {
      const cell = row[column];
      hash.look(cell === undefined || cell === "" ? null : cell);
      tallies[column]?.add(cell, hash);
      this.#rowHashes.addCell(hash);
    }
    this.#rowHashes.countIn(this.#rowCounter);
    if (this.#first.length < this.#sampleRows) {
      this.#first.push(row);
    }
    this.#kept.add(row);
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
      duplicateRows: this.#rowCounter.repeats,
      duplicateRowsEstimated: this.#rowCounter.approximate,
      rows: sample.map((row) => readings.map((reading, column) => presentCell(row[column], reading))),
      footer,
      kept: this.#kept,
    };
  }
}
