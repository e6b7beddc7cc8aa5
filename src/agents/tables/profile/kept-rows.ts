import { cellOfBlock, copyOfBlock, type CellBlock } from "../readers/cell-block.ts";
import type { RawCell, RawRow } from "../readers/table-source.ts";

/** Memory for kept text, in bytes. */
const mostBytes = 32 * 1024 * 1024;

type Part = { readonly rows: RawRow[] } | { readonly block: CellBlock };

/** The first rows of a table, as many as fit, in the form in which they came. */
export class KeptRows {
  readonly #parts: Part[] = [];
  readonly #mostRows: number;
  #length = 0;
  #bytes = 0;

  /** @param mostRows how many rows are kept at most */
  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  /** How many rows are kept. */
  get length(): number {
    return this.#length;
  }

  /** Room for so many more rows. */
  get #room(): number {
    return this.#bytes < mostBytes ? Math.max(0, this.#mostRows - this.#length) : 0;
  }

  /** Keeps a row, unless there are enough. */
  add(row: RawRow): void {
    if (this.#room === 0) {
      return;
    }
    const last = this.#parts.at(-1);
    if (last !== undefined && "rows" in last) {
      last.rows.push(row);
    } else {
      this.#parts.push({ rows: [row] });
    }
    this.#length += 1;
  }

  /** Keeps the first rows of a block, as many as fit. */
  addBlock(block: CellBlock, rowCount: number): void {
    const count = Math.min(rowCount, this.#room);
    if (count > 0) {
      const copy = copyOfBlock(block, count);
      this.#parts.push({ block: copy });
      this.#length += count;
      this.#bytes += copy.bytes.length;
    }
  }

  /** The cells of a column, in the order of the rows. */
  column(index: number): (RawCell | undefined)[] {
    const cells: (RawCell | undefined)[] = [];
    for (const part of this.#parts) {
      if ("rows" in part) {
        part.rows.forEach((row) => cells.push(row[index]));
        continue;
      }
      for (let row = 0; row < part.block.rowCount; row += 1) {
        cells.push(cellOfBlock(part.block, row, index));
      }
    }
    return cells;
  }
}
