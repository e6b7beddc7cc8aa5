import * as z from "zod/mini";

/** A table cell as it crosses a process: integers beyond 2^53 and every date travel as text, missing as `null`. */
export const tableCellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type TableCell = z.infer<typeof tableCellSchema>;

/** One column of a displayed table. `kind` decides alignment, formatting and how it sorts. */
export const tableColumnSchema = z.object({
  name: z.string(),
  kind: z.enum(["number", "text", "date", "boolean"]),
  /** The dtype as pandas names it, or the Python type. */
  dtype: z.string(),
});

/** A stream's text, in the order it was printed. Consecutive pieces of one stream may be joined. */
const textOutputSchema = z.object({
  type: z.literal("text"),
  stream: z.enum(["stdout", "stderr"]),
  text: z.string(),
});

/** The value of a cell's last expression that is neither a table nor a picture, as `repr` prints it. */
const valueOutputSchema = z.object({ type: z.literal("value"), text: z.string() });

/** A data frame or series: at most 1,000 rows and 200 columns travel, the counts say how many there are. */
export const tableOutputSchema = z.object({
  type: z.literal("table"),
  name: z.optional(z.string()),
  columns: z.array(tableColumnSchema),
  rows: z.array(z.array(tableCellSchema)),
  rowCount: z.number(),
  columnCount: z.number(),
});

/** A picture. The bytes are in the session's folder. */
const imageOutputSchema = z.object({
  type: z.literal("image"),
  mime: z.enum(["image/png", "image/jpeg", "image/svg+xml"]),
  /** File name inside the session's output folder, no directories. */
  file: z.string(),
  /** Pixels. */
  width: z.number(),
  height: z.number(),
  /** What it shows, for a screen reader: the titles and axis labels of the figure. */
  alt: z.string(),
});

/** An exception that ended the cell. `traceback` starts at the person's code, without frames of the interpreter. */
const errorOutputSchema = z.object({
  type: z.literal("error"),
  name: z.string(),
  message: z.string(),
  traceback: z.string(),
});

/** Said where output was cut: the whole is in `file`, a name inside the session's output folder. */
const truncationOutputSchema = z.object({
  type: z.literal("truncation"),
  file: z.string(),
  totalBytes: z.number(),
});

/** One thing a cell showed. */
export const cellOutputSchema = z.discriminatedUnion("type", [
  textOutputSchema,
  valueOutputSchema,
  tableOutputSchema,
  imageOutputSchema,
  errorOutputSchema,
  truncationOutputSchema,
]);
export type CellOutput = z.infer<typeof cellOutputSchema>;
export type TableOutput = z.infer<typeof tableOutputSchema>;

/**
 * How a cell ended. `interrupted`: the person stopped it and variables survive; `timeout`: the wall-time limit
 * interrupted it; `exited`: the process ended and variables are lost; `denied`: the person refused it, nothing ran.
 */
export const cellStatusSchema = z.enum(["ok", "error", "interrupted", "timeout", "exited", "denied"]);
export type CellStatus = z.infer<typeof cellStatusSchema>;

/** What code would do beyond computing, as found by reading it (not by running it). */
export const codeEffectSchema = z.object({
  kind: z.enum([
    "read-file",
    "write-file",
    "delete-file",
    "change-data",
    "process",
    "network",
    "dynamic-code",
    "environment",
  ]),
  /** The path, address, command, statement or call, as written in the code. */
  detail: z.string(),
  /** 1-based line in the cell. */
  line: z.number(),
});
export type CodeEffect = z.infer<typeof codeEffectSchema>;

/** Effects that always need a reviewer and a yes of their own, whatever was granted before. */
export function isRiskyEffect(effect: CodeEffect): boolean {
  return effect.kind !== "read-file";
}
