import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableWarning } from "../../protocol/table-profile.ts";
import type { TokenizedRows } from "./csv-tokenizer.ts";
import { columnNames, findHeader, isSureHeader, madeUpNames, type HeaderPlace } from "./detect-header.ts";
import { headerDepth, isGroupRow, joinedNames } from "./detect-header-rows.ts";
import type { NameSource } from "./table-source.ts";
import { usualWidth } from "./table-region.ts";

const lookedRows = 400;

/** Where a table stands among the records of a text, and what its columns are called. */
export interface TablePlacement {
  /** Zero-based record of the first row. */
  readonly dataRecord: number;
  readonly names: readonly string[];
  readonly nameSource: NameSource;
  /** Zero-based line of the header; `null` when there is none. */
  readonly headerLine: number | null;
  /** Lines that the header takes; 0 when there is none. */
  readonly headerRows: number;
  /** The header as written, where it takes one line and names several columns: rows that equal it are no rows. */
  readonly header: readonly string[] | null;
  /** Records before the header, or before the rows where the call gives the names. */
  readonly skippedRecords: number;
  /** Every row ends with a delimiter and nothing behind it. */
  readonly trailingDelimiter: boolean;
  /** The header ends so too: a last column without name and values is left out. */
  readonly trimmed: boolean;
  readonly warnings: readonly TableWarning[];
}

/** What placing depends on beside the rows. */
export interface PlacingOptions {
  readonly choice: DialectChoice;
  /** The first record names the delimiter. */
  readonly separatorLine: boolean;
  /** A last column without name is kept, since a row far below fills it. */
  readonly keepLast: boolean;
}

interface HeaderRows {
  readonly start: number;
  /** 0 when there is no header. */
  readonly depth: number;
  readonly warnings: readonly TableWarning[];
}

/** Finds the header, the width of the table and the names of the columns. */
export function placeTable(all: TokenizedRows, options: PlacingOptions): TablePlacement {
  const skip = options.separatorLine ? 1 : 0;
  const rows = all.rows.slice(skip, lookedRows);
  const lines = all.lines.slice(skip, lookedRows);
  const { start, depth, warnings } = headerRows(rows, lines, options.choice);
  const recordAt = (index: number): number => all.records[skip + index] ?? (all.records.at(-1) ?? 0) + 1;
  const header = rows.slice(start, start + depth);
  const dataRecord = depth === 0 ? recordAt(start) : recordAt(start + depth - 1) + 1;
  const naming = nameColumns(header, rows.slice(start + depth), options.keepLast);
  const given = naming.nameSource === "joined" || naming.nameSource === "extended";
  const skippedRecords = given ? dataRecord : start + skip === 0 ? 0 : recordAt(start);
  return {
    dataRecord,
    headerLine: depth === 0 ? null : (lines[start] ?? 1) - 1,
    headerRows: depth,
    header: depth === 1 && (header[0]?.length ?? 0) > 1 ? (header[0] ?? null) : null,
    skippedRecords,
    warnings: [...warnings, ...secondTable(all, skip + start + depth, header)],
    ...naming,
  };
}

/** The header that the person chose, or the one that is found. */
function headerRows(rows: readonly string[][], lines: readonly number[], choice: DialectChoice): HeaderRows {
  const found = withGroups(rows, findHeader(rows));
  const { headerRow } = choice;
  if (headerRow === null) {
    return { start: found.start, depth: 0, warnings: [] };
  }
  const chosen = headerRow === undefined ? -1 : lines.findIndex((line) => line > headerRow);
  const start = chosen < 0 ? found.start : chosen;
  const hasHeader = chosen >= 0 || found.hasHeader || choice.headerRows !== undefined;
  const depth = hasHeader ? (choice.headerRows ?? headerDepth(rows.slice(start))) : 0;
  const warnings = headerRow !== undefined && chosen < 0 ? [noSuchLine(headerRow)] : [];
  return { start, depth: Math.max(0, Math.min(depth, rows.length - start)), warnings };
}

