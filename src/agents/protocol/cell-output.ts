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

/**
 * Why a file that a cell wrote on a cluster is not in the working folder here. `size`, `count`: the limits of one cell;
 * `link`: it is no plain file; `name`: it cannot be called so here; `unreadable`: the cluster could not read it; `unasked`:
 * nobody was asked whether the code may write; `hidden`: its path is hidden, and the code that was allowed does not name
 * it; `exists`: a file of that name is here, and the code that was allowed does not name it; `changed`: the file here was
 * changed meanwhile; `sandbox`: code on this machine could not write it either; `unknown`: another window let the code run;
 * `outside`: it stands for a file outside of the working folder; `failed`: it could not be brought;
 * `stopped`: the person stopped.
 */
export const leftOnClusterSchema = z.enum([
  "size",
  "count",
  "link",
  "name",
  "unreadable",
  "unasked",
  "hidden",
  "exists",
  "changed",
  "sandbox",
  "unknown",
  "outside",
  "failed",
  "stopped",
]);
export type LeftOnCluster = z.infer<typeof leftOnClusterSchema>;

/** What a cell that ran on a cluster wrote into its working folder there. Paths are relative to it, with slashes. */
const filesOutputSchema = z.object({
  type: z.literal("files"),
  /** The machine, as the cluster calls it. */
  node: z.string(),
  /** Absolute, on that machine: the working folder there. */
  folder: z.string(),
  /** In the working folder here now. */
  brought: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
  /** Only there. `reason`: what went wrong, where that is known. */
  left: z.array(
    z.object({ path: z.string(), sizeBytes: z.number(), why: leftOnClusterSchema, reason: z.optional(z.string()) }),
  ),
  /** Deleted there; what is here stays. */
  deleted: z.array(z.string()),
  /** How many more were left or deleted than are named. */
  more: z.number(),
  /** The whole folder was looked at. */
  complete: z.boolean(),
  /** Python was lost before it was known what code had written. */
  lost: z.boolean(),
});

const interpreterOutputs = [
  textOutputSchema,
  valueOutputSchema,
  tableOutputSchema,
  imageOutputSchema,
  errorOutputSchema,
  truncationOutputSchema,
] as const;

/** What an interpreter says that a cell showed. */
export const interpreterOutputSchema = z.discriminatedUnion("type", interpreterOutputs);

/** One thing a cell showed. */
export const cellOutputSchema = z.discriminatedUnion("type", [...interpreterOutputs, filesOutputSchema]);
export type CellOutput = z.infer<typeof cellOutputSchema>;
export type FilesOutput = z.infer<typeof filesOutputSchema>;
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
