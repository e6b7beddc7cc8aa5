import { absentCell, textOfBytes, type CellBlock } from "../readers/cell-block.ts";
import type { NumberStyle } from "../readers/table-source.ts";
import { finishHash, hashSeed } from "./cell-hash.ts";

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
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  #block: CellBlock | null = null;
  readonly #mark: number;

  constructor({ decimal }: Pick<NumberStyle, "decimal">) {
    this.#mark = decimal.charCodeAt(0);
  }

  /** The bytes in which `starts` and `ends` are places. */
  get text(): Pick<CellBlock, "bytes" | "ascii"> {
    return this.#block ?? noText;
  }

  /** The text of a cell. */
  textAt(row: number): string {
    return textOfBytes(this.text, this.starts[row] ?? 0, this.ends[row] ?? 0);
  }

  /** Looks at the cells of `column` in the first rows of a block. */
  look(block: CellBlock, column: number, rowCount: number): void {
    this.#reserve(rowCount);
    this.#block = block;
    this.rowCount = rowCount;
    this.empty = 0;
    this.emptyTexts = 0;
    const { starts, ends, width } = block;
    for (let row = 0, place = column; row < rowCount; row += 1, place += width) {
      const start = starts[place] ?? absentCell;
      const end = ends[place] ?? start;
      this.starts[row] = start;
      this.ends[row] = end;
      if (start === end) {
        this.#noteEmpty(row, start);
      } else {
        this.#lookAt(block.bytes, row, start, end);
      }
    }
  }

  #noteEmpty(row: number, start: number): void {
    this.empty += 1;
    this.emptyTexts += start === absentCell ? 0 : 1;
    this.looks[row] = start === absentCell ? cellLook.absent : cellLook.empty;
    finishHash(1, 1, this.high, this.low, row);
  }

  #lookAt(bytes: Uint8Array, row: number, start: number, end: number): void {
    let high: number = hashSeed.high;
    let low: number = hashSeed.low;
    const mark = this.#mark;
    const first = bytes[start] ?? 0;
    let at = start;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    const signed = first === 45 || first === 43;
    if (first <= 57 && end - start <= longestNumber) {
      if (signed) {
        high = Math.imul(high ^ first, 2654435761);
        low = Math.imul(low ^ first, 1597334677);
        at += 1;
      }
      for (; at < end; at += 1) {
        const byte = bytes[at] ?? 0;
        const digit = byte - 48;
        if (digit >= 0 && digit <= 9) {
          mantissa = mantissa * 10 + digit;
          digits += 1;
        } else if (byte === mark && point < 0) {
          point = digits;
        } else {
          break;
        }
        high = Math.imul(high ^ byte, 2654435761);
        low = Math.imul(low ^ byte, 1597334677);
      }
    }
    const plain = at === end && digits > 0 && digits <= exactDigits;
    for (; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      high = Math.imul(high ^ byte, 2654435761);
      low = Math.imul(low ^ byte, 1597334677);
    }
    finishHash(high ^ (end - start), low, this.high, this.low, row);
    if (!plain || (point < 0 && digits > 1 && bytes[signed ? start + 1 : start] === 48)) {
      this.looks[row] = cellLook.other;
      return;
    }
    const size = point < 0 ? mantissa : mantissa / (powers[digits - point] ?? 1);
    this.looks[row] = point < 0 ? cellLook.integer : cellLook.decimal;
    this.numbers[row] = first === 45 ? -size : size;
  }

  #reserve(rowCount: number): void {
    if (rowCount > this.looks.length) {
      const size = rowCount * 2;
      this.looks = new Uint8Array(size);
      this.high = new Int32Array(size);
      this.low = new Int32Array(size);
      this.numbers = new Float64Array(size);
      this.starts = new Int32Array(size);
      this.ends = new Int32Array(size);
    }
  }
}

const noText = { bytes: Buffer.alloc(0), ascii: true } as const;
