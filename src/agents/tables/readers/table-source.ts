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
}

/** Rows in file order. */
export interface RowBatch {
  readonly rows: readonly RawRow[];
  /** Bytes of the file read so far. */
  readonly readBytes: number;
}

/** What the reading call must say beyond the dialect. */
export interface ReadingLayout {
  /** Records before the header, blank ones included, that are not the table's. */
  readonly skippedRecords: number;
  /** Character that starts comment lines, or `null`. */
  readonly comment: string | null;
  /** Zero-based records to leave out, where a comment character would also cut cells. */
  readonly skippedRecordList: readonly number[];
  readonly escape: string | null;
  readonly skipInitialSpace: boolean;
  /** Names that differ from what the header says, because there is none. */
  readonly madeUpNames: boolean;
  /** Keys that lead to the records inside a JSON document. */
  readonly recordPath: readonly string[];
  /** JSON records with nested objects, which become `outer.inner` columns. */
  readonly nested: boolean;
  /** Position of the sheet or the HTML table in its file. */
  readonly sheetIndex: number;
  /** Records of the sheet, in all: rows below `rowCount` are not the table's. */
  readonly quoting: boolean;
}

/** A table opened by a reader: what it is, and its rows once. */
export interface TableSource {
  readonly dialect: TableDialect;
  readonly sheets: TableProfile["sheets"];
  readonly names: readonly string[];
  readonly cells: "text" | "typed";
  readonly style: NumberStyle;
  readonly layout: ReadingLayout;
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
  };
}

/** The layout of a plain table: header first, nothing to skip. */
export const plainLayout: ReadingLayout = {
  skippedRecords: 0,
  comment: null,
  skippedRecordList: [],
  escape: null,
  skipInitialSpace: false,
  madeUpNames: false,
  recordPath: [],
  nested: false,
  sheetIndex: 0,
  quoting: true,
};
