import type { TableTotal } from "../../protocol/table-profile.ts";
import type { NumberStyle, RawCell, RawRow } from "../readers/table-source.ts";
import { looksTyped, parseAmount } from "./parse-cell.ts";
import { isAverageWord, isNote, isTotalWord, namesTotal } from "./total-words.ts";

/** What the last lines of a table are, beyond its rows. */
export interface Footer {
  /** How many of the last rows are no rows of the table. */
  readonly rows: number;
  readonly total: TableTotal | null;
  /** Figures of the total line that agree with no sum. */
  readonly disagreements: readonly { readonly column: string; readonly said: number; readonly sum: number }[];
  /** The label of a last row that is named as a total and is the sum of nothing, so that it stayed a row. */
  readonly doubtful: string | null;
}

/** Sums of what is certainly table, by column; and how often a label came before. */
export interface BodyFacts {
  readonly names: readonly string[];
  readonly style: NumberStyle;
  readonly rowCount: number;
  /** Sum of the numbers of a column over the rows before the last ones, or `null` where there are none. */
  readonly sumOf: (column: number) => number | null;
  /** How often the label stands in the column before the last rows; `null` when unknown. */
  readonly countOf: (column: number, label: string) => number | null;
}

/** How many of the last rows may be footer. */
export const longestFooter = 6;

const textOf = (cell: RawCell | undefined): string => (cell === null || cell === undefined ? "" : String(cell).trim());

/** The number in a cell, however it is written; `null` when there is none. */
export function numberOf(cell: RawCell | undefined, style: NumberStyle): number | null {
  if (typeof cell === "number") {
    return cell;
  }
  if (typeof cell === "bigint") {
    return Number(cell);
  }
  if (typeof cell !== "string" || cell === "") {
    return null;
  }
  return parseAmount(cell, style);
}

/** Equal as far as the rounding of written figures and of sums goes. */
export function nearlyEqual(a: number, b: number, parts: number): boolean {
  const digits = Math.max(decimals(a), 0);
  const written = digits === 0 ? 0 : 0.5 * 10 ** -digits * Math.min(parts, 20);
  return Math.abs(a - b) <= Math.max(written, 1e-9 * Math.max(Math.abs(a), Math.abs(b)));
}

/** Decimals of a number as written, at most 6: more come from computing. */
function decimals(value: number): number {
  const text = String(value);
  const point = text.indexOf(".");
  return point < 0 || text.includes("e") ? 0 : Math.min(6, text.length - point - 1);
}

function label(row: RawRow): { column: number; text: string } | null {
  const column = row.findIndex((cell) => textOf(cell) !== "");
  return column < 0 ? null : { column, text: textOf(row[column]) };
}

function sumWith(column: number, held: readonly RawRow[], facts: BodyFacts): number {
  return held.reduce((sum, row) => sum + (numberOf(row[column], facts.style) ?? 0), facts.sumOf(column) ?? 0);
}

/** Compares the figures of a possible total line with the sums above it. */
function compare(row: RawRow, held: readonly RawRow[], facts: BodyFacts, after: number) {
  const matched: string[] = [];
  const disagreements: { column: string; said: number; sum: number }[] = [];
  for (let column = after; column < facts.names.length; column += 1) {
    const said = numberOf(row[column], facts.style);
    if (said === null || said === 0) {
      continue;
    }
    const sum = sumWith(column, held, facts);
    const name = facts.names[column] ?? "";
    const parts = facts.rowCount + held.length;
    if (nearlyEqual(said, sum, parts) || nearlyEqual(said * 2, sum, parts)) {
      matched.push(name);
    } else {
      disagreements.push({ column: name, said, sum });
    }
  }
  return { matched, disagreements };
}

interface Verdict {
  /** Kept as a row all the same. */
  readonly doubtful?: string;
  readonly total: TableTotal | null;
  readonly disagreements: Footer["disagreements"];
}

function lastRowsTotal(column: string, value: string | null, measures: string[]): TableTotal {
  return { kind: "last-rows", column, value, measures, groupBy: [], parts: [], matchedGroups: 1, groups: 1 };
}

