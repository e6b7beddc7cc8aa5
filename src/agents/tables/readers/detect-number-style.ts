import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { NumberStyle } from "./table-source.ts";

/** How numbers are written, and whether that could be told for sure. */
export interface DetectedNumberStyle extends NumberStyle {
  /** A number such as `1,234` that might mean either, where nothing else decides; `null` when all is clear. */
  readonly ambiguous: string | null;
}

const blankMark = "[ \u00a0\u202f\u2009'’]";
const exponent = String.raw`([eE][+-]?\d+)?`;
const decimalComma = new RegExp(`^(\\d+|\\d{1,3}(\\.\\d{3})+|\\d{1,3}(${blankMark}\\d{3})+),\\d+${exponent}$`, "u");
const decimalPoint = new RegExp(
  `^(\\d*|\\d{1,3}(,\\d{3})+|\\d{1,2}(,\\d{2})+,\\d{3}|\\d{1,3}(${blankMark}\\d{3})+)\\.\\d+${exponent}$`,
  "u",
);
/** A nought in front is no group of thousands. */
const eitherComma = /^[1-9]\d{0,2},\d{3}$/u;
const eitherPoint = /^\d{1,3}\.\d{3}$/u;
const groupedComma = /^([1-9]\d{0,2}(,\d{3})+|\d{1,2}(,\d{2})+,\d{3})(\.\d+)?$/u;
const groupedPoint = /^\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$/u;
const groupedOther = new RegExp(`^\\d{1,3}(${blankMark})\\d{3}(\\1\\d{3})*([.,]\\d+)?$`, "u");

/** What may stand around the digits of a number: signs, brackets, currencies, a per cent sign. */
const around =
  /^[(\s]*[+\-−]?\s*(\p{Sc}|[A-Z]{1,3}\$?|Rs)?\s*[+\-−]?\s*|\s*(\p{Sc}|[%％元円원]|[A-Z]{3}|kr|zł|Kč|Ft)?\s*-?[)\s]*$/gu;

/** A mark beside a digit: without one there is nothing to count. */
const marked = new RegExp(`[.,]\\d|\\d(${blankMark}|[.,])`, "u");

interface MarkCounts {
  decimalComma: number;
  decimalPoint: number;
  thousandsComma: number;
  thousandsPoint: number;
  /** Numbers such as `1.234`, in which the point might mean either. */
  eitherPoints: number;
  /** A blank or an apostrophe that parts groups of three. */
  other: string | null;
  /** A number in which the comma might mean either. */
  either: string | null;
  /** Numbers whose commas can only part thousands. */
  surelyThousands: number;
}

function countMarks(text: string, counts: MarkCounts): void {
  if (eitherComma.test(text)) {
    counts.thousandsComma += 1;
    counts.either = text;
    return;
  }
  counts.decimalComma += decimalComma.test(text) ? 1 : 0;
  counts.decimalPoint += decimalPoint.test(text) && !eitherPoint.test(text) ? 1 : 0;
  const grouped = groupedComma.test(text) ? 1 : 0;
  counts.thousandsComma += grouped;
  counts.surelyThousands += grouped;
  counts.thousandsPoint += groupedPoint.test(text) ? 1 : 0;
  counts.eitherPoints += eitherPoint.test(text) ? 1 : 0;
  counts.other = groupedOther.exec(text)?.[1] ?? counts.other;
}

/**
 * Finds decimal and thousands marks from cells of a table's beginning.
 *
 * @param choice marks that are known; the other one is found under them
 * @param delimiter what parts the cells: a semicolon is used where commas are decimal
 */
export function detectNumberStyle(
  rows: readonly (readonly string[])[],
  choice: Pick<DialectChoice, "decimal" | "thousands"> = {},
  delimiter = ",",
): DetectedNumberStyle {
  const counts: MarkCounts = {
    decimalComma: 0,
    decimalPoint: 0,
    thousandsComma: 0,
    thousandsPoint: 0,
    eitherPoints: 0,
    other: null,
    either: null,
    surelyThousands: 0,
  };
  for (const row of rows) {
    for (const cell of row) {
      if (cell.length >= 2 && cell.length <= 30 && marked.test(cell)) {
        countMarks(cell.replaceAll(around, ""), counts);
      }
    }
  }
  const found = decideStyle(counts, delimiter);
  const decimal = choice.decimal === "," || choice.decimal === "." ? choice.decimal : null;
  const chosen: DetectedNumberStyle =
    decimal === null ? found : { decimal, thousands: groupsUnder(decimal, counts), ambiguous: null };
  const thousands = choice.thousands === undefined ? chosen.thousands : choice.thousands;
  return {
    decimal: chosen.decimal,
    thousands: thousands === chosen.decimal || thousands === "" ? null : thousands,
    ambiguous: choice.thousands === undefined ? chosen.ambiguous : null,
  };
}

/** The thousands mark beside a decimal mark that is known. */
function groupsUnder(decimal: "." | ",", counts: MarkCounts): string | null {
  const grouped = decimal === "," ? counts.thousandsPoint + counts.eitherPoints : counts.thousandsComma;
  return grouped > 0 ? (decimal === "," ? "." : ",") : counts.other;
}

function decideStyle(counts: MarkCounts, delimiter: string): DetectedNumberStyle {
  const { decimalPoint: point, thousandsComma, thousandsPoint, other, either } = counts;
  if (counts.decimalComma > point || (thousandsPoint > 0 && point === 0 && thousandsComma === 0)) {
    return { decimal: ",", thousands: thousandsPoint > 0 ? "." : other, ambiguous: null };
  }
  const sure = point > 0 || (delimiter === ";" ? counts.surelyThousands > 0 : thousandsComma > 1);
  return { decimal: ".", thousands: thousandsComma > 0 ? "," : other, ambiguous: sure ? null : either };
}
