import * as z from "zod/mini";
import { tableCellSchema } from "./cell-output.ts";

/** What a column holds, as a person would name it. `year` is an integer column of calendar years. */
export const columnTypeSchema = z.enum([
  "integer",
  "decimal",
  "money",
  "percent",
  "year",
  "date",
  "time",
  "datetime",
  "boolean",
  "category",
  "identifier",
  "text",
  "mixed",
  "empty",
]);
export type ColumnType = z.infer<typeof columnTypeSchema>;

/** What is known of one column, over all rows read. */
export const columnProfileSchema = z.object({
  name: z.string(),
  type: columnTypeSchema,
  /** Rows without a value, words that mean missing included. */
  nulls: z.number(),
  /** Different values, missing left out. */
  distinct: z.number(),
  /** Smallest and largest value: numbers for numeric types, text as written for the others, `null` when empty. */
  min: tableCellSchema,
  max: tableCellSchema,
  /** Arithmetic mean of numeric types. */
  mean: z.nullable(z.number()),
  /** Sum of numeric types, so that readings can be compared. */
  sum: z.nullable(z.number()),
  /** The digits of a sum of whole numbers that `sum` cannot hold, which then is rounded. */
  exactSum: z.optional(z.string()),
  /** 25th, 50th and 75th percentile of numeric types. */
  quartiles: z.nullable(z.tuple([z.number(), z.number(), z.number()])),
  /** The most frequent values, at most 12, most frequent first. */
  top: z.array(z.object({ value: tableCellSchema, count: z.number() })),
  /** Date format in strftime terms, where the type is a date. */
  format: z.optional(z.string()),
  /** Unit as the header names it, such as `km` or `万元`. */
  unit: z.optional(z.string()),
  /** The words in this column that were read as missing, such as `N/A` or `缺失`. */
  missingWords: z.optional(z.array(z.string())),
  /** Counts and quantiles are estimates. */
  approximate: z.optional(z.boolean()),
});
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

/**
 * Rows or a column that repeat what others already hold.
 * `rows`: the rows in which `column` is `value` equal the sum of the other rows of the same group, for every one of
 * `measures`. `column`: `column` is the sum of the columns `parts`. `last-rows`: trailing lines that total the table.
 * `subtotal-rows`: rows between the others that are the sum of those before or behind them, named by `values` in
 * `column`. `average-rows`: rows that are the mean of the others. `running-column`: each value of `column` is the one
 * before it and that of `parts`. `share-column`: `column` is the share of each row in the sum of `parts`.
 */
export const tableTotalSchema = z.object({
  kind: z.enum(["rows", "column", "last-rows", "subtotal-rows", "average-rows", "running-column", "share-column"]),
  column: z.string(),
  value: z.nullable(z.string()),
  /** The columns whose values are totals. */
  measures: z.array(z.string()),
  /** The columns within whose groups the totals hold, such as `Year`. */
  groupBy: z.array(z.string()),
  /** The values, or columns, that are totalled. */
  parts: z.array(z.string()),
  /** Groups in which the total equals the parts, of all groups that have both. */
  matchedGroups: z.number(),
  groups: z.number(),
  /** The names of the rows that are totals, where there are several, at most 50. */
  values: z.optional(z.array(z.string())),
  /** The numbers of the rows that are totals, counted from 0 without the header, at most 500. */
  rowIndexes: z.optional(z.array(z.number())),
  /**
   * What adding over all rows gives, and what is right, so that an answer can be checked: for everything (`group` is
   * empty) and for single groups, at most 400, in the order of the file.
   */
  sums: z.optional(
    z.array(z.object({ measure: z.string(), group: z.string(), counted: z.number(), right: z.number() })),
  ),
});
export type TableTotal = z.infer<typeof tableTotalSchema>;

