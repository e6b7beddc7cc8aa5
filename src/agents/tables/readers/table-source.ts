import type { TableDialect, TableProfile, TableWarning } from "../../protocol/table-profile.ts";

/**
 * A cell as a reader delivers it. Text formats deliver text only. Typed formats deliver numbers, booleans and text,
 * integers beyond 2^53 as `bigint`, dates as ISO 8601 text. `null` is an absent cell.
 */
export type RawCell = string | number | boolean | bigint | null;
export type RawRow = readonly RawCell[];

/** How numbers are written. */
export interface NumberStyle {
  readonly decimal: "." | ",";
  readonly thousands: string | null;
}

/** What a reader found about the shape of the file while reading; grows until the last batch. */
export interface ReadingNotes {
  shortRows: number;
  longRows: number;
  /** 1-based line of the first row of the wrong length. */
  firstRaggedLine: number | null;
  nulBytes: boolean;
  replacedCharacters: number;
  /** Every row ends with a delimiter and nothing behind it. */
  trailingDelimiter: boolean;
  /** The comment character also stands inside cells. */
  commentInside: boolean;
  /** Zero-based records that are comments. */
  commentRecords: readonly number[];
}

/** Rows in file order. */
export interface RowBatch {
  readonly rows: readonly RawRow[];
  /** Bytes of the file read so far. */
  readonly readBytes: number;
}

/** How the names of the columns come to be. */
export type NameSource =
  /** From the header row, as pandas reads it. */
  | "header"
  /** There is no header: `column_1`, `column_2`, … */
  | "made-up"
  /** The header is narrower than the rows; the names are given in the reading call. */
  | "extended"
  /** The header is narrower by one: the first column holds row names. */
  | "row-names";

/** What the reading call must say beyond the dialect. */
export interface ReadingLayout {
  /** Records before the header, blank ones included, that are not the table's. */
  readonly skippedRecords: number;
  /** Character that starts comment lines, or `null`. */
  readonly comment: string | null;
  readonly escape: string | null;
  readonly skipInitialSpace: boolean;
  readonly names: NameSource;
  /** Bytes that do not belong to the encoding are replaced. */
  readonly lenient: boolean;
  /** A byte order mark is at the start. */
  readonly marked: boolean;
  /** Keys that lead to the records inside a JSON document. */
  readonly recordPath: readonly string[];
  /** JSON records with nested objects, which become `outer.inner` columns. */
  readonly nested: boolean;
  /** How a JSON document holds its records. */
  readonly orientation: "records" | "columns" | "arrays";
  /** Zero-based sheet column in which the table begins. */
  readonly firstColumn: number;
  /** Blank rows stand between the rows of a sheet. */
  readonly blankRows: boolean;
}

/** A table opened by a reader: what it is, and its rows once. */
export interface TableSource {
  readonly dialect: TableDialect;
  readonly sheets: TableProfile["sheets"];
  readonly names: readonly string[];
  readonly cells: "text" | "typed";
  readonly style: NumberStyle;
  readonly layout: ReadingLayout;
  /** Filled while the rows are read. */
  readonly notes: ReadingNotes;
  /** What was noticed while opening. */
  readonly warnings: readonly TableWarning[];
  readonly batches: AsyncIterable<RowBatch>;
}

/** Notes of a reading that has not begun. */
export function emptyNotes(): ReadingNotes {
  return {
    shortRows: 0,
    longRows: 0,
    firstRaggedLine: null,
    nulBytes: false,
    replacedCharacters: 0,
    trailingDelimiter: false,
    commentInside: false,
    commentRecords: [],
  };
}

/** The layout of a plain table: header first, nothing to skip. */
export const plainLayout: ReadingLayout = {
  skippedRecords: 0,
  comment: null,
  escape: null,
  skipInitialSpace: false,
  names: "header",
  lenient: false,
  marked: false,
  recordPath: [],
  nested: false,
  orientation: "records",
  firstColumn: 0,
  blankRows: false,
};
