import type { TableProfile, TableTotal } from "../protocol/table-profile.ts";
import { standsFor, writtenFigures, type WrittenFigure } from "./written-figures.ts";

/** A figure of an answer that comes out where totals are added to what they total. */
export interface DoubleCount {
  /** As the answer writes it. */
  readonly figure: string;
  readonly file: string;
  readonly measure: string;
  /** The group that it is about; empty for the whole table. */
  readonly group: string;
  /** What the figure would be without counting twice; `null` where that was not computed. */
  readonly right: number | null;
  readonly total: TableTotal;
}

/** What a careless computation gives, and what is right. */
interface Trap extends Omit<DoubleCount, "figure"> {
  readonly counted: number;
  readonly isMean: boolean;
}

/** Figures of so many digits say which number they are without the name of its group. */
const tellingDigits = 5;
const fewestDigits = 2;
const meanDigits = 3;
const mostRange = 400;
/** As many total rows as a profile numbers; there may be more. */
const mostRowIndexes = 500;

const traps: ReadonlySet<TableTotal["kind"]> = new Set(["rows", "subtotal-rows", "average-rows", "running-column"]);

/** The sums and means over all rows of the table. */
function wholeTraps({ columns, name: file }: TableProfile, total: TableTotal): Trap[] {
  return total.measures.flatMap((measure) => {
    const column = columns.find(({ name }) => name === measure);
    const right = total.sums?.find((entry) => entry.measure === measure && entry.group === "")?.right ?? null;
    const trap = { file, measure, group: "", total, isMean: false };
    const sum = column?.sum ?? null;
    const mean = column?.mean ?? null;
    return sum === null || sum === right
      ? []
      : [
          { ...trap, counted: sum, right },
          ...(mean === null ? [] : [{ ...trap, counted: mean, right: null, isMean: true }]),
        ];
  });
}

const rowWords = /\brows?\b|\brecords?\b|\blines?\b|行|条|记录/iu;

/** The number of rows as a number of things: total and average rows are none. */
function countTraps({ rowCount, name: file }: TableProfile, total: TableTotal, text: string): Trap[] {
  const rows = total.rowIndexes?.length ?? 0;
  const counts = rows > 0 && rows < mostRowIndexes && !rowWords.test(text);
  const right = rowCount - rows;
  return counts ? [{ file, measure: total.column, group: "", total, counted: rowCount, right, isMean: false }] : [];
}

function groupTraps({ name: file }: TableProfile, total: TableTotal): Trap[] {
  return (total.sums ?? [])
    .filter(({ counted, right }) => counted !== right)
    .map(({ measure, group, counted, right }) => ({ file, measure, group, total, counted, right, isMean: false }));
}

/** The text writes the figure as a number of rows, wherever it writes it. */
function countsRows(figure: string, text: string): boolean {
  const literal = figure.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const places = text.normalize("NFKC").match(new RegExp(`(?<![\\d.,])${literal}(?![.,]?\\d)`, "gu"))?.length ?? 0;
  const ofRows = new RegExp(`(?<![\\d.,])${literal}[^\\S\\n]*(?:rows?\\b|records?\\b|lines?\\b|行|条)`, "giu");
  return places > 0 && (text.normalize("NFKC").match(ofRows)?.length ?? 0) === places;
}

/** The text names the group, as a word of its own or among hanzi, which part no words. */
function isNamed(group: string, text: string): boolean {
  const literal = group.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  return new RegExp(`(?<![a-z\\d.,])${literal}(?![a-z\\d]|[.,]\\d)`, "iu").test(text);
}

/** The sums from one named group to another, such as from 1900 to 1910. */
function rangeTraps(groups: readonly Trap[], text: string): Trap[] {
  const byMeasure = Map.groupBy(
    groups.filter(({ group }) => /^\d+(?:-\d+)*$/u.test(group)),
    ({ measure }) => measure,
  );
  return [...byMeasure.values()].flatMap((entries) => {
    const sorted = entries.toSorted((a, b) => a.group.localeCompare(b.group, "en", { numeric: true }));
    const named = sorted.filter(({ group }) => isNamed(group, text));
    const [first, last] = [named[0], named.at(-1)];
    if (first === undefined || last === undefined || first === last) {
      return [];
    }
    const range = sorted.slice(sorted.indexOf(first), sorted.indexOf(last) + 1).slice(0, mostRange);
    const counted = range.reduce((sum, entry) => sum + entry.counted, 0);
    const right = range.reduce((sum, entry) => sum + (entry.right ?? 0), 0);
    return [{ ...first, group: `${first.group}–${last.group}`, counted, right }];
  });
}

