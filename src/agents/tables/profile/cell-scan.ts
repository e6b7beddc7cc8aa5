import type { NumberStyle } from "../readers/table-source.ts";

type Value = string | number | boolean | bigint;

const powers = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** Digits that a double holds for sure. */
const exactDigits = 15;

const numberBits = new Float64Array(1);
const numberHalves = new Int32Array(numberBits.buffer);

/* eslint-disable no-bitwise -- a hash is made of bits */

/**
 * One look at a cell: its hash, and its number where it is written plainly. One scan is used for every cell of a table,
 * since there may be many millions; its fields hold until the next look.
 */
export class CellScan {
  /** The hash, in two halves. Texts and typed values of one writing differ. */
  high = 0;
  low = 0;
  /** The text is a whole number without leading zeros, or a decimal number, of at most 15 digits. */
  plain: "integer" | "decimal" | null = null;
  /** The number, where `plain` says that there is one. */
  value = 0;
  readonly #mark: number;

  constructor({ decimal }: Pick<NumberStyle, "decimal">) {
    this.#mark = decimal.charCodeAt(0);
  }

  /** Looks at an absent cell. */
  lookAtNothing(): void {
    this.#mix(1, 1);
    this.plain = null;
  }

  /** Looks at a cell. */
  look(cell: Value): void {
    if (typeof cell === "string") {
      this.#lookAtText(cell);
      return;
    }
    if (typeof cell === "number") {
      numberBits[0] = cell + 0;
      this.#mix((numberHalves[0] ?? 0) ^ 0x2545f491, Math.imul(numberHalves[1] ?? 0, 2654435761) ^ 3);
    } else {
      this.#lookAtText(String(cell));
      this.#mix(this.high ^ 0x51ed270b, this.low);
    }
    this.plain = null;
  }

  #lookAtText(text: string): void {
    const length = text.length;
    const mark = this.#mark;
    let high = 0xdeadbeef ^ length;
    let low = 0x41c6ce57;
    let digits = 0;
    let mantissa = 0;
    let point = -1;
    let odd = false;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
      if (code >= 48 && code <= 57) {
        mantissa = mantissa * 10 + (code - 48);
        digits += 1;
      } else if (code === mark && point < 0) {
        point = digits;
      } else if (at > 0 || (code !== 45 && code !== 43)) {
        odd = true;
      }
    }
    this.#mix(high, low);
    this.plain = null;
    if (!odd && digits > 0 && digits <= exactDigits) {
      this.#number(text, mantissa, digits, point);
    }
  }

  #number(text: string, mantissa: number, digits: number, point: number): void {
    const first = text.charCodeAt(0);
    const signed = first === 45 || first === 43;
    if (point < 0 && digits > 1 && text.charCodeAt(signed ? 1 : 0) === 48) {
      return;
    }
    this.plain = point < 0 ? "integer" : "decimal";
    const size = point < 0 ? mantissa : mantissa / (powers[digits - point] ?? 1);
    this.value = first === 45 ? -size : size;
  }

  #mix(high: number, low: number): void {
    const one = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    const other = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    this.high = one ^ (one >>> 15);
    this.low = other ^ (other >>> 14);
  }
}

/** The hash of a row from those of its cells, in order. */
export class RowHash {
  high = 0;
  low = 0;

  begin(): void {
    this.high = 0x9e3779b9 | 0;
    this.low = 0x7f4a7c15;
  }

  add(cell: CellScan): void {
    this.high = Math.imul(this.high ^ cell.high, 2246822507);
    this.high ^= this.high >>> 15;
    this.low = Math.imul(this.low ^ cell.low, 3266489909);
    this.low ^= this.low >>> 13;
  }
}
