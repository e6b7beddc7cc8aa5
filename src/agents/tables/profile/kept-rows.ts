import { cellOfBlock, copyOfBlock, type CellBlock } from "../readers/cell-block.ts";
import type { NumberStyle, RawCell, RawRow } from "../readers/table-source.ts";
import { cellLook, ColumnCells } from "./column-cells.ts";
import { numberOf } from "./find-footer.ts";
import { ValueCounter } from "./value-counter.ts";

/** Memory for kept text, in bytes. */
const mostBytes = 32 * 1024 * 1024;

type Part = { readonly rows: RawRow[] } | { readonly block: CellBlock };

/** Texts of cells, one for all cells that are the same. */
class SharedTexts {
  readonly #known = new ValueCounter();

  cellAt(cells: ColumnCells, row: number): RawCell | undefined {
    const look = cells.looks[row] ?? cellLook.absent;
    if (look === cellLook.absent || look === cellLook.empty) {
      return look === cellLook.absent ? undefined : "";
    }
    const high = cells.high[row] ?? 0;
    const low = cells.low[row] ?? 0;
    const index = this.#known.find(high, low);
    if (index >= 0) {
      return this.#known.values[index];
    }
    const text = cells.textAt(row);
    this.#known.insert(text, high, low);
    return text;
  }
}

/** The first rows of a table, as many as fit, in the form in which they came. */
export class KeptRows {
  readonly #parts: Part[] = [];
  readonly #mostRows: number;
  #length = 0;
  #bytes = 0;

  readonly #cells: ColumnCells;

  /** @param mostRows how many rows are kept at most */
  constructor(mostRows: number, style: NumberStyle) {
    this.#mostRows = mostRows;
    this.#cells = new ColumnCells(style);
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
    const texts = new SharedTexts();
    for (const part of this.#parts) {
      if ("rows" in part) {
        part.rows.forEach((row) => cells.push(row[index]));
        continue;
      }
      this.#cells.look(part.block, index, part.block.rowCount);
      for (let row = 0; row < part.block.rowCount; row += 1) {
        cells.push(texts.cellAt(this.#cells, row));
      }
    }
    return cells;
  }

  /** The numbers of a column, however they are written; `NaN` where there is none. */
  numbers(index: number, style: NumberStyle): Float64Array {
    const found = new Float64Array(this.#length);
    let at = 0;
    const add = (number: number | null): void => {
      found[at] = number === null || !Number.isFinite(number) ? Number.NaN : number;
      at += 1;
    };
    for (const part of this.#parts) {
      if ("rows" in part) {
        part.rows.forEach((row) => add(numberOf(row[index], style)));
        continue;
      }
      this.#cells.look(part.block, index, part.block.rowCount);
      for (let row = 0; row < part.block.rowCount; row += 1) {
        const plain = (this.#cells.looks[row] ?? 0) > cellLook.other;
        add(plain ? (this.#cells.numbers[row] ?? 0) : numberOf(cellOfBlock(part.block, row, index), style));
      }
    }
    return found;
  }
}