function isCaught(figure: WrittenFigure, { counted, group, isMean }: Trap, text: string): boolean {
  const exact = figure.significantDigits >= tellingDigits && figure.tolerance < 1;
  // A mean that is written without its decimals is any small number.
  if (isMean && figure.significantDigits < meanDigits) {
    return false;
  }
  const telling =
    figure.significantDigits >= fewestDigits && (group === "" || exact || isNamed(group, text) || group.includes("–"));
  return telling && standsFor(figure, counted);
}

/**
 * Figures of an answer that equal what adding or averaging over all rows gives, total rows and all, or adding up a
 * running total: for the whole table, for single groups, and from one named group to another. An answer that names the
 * right figure as well, or whose figure is right for something else in the table, is left alone.
 */
export function doubleCounts(
  answer: string,
  question: string,
  profiles: readonly TableProfile[],
): readonly DoubleCount[] {
  const text = `${question}\n${answer}`;
  const all = profiles.flatMap((profile) =>
    profile.totals
      .filter(({ kind }) => traps.has(kind))
      .flatMap((total) => {
        const groups = groupTraps(profile, total);
        return [
          ...wholeTraps(profile, total),
          ...countTraps(profile, total, text),
          ...groups,
          ...rangeTraps(groups, text),
        ];
      }),
  );
  if (all.length === 0) {
    return [];
  }
  const asked = new Set(writtenFigures(question).map(({ written }) => written));
  const figures = writtenFigures(answer).filter(({ written }) => !asked.has(written) && !countsRows(written, answer));
  const rights = [...all.flatMap(({ right }) => (right === null ? [] : [right])), ...rightSums(profiles)];
  const found = figures.flatMap((figure) => {
    const trap = all.find((one) => isCaught(figure, one, text));
    const isRight = rights.some((right) => standsFor(figure, right));
    const explains = figures.some((other) => standsFor(other, trap?.right ?? Number.NaN));
    return trap === undefined || isRight || explains ? [] : [{ ...trap, figure: figure.written }];
  });
  return found.filter(({ figure }, index) => found.findIndex((other) => other.figure === figure) === index);
}

/** Sums of columns that no total spoils. */
function rightSums(profiles: readonly TableProfile[]): readonly number[] {
  return profiles.flatMap(({ columns, totals, rowCount }) => {
    const spoilt = new Set(totals.filter(({ kind }) => traps.has(kind)).flatMap(({ measures }) => measures));
    const counts = totals.some(({ kind, rowIndexes }) => traps.has(kind) && rowIndexes !== undefined) ? [] : [rowCount];
    return [...counts, ...columns.flatMap(({ name, sum }) => (spoilt.has(name) || sum === null ? [] : [sum]))];
  });
}

/** What an author is told of a double count, in a sentence. */
export function doubleCountAdvice({ figure, file, measure, group, right, total }: DoubleCount): string {
  const place = group === "" ? "over all rows" : `for ${group}`;
  const instead = right === null ? "" : `; without it: ${Number(right.toPrecision(12))}`;
  return `${figure} is what ${measure} of ${file} gives ${place} when ${causeOf(total)} counted in${instead}.`;
}

function causeOf({ kind, column, value, values = [] }: TableTotal): string {
  switch (kind) {
    case "running-column":
      return `every earlier amount is counted again, since ${column} is a running total,`;
    case "average-rows":
      return `the average row (${column} = "${value ?? ""}") is`;
    case "subtotal-rows":
      return `the total rows (${values.slice(0, 5).join(", ")}) are`;
    default:
      return value === null
        ? `the total rows (those where ${column} is missing) are`
        : `the total rows (${column} = "${value}") are`;
  }
}
