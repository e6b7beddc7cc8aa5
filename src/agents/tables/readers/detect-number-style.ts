import type { NumberStyle } from "./table-source.ts";

/** How numbers are written, and whether that could be told for sure. */
export interface DetectedNumberStyle extends NumberStyle {
  /** A number such as `1,234` that might mean either, where nothing else decides; `null` when all is clear. */
  readonly ambiguous: string | null;
}

const decimalComma = /^[+-]?(\d+|\d{1,3}(\.\d{3})+|\d{1,3}([ \u00a0']\d{3})+),\d+$/u;
const decimalPoint = /^[+-]?(\d*|\d{1,3}(,\d{3})+|\d{1,3}([ \u00a0']\d{3})+)\.\d+$/u;
const eitherComma = /^[+-]?\d{1,3},\d{3}$/u;
const eitherPoint = /^[+-]?\d{1,3}\.\d{3}$/u;
const groupedComma = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/u;
const groupedPoint = /^[+-]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$/u;
const groupedOther = /^[+-]?\d{1,3}([ \u00a0'])\d{3}(\1\d{3})*([.,]\d+)?$/u;

/** Finds decimal and thousands marks from cells of a table's beginning. */
export function detectNumberStyle(rows: readonly (readonly string[])[]): DetectedNumberStyle {
  let comma = 0;
  let point = 0;
  let thousandsComma = 0;
  let thousandsPoint = 0;
  let other: string | null = null;
  let either: string | null = null;
  for (const row of rows) {
    for (const cell of row) {
      if (cell.length < 2 || cell.length > 30) {
        continue;
      }
      const text = cell.trim();
      if (eitherComma.test(text)) {
        thousandsComma += 1;
        either = text;
        continue;
      }
      comma += decimalComma.test(text) ? 1 : 0;
      point += decimalPoint.test(text) && !eitherPoint.test(text) ? 1 : 0;
      thousandsComma += groupedComma.test(text) ? 1 : 0;
      thousandsPoint += groupedPoint.test(text) ? 1 : 0;
      other = groupedOther.exec(text)?.[1] ?? other;
    }
  }
  if (comma > point || (thousandsPoint > 0 && point === 0 && thousandsComma === 0)) {
    return { decimal: ",", thousands: thousandsPoint > 0 ? "." : other, ambiguous: null };
  }
  const sure = point > 0 || either === null || thousandsComma > 1;
  return { decimal: ".", thousands: thousandsComma > 0 ? "," : other, ambiguous: sure ? null : either };
}