/** One thing that would go wrong if nobody knew. `code` and `values` let a client say it in its own language. */
export const tableWarningSchema = z.object({
  /** Stable, kebab-case, such as `total-rows`. */
  code: z.string(),
  severity: z.enum(["info", "warning", "error"]),
  /** One or two plain English sentences, naming columns and values and what would go wrong. */
  message: z.string(),
  columns: z.array(z.string()),
  /** The facts in the message, by name. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type TableWarning = z.infer<typeof tableWarningSchema>;

/** How the file is read: shown on the card, changeable there, and the source of the reading call. */
export const tableDialectSchema = z.object({
  /** `csv`, `tsv`, `xlsx`, `xls`, `ods`, `parquet`, `json`, `jsonl`, … by content, whatever the extension says. */
  format: z.string(),
  /** WHATWG-like name, such as `utf-8`, `utf-8-sig`, `gb18030`, `utf-16le`; `null` for binary formats. */
  encoding: z.nullable(z.string()),
  delimiter: z.nullable(z.string()),
  quote: z.nullable(z.string()),
  decimal: z.nullable(z.string()),
  thousands: z.nullable(z.string()),
  /** Zero-based line (or sheet row) of the header, counted in the file; `null` when there is none. */
  headerRow: z.nullable(z.number()),
  /** How many lines (or sheet rows) the header takes, from `headerRow` on; 1 where left out. */
  headerRows: z.optional(z.number()),
  /** The part of the file that was read: a sheet, a member of a zip, a table of a database or a page. */
  sheet: z.nullable(z.string()),
  /** What the file is packed in: `gzip` or `zip`. */
  compression: z.optional(z.string()),
});
export type TableDialect = z.infer<typeof tableDialectSchema>;

/** What the person chose on the card; everything left out is detected. */
export const dialectChoiceSchema = z.object({
  encoding: z.exactOptional(z.nullable(z.string())),
  delimiter: z.exactOptional(z.nullable(z.string())),
  quote: z.exactOptional(z.nullable(z.string())),
  decimal: z.exactOptional(z.nullable(z.string())),
  thousands: z.exactOptional(z.nullable(z.string())),
  headerRow: z.exactOptional(z.nullable(z.number())),
  headerRows: z.exactOptional(z.number()),
  sheet: z.exactOptional(z.nullable(z.string())),
});
export type DialectChoice = z.infer<typeof dialectChoiceSchema>;

/** The reading that code should use, which gives the same rows and columns as the profile. */
export const tableReadingSchema = z.object({
  /** Python expression over pandas, with the variable `path`, such as `pd.read_csv(path, encoding="gb18030")`. */
  pandas: z.string(),
  /** Packages that the expression needs, such as `["pandas", "openpyxl"]`. */
  packages: z.array(z.string()),
  /** Standard-library Python statements that leave a list of dictionaries in `rows`; `null` where there are none. */
  standardLibrary: z.nullable(z.string()),
});

/** Everything that is known of a table before a model is asked. */
export const tableProfileSchema = z.object({
  /** As it was given; absolute. */
  path: z.string(),
  name: z.string(),
  sizeBytes: z.number(),
  /** Milliseconds since the epoch: tells whether the file has changed since. */
  modifiedMs: z.number(),
  dialect: tableDialectSchema,
  /** The parts of the file that can be read. `rowCount` is `null` where counting would mean reading. */
  sheets: z.array(z.object({ name: z.string(), rowCount: z.nullable(z.number()), hidden: z.boolean() })),
  rowCount: z.number(),
  columns: z.array(columnProfileSchema),
  /** Rows that equal an earlier row in every column. */
  duplicateRows: z.number(),
  /** `true` where `duplicateRows` is an estimate: there are more different rows than are told apart one by one. */
  duplicateRowsEstimated: z.optional(z.boolean()),
  /** Columns, or pairs of columns, whose values tell every row from every other, the simplest first. */
  keys: z.optional(z.array(z.array(z.string()))),
  totals: z.array(tableTotalSchema),
  warnings: z.array(tableWarningSchema),
  /** The first rows, in column order. */
  rows: z.array(z.array(tableCellSchema)),
  reading: tableReadingSchema,
  /** `false` while only a part has been read; `rowCount` is then what was read so far. */
  complete: z.boolean(),
  /** Bytes of the file that were read, of `sizeBytes`, where `complete` is `false`. */
  readBytes: z.optional(z.number()),
  /** Wall time of the reading, milliseconds. */
  durationMs: z.number(),
});
export type TableProfile = z.infer<typeof tableProfileSchema>;
