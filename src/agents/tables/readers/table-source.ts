import type { TableDialect, TableProfile, TableWarning } from "../../protocol/table-profile.ts";
import type { CellBlock } from "./cell-block.ts";
import type { LineSplitting } from "./line-splitting.ts";
import type { PlaceNames } from "./geojson-features.ts";

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
  /** Zero-based records among the rows that are none: blank ones and copies of the header, at most 1,000. */
  readonly skippedRecords: number[];
  /** How many of them are copies of the header. */
  headerCopies: number;
}

/** Rows in file order, as places in bytes; good until the next batch is asked for. */
export interface BlockBatch {
  readonly block: CellBlock;
  /** Bytes of the file read so far. */
  readonly readBytes: number;
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
  | "row-names"
  /** From a header row of days or fractions, which Python would write otherwise; given in the reading call. */
  | "given"
  /** From several header rows; the names are given in the reading call. */
  | "joined";

/** What the reading call must say beyond the dialect. */
export interface ReadingLayout {
  /** Records before the header, blank ones included, that are not the table's. */
  readonly skippedRecords: number;
  /** Character that starts comment lines, or `null`. */
  readonly comment: string | null;
  readonly escape: string | null;
  readonly skipInitialSpace: boolean;
  readonly names: NameSource;
  /** How lines are split where no single character parts the cells. */
  readonly splitting: LineSplitting | null;
  /** First column of a record that belongs to the table, and the one behind the last; `null` for all. */
  readonly usedColumns: readonly [number, number] | null;
  /** Bytes that do not belong to the encoding are replaced. */
  readonly lenient: boolean;
  /** A byte order mark is at the start. */
  readonly marked: boolean;
  /** And another behind it, as programs leave that add one without looking. */
  readonly markedTwice?: boolean;
  /** The last character lacks bytes, and is left out. */
  readonly cut?: boolean;
  /** Keys that lead to the records inside a JSON document. */
  readonly recordPath: readonly string[];
  /** JSON records with nested objects, which become `outer.inner` columns. */
  readonly nested: boolean;
  /** How a JSON document holds its records. */
  readonly orientation: JsonShape;
  /** Zero-based sheet column in which the table begins. */
  readonly firstColumn: number;
  /** Blank rows stand between the rows of a sheet. */
  readonly blankRows: boolean;
  /** The part of the file as its reader knows it: a sheet, a table of a database, the number of a table on a page. */
  readonly part: string | null;
  /** The column that holds the name of each record, in JSON of objects by the name of their row. */
  readonly rowKey: string | null;
  /** Columns that say where the features of GeoJSON are. */
  readonly places: PlaceNames | null;
  /** Features of GeoJSON stand one on each line. */
  readonly lines: boolean;
  /** The whole document is one record. */
  readonly wholeIsRecord: boolean;
  /** Which page of a file that packs a page with its pictures. */
  readonly mimePart: number | null;
  /** The table among those of its page, where there are several. */
  readonly pageElement: number | null;
  /** Numbers stand in JSON that it does not know, such as `Infinity`. */
  readonly infinite: boolean;
  /** Rows that the page itself marks as header. */
  readonly headRows: number;
  /** What the table is packed in, the outermost first. */
  readonly packing: readonly Packing[];
  /** Sheet rows that the first so many rows of the table take, from the row after the header on. */
  readonly sheetSpan: ((rows: number) => number) | null;
  /** Rows of the sheet that are not blank before the first row of the table. */
  readonly firstRow: number;
  /** The table ends before its sheet does. */
  readonly limited: boolean;
  /** Lines of text after the header that the table takes, where it ends before its file; `null` where it does not. */
  readonly rowLimit: number | null;
  /** Columns in which merged cells are filled down. */
  readonly filledDown: readonly string[];
}

/** A packed file; `member` is the name of the table in an archive. */
export interface Packing {
  readonly method: "gzip" | "zip";
  readonly member: string | null;
}

/**
 * How a JSON document holds its records: a list of objects, lists by column, a list of lists with or without their names
 * first, names beside a list of lists, objects by the name of their row, objects by the name of their column, or one record alone.
 */
export type JsonShape =
  | "records"
  | "columns"
  | "arrays"
  | "arrays-with-header"
  | "split"
  | "by-row"
  | "by-column"
  | "single"
  | "values";

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
  readonly batches: AsyncIterable<RowBatch | BlockBatch>;
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
    skippedRecords: [],
    headerCopies: 0,
  };
}

/** The layout of a plain table: header first, nothing to skip. */
export const plainLayout: ReadingLayout = {
  skippedRecords: 0,
  comment: null,
  escape: null,
  skipInitialSpace: false,
  names: "header",
  splitting: null,
  usedColumns: null,
  lenient: false,
  marked: false,
  recordPath: [],
  nested: false,
  orientation: "records",
  firstColumn: 0,
  blankRows: false,
  part: null,
  rowKey: null,
  places: null,
  lines: false,
  wholeIsRecord: false,
  mimePart: null,
  pageElement: null,
  infinite: false,
  headRows: 0,
  packing: [],
  sheetSpan: null,
  firstRow: 0,
  limited: false,
  rowLimit: null,
  filledDown: [],
};