/** Names of groups of columns above the header belong to it. */
function withGroups(rows: readonly string[][], found: HeaderPlace): HeaderPlace {
  const above = rows[found.start - 1];
  const grouped = found.hasHeader && above !== undefined && isGroupRow(above, rows[found.start] ?? []);
  return grouped ? { ...found, start: found.start - 1 } : found;
}

/** A blank line stands above the row. */
function isBelowGap({ records }: TokenizedRows, index: number): boolean {
  return (records[index] ?? 0) - (records[index - 1] ?? 0) > 1;
}

/** One text and nothing beside it. */
function isTitle([title = "", ...rest]: readonly string[]): boolean {
  return title.trim() !== "" && rest.every((cell) => cell === "");
}

/** Another table below a blank line, and perhaps a title: names that are not those of the first, above numbers. */
function secondTable(all: TokenizedRows, from: number, header: readonly (readonly string[])[]): TableWarning[] {
  const { rows, lines } = all;
  for (let index = from + 1; index < Math.min(rows.length - 1, lookedRows); index += 1) {
    const row = rows[index] ?? [];
    const gap = isBelowGap(all, index) || (isTitle(rows[index - 1] ?? []) && isBelowGap(all, index - 1));
    const known = header.some((names) => names.join("\0") === row.join("\0"));
    if (gap && row.length >= 2 && !known && isSureHeader(row, rows.slice(index + 1, index + 60))) {
      const names = row.slice(0, 6).join(", ");
      const line = lines[index] ?? 0;
      const message = `Another table seems to begin on line ${line} (${names}). Its lines were read as rows of the first: leave them out, or save the tables as files of their own.`;
      return [{ code: "stacked-tables", severity: "warning", message, columns: [], values: { line, names } }];
    }
  }
  return [];
}

function noSuchLine(headerRow: number): TableWarning {
  return {
    code: "no-such-header-line",
    severity: "warning",
    message: `There is no header on line ${headerRow + 1}: the beginning of the file has fewer lines. The header was looked for instead.`,
    columns: [],
    values: { line: headerRow + 1 },
  };
}

type Naming = Pick<TablePlacement, "names" | "nameSource" | "trailingDelimiter" | "trimmed">;

/** The last column has neither a name nor a value. */
function endsEmpty(header: readonly string[], data: readonly (readonly string[])[]): boolean {
  const last = header.length - 1;
  const nameless = last >= 1 && header[last] === "" && data.length > 0;
  return nameless && data.every((row) => (row[last] ?? "") === "");
}

/** The names of the columns, and how they come to be. */
function nameColumns(header: readonly (readonly string[])[], data: readonly string[][], keepLast: boolean): Naming {
  const { width, share } = usualWidth(data.map((row) => row.length));
  const plain = { trailingDelimiter: false, trimmed: false };
  const [first] = header;
  if (first === undefined) {
    return { names: madeUpNames(Math.max(width, data[0]?.length ?? 0)), nameSource: "made-up", ...plain };
  }
  if (header.length > 1) {
    return { names: columnNames(joinedNames(header), width), nameSource: "joined", ...plain };
  }
  const extra = width - first.length;
  const trailingDelimiter = extra === 1 && data.every((row) => row.length < width || row[width - 1] === "");
  if (!keepLast && endsEmpty(first, data)) {
    const names = columnNames(first.slice(0, -1), 0);
    return { names, nameSource: "header", trailingDelimiter: true, trimmed: true };
  }
  if (extra <= 0 || trailingDelimiter || share < 0.5) {
    return { names: columnNames(first, 0), nameSource: "header", trailingDelimiter, trimmed: false };
  }
  return extra === 1 && share === 1
    ? { names: columnNames(["index", ...first], 0), nameSource: "row-names", ...plain }
    : { names: columnNames(first, width), nameSource: "extended", ...plain };
}