/** Enough agrees: without a label more is asked, and nothing may disagree. */
function isConvincing(matched: number, disagreements: number, unlabelled: boolean, rows: number): boolean {
  return matched > 0 && (!unlabelled || (disagreements === 0 && (matched >= 2 || rows >= 3)));
}

/** The label stands nowhere above in its column. */
function isFirstOfItsKind(first: { column: number; text: string }, held: readonly RawRow[], facts: BodyFacts): boolean {
  const before = facts.countOf(first.column, first.text) ?? 1;
  return before === 0 && !held.some((other) => textOf(other[first.column]) === first.text);
}

/** Is the row a line that totals (or averages) what is above it? */
function totalLine(row: RawRow, held: readonly RawRow[], facts: BodyFacts): Verdict | null {
  const first = label(row);
  if (first === null || facts.rowCount + held.length < 2) {
    return null;
  }
  const unlabelled = first.column > 0 && numberOf(row[first.column], facts.style) !== null;
  const fresh = unlabelled || isFirstOfItsKind(first, held, facts);
  if (isAverageWord(first.text) && fresh) {
    return { total: null, disagreements: [] };
  }
  if (!fresh || (!unlabelled && !namesTotal(first.text))) {
    return null;
  }
  return judge(row, held, facts, { ...first, unlabelled });
}

/** Says whether a row that looks like a total line is the sum of what is above it. */
function judge(
  row: RawRow,
  held: readonly RawRow[],
  facts: BodyFacts,
  { column, text, unlabelled }: { readonly column: number; readonly text: string; readonly unlabelled: boolean },
): Verdict | null {
  const { matched, disagreements } = compare(row, held, facts, unlabelled ? column : column + 1);
  if (!isConvincing(matched.length, disagreements.length, unlabelled, facts.rowCount + held.length)) {
    const doubtful = !unlabelled && isTotalWord(text) && disagreements.length > 0;
    return doubtful ? { total: null, disagreements, doubtful: text } : null;
  }
  const name = facts.names[unlabelled ? 0 : column] ?? "";
  return { total: lastRowsTotal(name, unlabelled ? null : text, matched), disagreements };
}

/** The end of file of old systems, alone in a line. */
// oxlint-disable-next-line no-control-regex -- these are the characters
const endOfFile = /^[\u001a\0]+$/u;

/** A remark: one filled cell in a table of several columns, words cut short below numbers, a sign of the end in any. */
function isRemark(row: RawRow, facts: BodyFacts): boolean {
  const width = facts.names.length;
  const filled = row.filter((cell) => textOf(cell) !== "");
  const text = textOf(filled[0]);
  if (filled.length === 1 && endOfFile.test(text)) {
    return true;
  }
  const wordsBelowNumbers =
    facts.rowCount >= 1 && facts.sumOf(0) !== null && text === textOf(row[0]) && !looksTyped(text);
  if (width >= 3 && row.length <= width / 2 && text !== "" && wordsBelowNumbers && !namesTotal(text)) {
    return true;
  }
  return width >= 2 && (filled.length === 0 ? row.length <= 1 || width >= 3 : filled.length === 1 && isNote(text));
}

/**
 * Finds total lines and remarks at the end of a table, which are no rows of it.
 *
 * @param held the last rows, at most `longestFooter`, which are in no sum yet
 */
export function findFooter(held: readonly RawRow[], facts: BodyFacts): Footer {
  let end = held.length;
  let total: TableTotal | null = null;
  let disagreements: Footer["disagreements"] = [];
  while (end > 0) {
    const row = held[end - 1] ?? [];
    const rest = held.slice(0, end - 1);
    if (total === null && isRemark(row, facts)) {
      end -= 1;
      continue;
    }
    const verdict: Verdict | null = total === null ? totalLine(row, rest, facts) : null;
    if (verdict === null) {
      break;
    }
    if (verdict.doubtful !== undefined) {
      return { rows: held.length - end, total, disagreements: verdict.disagreements, doubtful: verdict.doubtful };
    }
    total = verdict.total;
    disagreements = verdict.disagreements;
    end -= 1;
  }
  return { rows: held.length - end, total, disagreements, doubtful: null };
}
