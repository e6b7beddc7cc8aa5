import { looksTyped } from "../profile/parse-cell.ts";
import { tableRegion } from "./table-region.ts";

/** Where the table begins. */
export interface HeaderPlace {
  /** Index among the rows given of the first row that belongs to the table: the header, or data where there is none. */
  readonly start: number;
  readonly hasHeader: boolean;
}

type Cell = string | number | boolean | bigint | null;

const isBlank = (cell: Cell | undefined): boolean =>
  cell === null || cell === undefined || (typeof cell === "string" && cell.trim() === "");

function filled(row: readonly Cell[]): number {
  return row.filter((cell) => !isBlank(cell)).length;
}

const isTyped = (cell: Cell | undefined): boolean =>
  typeof cell === "string" ? looksTyped(cell.trim()) : cell !== null && cell !== undefined;

const isYear = (cell: Cell | undefined): boolean => /^(1[89]|20)\d{2}(\s*年)?$/u.test(String(cell ?? ""));

/** All cells are names: text, or the years of a wide table. */
function looksLikeNames(row: readonly Cell[]): boolean {
  const cells = row.filter((cell) => !isBlank(cell));
  const years = cells.filter(isYear).length;
  const typed = cells.filter((cell) => isTyped(cell) && !isYear(cell)).length;
  return cells.length > 0 && typed === 0 && (years === 0 || years >= 2 || cells.length > years);
}

/** A column of numbers or dates stands below a name. */
export function isSureHeader(row: readonly Cell[], data: readonly (readonly Cell[])[]): boolean {
  return (
    data.length > 0 &&
    looksLikeNames(row) &&
    row.some((name, column) => {
      const cells = data.map((other) => other[column]).filter((cell) => !isBlank(cell));
      return !isBlank(name) && !isTyped(name) && cells.length > 0 && cells.every(isTyped);
    })
  );
}

/** Is the row at `index` a title or a note above the table? */
function isPreamble(rows: readonly (readonly Cell[])[], index: number, width: number): boolean {
  const row = rows[index] ?? [];
  const next = rows[index + 1];
  if (next === undefined || width < 2) {
    return false;
  }
  const count = filled(row);
  if (row.every((cell) => typeof cell === "string" && /^[-=_]{2,}$/u.test(cell))) {
    return true;
  }
  if (row.length < width) {
    return count <= Math.max(1, width / 2) || !(count >= width - 1 && looksLikeNames(row));
  }
  if (count <= 1) {
    return (
      width >= 3 || (!isTyped(row[0]) && filled(next) === 2 && isSureHeader(next, rows.slice(index + 2, index + 60)))
    );
  }
  return count < width / 2 && filled(next) > count && looksLikeNames(next);
}

const mostNotes = 12;

/**
 * The start below notes that happen to have as many cells as the table: sentences with commas, above a line that is no
 * row.
 */
function belowNotes(rows: readonly (readonly Cell[])[], start: number, width: number): number {
  let below = start;
  for (let index = start; index < Math.min(start + mostNotes, rows.length - 2); index += 1) {
    const row = rows[index] ?? [];
    if (row.some(isTyped)) {
      break;
    }
    const next = rows[index + 1] ?? [];
    if (width >= 3 && filled(row) <= 1 && filled(next) >= width - 1) {
      below = isSureHeader(next, rows.slice(index + 2, index + 60)) ? index + 1 : below;
    }
  }
  return below;
}

/** Names above a table of more columns, which were taken for a title. */
function isNarrowHeader(row: readonly Cell[] | undefined): boolean {
  return row !== undefined && row.length >= 2 && filled(row) === row.length && looksLikeNames(row);
}

/** The header again, as between pages and files that were put together: equal in every cell. */
function withoutCopies(first: readonly Cell[], data: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const others = data.filter(
    (row) => row.length !== first.length || row.some((cell, column) => cell !== first[column]),
  );
  const partly = others.some((row) => row.some((cell, column) => !isBlank(cell) && cell === first[column]));
  return partly || first.length < 2 ? data : others;
}

