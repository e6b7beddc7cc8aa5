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

interface MarkCounts {
  decimalComma: number;
  decimalPoint: number;
  thousandsComma: number;
  thousandsPoint: number;
  /** A blank or an apostrophe that parts groups of three. */
  other: string | null;
  /** A number in which the comma might mean either. */
  either: string | null;
}

function countMarks(text: string, counts: MarkCounts): void {
  if (eitherComma.test(text)) {
    counts.thousandsComma += 1;
    counts.either = text;
    return;
  }
  counts.decimalComma += decimalComma.test(text) ? 1 : 0;
  counts.decimalPoint += decimalPoint.test(text) && !eitherPoint.test(text) ? 1 : 0;
  counts.thousandsComma += groupedComma.test(text) ? 1 : 0;
  counts.thousandsPoint += groupedPoint.test(text) ? 1 : 0;
  counts.other = groupedOther.exec(text)?.[1] ?? counts.other;
}

/** Finds decimal and thousands marks from cells of a table's beginning. */
export function detectNumberStyle(rows: readonly (readonly string[])[]): DetectedNumberStyle {
  const counts: MarkCounts = {
    decimalComma: 0,
    decimalPoint: 0,
    thousandsComma: 0,
    thousandsPoint: 0,
    other: null,
    either: null,
  };
  for (const row of rows) {
    for (const cell of row) {
      if (cell.length >= 2 && cell.length <= 30) {
        countMarks(cell.trim(), counts);
      }
    }
  }
  return decideStyle(counts);
}

function decideStyle(counts: MarkCounts): DetectedNumberStyle {
  const { decimalPoint: point, thousandsComma, thousandsPoint, other, either } = counts;
  if (counts.decimalComma > point || (thousandsPoint > 0 && point === 0 && thousandsComma === 0)) {
    return { decimal: ",", thousands: thousandsPoint > 0 ? "." : other, ambiguous: null };
  }
  const sure = point > 0 || thousandsComma > 1;
  return { decimal: ".", thousands: thousandsComma > 0 ? "," : other, ambiguous: sure ? null : either };
}
