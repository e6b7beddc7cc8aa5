import { absentCell, blockText, textOfBytes, type BlockText, type CellBlock } from "../readers/cell-block.ts";
import type { NumberStyle } from "../readers/table-source.ts";
import { hashBytes, hashNothing } from "./cell-hash.ts";

/** What a cell was found to be at the first look. */
export const cellLook = { absent: 0, empty: 1, other: 2, integer: 3, decimal: 4 } as const;

const powers: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** Digits that a double holds for sure. */
const exactDigits = 15;
/** Sign, digits and decimal mark of the longest number that is read at once. */
const longestNumber = exactDigits + 2;

/**
 * One look at all cells of a column in a block: their hashes, and their numbers where they are written plainly, as
 * of at most 15 digits, without leading zeros. Side by side in arrays, since there may be hundreds of millions; one is
 * used for all columns.
 */
export class ColumnCells {
  rowCount = 0;
  empty = 0;
  /** Empty cells that are there. */
  emptyTexts = 0;
  /** Of `cellLook`, by row. */
  looks = new Uint8Array(0);
  high = new Int32Array(0);
  low = new Int32Array(0);
  /** The number of a cell that is one. */
  numbers = new Float64Array(0);
  /** 1 where a cell is ASCII. */
  ascii = new Uint8Array(0);
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  #block: CellBlock | null = null;
  readonly #mark: number;
  #mantissa = 0;
  #digits = 0;
  /** Digits before the decimal mark; -1 where there is none. */
  #point = -1;

  constructor({ decimal }: Pick<NumberStyle, "decimal">) {
    this.#mark = decimal.charCodeAt(0);
  }

  /** The bytes in which `starts` and `ends` are places. */
  get text(): BlockText {
    return this.#block ?? noText;
  }

  /** The text of a cell. */
  textAt(row: number): string {
    const text = { bytes: this.text.bytes, ascii: this.ascii[row] === 1 };
    return textOfBytes(text, this.starts[row] ?? 0, this.ends[row] ?? 0);
  }

  /** Looks at the cells of `column` in the first rows of a block. */
  look(block: CellBlock, column: number, rowCount: number): void {
    this.#reserve(rowCount);
    this.#block = block;
    this.rowCount = rowCount;
    this.empty = 0;
    this.emptyTexts = 0;
    const { bytes, view, starts, ends, width } = block;
    for (let row = 0, place = column; row < rowCount; row += 1, place += width) {
      const start = starts[place] ?? absentCell;
      const end = ends[place] ?? start;
      this.starts[row] = start;
      this.ends[row] = end;
      if (start === end) {
        this.#noteEmpty(row, start);
      } else {
        this.ascii[row] = hashBytes(view, { start, end }, this, row) ? 1 : 0;
        this.looks[row] = this.#lookFor(bytes, row, start, end);
      }
    }
  }

  #noteEmpty(row: number, start: number): void {
    this.empty += 1;
    this.emptyTexts += start === absentCell ? 0 : 1;
    this.looks[row] = start === absentCell ? cellLook.absent : cellLook.empty;
    hashNothing(this, row);
  }

  /** Reads a number where there is a plain one. */
  #lookFor(bytes: Uint8Array, row: number, start: number, end: number): number {
    const first = bytes[start] ?? 0;
    if (first > 57 || end - start > longestNumber) {
      return cellLook.other;
    }
    const from = first === 45 || first === 43 ? start + 1 : start;
    const isNumber = this.#readDigits(bytes, from, end);
    const digits = this.#digits;
    const point = this.#point;
    const zeros = point < 0 && digits > 1 && bytes[from] === 48;
    if (!isNumber || zeros) {
      return cellLook.other;
    }
    const size = point < 0 ? this.#mantissa : this.#mantissa / (powers[digits - point] ?? 1);
    this.numbers[row] = first === 45 ? -size : size;
    return point < 0 ? cellLook.integer : cellLook.decimal;
  }

  /** Reads digits and at most one decimal mark into the fields; `false` where something else or too many digits stand. */
  #readDigits(bytes: Uint8Array, from: number, end: number): boolean {
    const mark = this.#mark;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte >= 48 && byte <= 57) {
        mantissa = mantissa * 10 + (byte - 48);
        digits += 1;
      } else if (byte === mark && point < 0) {
        point = digits;
      } else {
        return false;
      }
    }
    this.#mantissa = mantissa;
    this.#digits = digits;
    this.#point = point;
    return digits > 0 && digits <= exactDigits;
  }

  #reserve(rowCount: number): void {
    if (rowCount > this.looks.length) {
      const size = rowCount * 2;
      this.looks = new Uint8Array(size);
      this.ascii = new Uint8Array(size);
      this.high = new Int32Array(size);
      this.low = new Int32Array(size);
      this.numbers = new Float64Array(size);
      this.starts = new Int32Array(size);
      this.ends = new Int32Array(size);
    }
  }
}

const noText = blockText(Buffer.alloc(0), true);