/** Values of the first row that come again below, in their own column. */
function repeatsBelow(first: readonly Cell[], data: readonly (readonly Cell[])[]): number {
  return first.filter((cell, column) => !isBlank(cell) && data.some((row) => row[column] === cell)).length;
}

/** One text that begins with a date or a number, as the lines of a log do. */
function isRecordLine(row: readonly Cell[]): boolean {
  const [text] = row;
  const lead = typeof text === "string" && row.length === 1 ? /^(\S+)\s/u.exec(text.trim())?.[1] : undefined;
  return lead !== undefined && looksTyped(lead);
}

/** Does the first row name the columns? */
export function isHeaderRow(first: readonly Cell[], below: readonly (readonly Cell[])[]): boolean {
  if (filled(first) === 0) {
    return false;
  }
  const data = withoutCopies(first, below);
  if ((data.length === 0 && below.length > 0) || [first, ...data].every(isRecordLine)) {
    return false;
  }
  if (data.length === 0) {
    return looksLikeNames(first);
  }
  if (!looksLikeNames(first)) {
    return yearsAboveNumbers(first, data) || mostlyNames(first, data);
  }
  const repeated = repeatsBelow(first, data);
  return !(repeated >= Math.max(1, filled(first) / 2) && first.length > 1 && data.length > 1);
}

/** Years name the columns only beside a name that is none, or when the cells below are not years. */
function yearsAboveNumbers(first: readonly Cell[], data: readonly (readonly Cell[])[]): boolean {
  const years = first.filter(isYear);
  const rest = first.filter((cell) => !isYear(cell) && !isBlank(cell));
  const below = data.every((row) => row.every((cell) => !isYear(cell)));
  return years.length >= 2 && new Set(years.map(String)).size === years.length && rest.length <= 2 && below;
}

/** Names with a stray number among them, above columns that are all numbers. */
function mostlyNames(first: readonly Cell[], data: readonly (readonly Cell[])[]): boolean {
  const typed = first.filter((cell) => isTyped(cell)).length;
  if (typed > first.length * 0.25) {
    return false;
  }
  const namesAboveNumbers = first.filter(
    (cell, column) =>
      !isBlank(cell) && !isTyped(cell) && data.every((row) => isBlank(row[column]) || isTyped(row[column])),
  ).length;
  return namesAboveNumbers > typed;
}

/**
 * Finds the header among the first rows of a table: leaves out titles and notes above it.
 *
 * @param rows first rows, blank ones left out
 */
export function findHeader(rows: readonly (readonly Cell[])[]): HeaderPlace {
  const { width } = tableRegion(rows.map((row) => row.length));
  let start = 0;
  while (start < Math.min(rows.length - 1, 60) && isPreamble(rows, start, width)) {
    start += 1;
  }
  start = belowNotes(rows, start, width);
  const hasHeader = isHeaderRow(rows[start] ?? [], rows.slice(start + 1, start + 200));
  if (!hasHeader && start > 0 && isNarrowHeader(rows[start - 1])) {
    return { start: start - 1, hasHeader: true };
  }
  return { start, hasHeader };
}

/** Column names as pandas makes them: blank names become `Unnamed: 2`, repeated ones get `.1`, `.2`. */
export function columnNames(header: readonly Cell[], width: number): string[] {
  const raw = Array.from({ length: Math.max(width, header.length) }, (_, index) =>
    isBlank(header[index]) && String(header[index] ?? "") === "" ? `Unnamed: ${index}` : String(header[index]),
  );
  const used = new Map<string, number>();
  const taken = new Set(raw);
  return raw.map((name) => {
    let count = used.get(name) ?? 0;
    if (count === 0) {
      used.set(name, 1);
      return name;
    }
    let unique = `${name}.${count}`;
    while (taken.has(unique)) {
      count += 1;
      unique = `${name}.${count}`;
    }
    used.set(name, count + 1);
    taken.add(unique);
    return unique;
  });
}

/** Names for a table without a header, as the reading call gives them too. */
export function madeUpNames(width: number): string[] {
  return Array.from({ length: width }, (_, index) => `column_${index + 1}`);
}
