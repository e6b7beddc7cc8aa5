import * as z from "zod/mini";
import { leftOnClusterSchema } from "./cell-output.ts";

/** A name inside of one folder, without a way out of it. */
const fileNameSchema = z.string().check(
  z.minLength(1),
  z.maxLength(255),
  z.refine(
    (name) => !/[/\\]/u.test(name) && !name.includes("\0") && name !== "." && name !== "..",
    "no name of a file",
  ),
);

/** A name of {@link fileNameSchema} that is not hidden: what is, the window keeps for itself. */
const shownFileNameSchema = fileNameSchema.check(z.refine((name) => !name.startsWith("."), "a hidden file"));

const sha256Schema = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** One message of the interpreter's own protocol; whoever takes it checks it further. */
const lineSchema = z.looseObject({ t: z.string() });

/** A file that a cell wrote for the person: its content in base64, or to be fetched by its hash. */
const writtenFileSchema = z.object({
  name: shownFileNameSchema,
  sha256: sha256Schema,
  sizeBytes: z.int().check(z.gte(0)),
  base64: z.optional(z.string()),
});
export type WrittenFile = z.infer<typeof writtenFileSchema>;

/** A file as it is to lie under the folder in which cells run. */
const placedFileSchema = z.object({
  /** Relative, with slashes, no `..`. */
  path: z.string().check(z.minLength(1)),
  sha256: sha256Schema,
  sizeBytes: z.int().check(z.gte(0)),
  /** Milliseconds since 1970. */
  modifiedMs: z.int(),
});
export type PlacedFile = z.infer<typeof placedFileSchema>;

/**
 * What a cell did to the folder in which it ran, but for what was put there. Paths are relative to it, with slashes; they
 * are whatever code called its files.
 */
const folderChangesSchema = z.object({
  /** Counted by the kernel. */
  id: z.int(),
  /** `null` where no cell ran. */
  cell: z.nullable(z.string()),
  /** Their contents can be fetched. */
  files: z.array(z.object({ path: z.string(), sha256: sha256Schema, sizeBytes: z.int().check(z.gte(0)) })),
  /** Written, and not to be fetched. */
  left: z.array(z.object({ path: z.string(), sizeBytes: z.int(), why: leftOnClusterSchema })),
  deleted: z.array(z.string()),
  /** How many more were left or deleted than are named. */
  more: z.int(),
  /** The whole folder was looked at. */
  complete: z.boolean(),
});
export type FolderChanges = z.infer<typeof folderChangesSchema>;

/** How a kernel is made. */
export interface KernelCreation {
  readonly title: string;
  /** What Python may take: the scheduler is asked for as much; 0 for no limit. */
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly gpus: number;
  /** Custom resources, by name. */
  readonly resources: { readonly [name: string]: number };
  /** Requirements as pip reads them, installed before it starts. */
  readonly pip?: readonly string[];
  /** It ends by itself after so many seconds without a window; 0 for never. */
  readonly idleS: number;
}

/** What the channel of a kernel says when it is opened. */
export const kernelAboutSchema = z.object({
  /** Where it runs, as the cluster calls it. */
  node: z.string(),
  /** What the interpreter said first, without its token. */
  hello: z.looseObject({ t: z.literal("hello") }),
  /** Absolute paths on the node, with slashes. */
  workingDirectory: z.string(),
  outputDirectory: z.string(),
  /** The cell that runs. */
  running: z.nullable(z.string()),
  /** What was told of written files and no window has dealt with; left out by a kernel that does not tell. */
  written: z.optional(z.array(folderChangesSchema)),
});
export type KernelAbout = z.infer<typeof kernelAboutSchema>;

/** Why a kernel's Python has gone, as far as the cluster knows. `code` is negative for a signal. */
const exitSchema = z.object({
  code: z.nullable(z.int()),
  reason: z.enum(["itself", "memory", "killed", "idle"]),
  tail: z.string(),
});
export type KernelExit = z.infer<typeof exitSchema>;

/** Bodies that a kernel sends to its window. A picture comes before the line that names it. */
export const fromKernelSchema = z.union([
  z.object({ line: lineSchema }),
  z.object({ terminal: z.string() }),
  z.object({ file: writtenFileSchema }),
  /** After the end of each cell, also where it wrote nothing. */
  z.object({ written: folderChangesSchema }),
  /** `missing`: the contents that the cluster does not have any more. */
  z.object({
    placed: z.object({ id: z.int(), problem: z.nullable(z.string()), missing: z.optional(z.array(z.string())) }),
  }),
  z.object({ exited: exitSchema }),
]);
export type FromKernel = z.infer<typeof fromKernelSchema>;

/** Bodies that a window sends to a kernel. */
export const toKernelSchema = z.union([
  z.object({ line: lineSchema }),
  z.object({ typed: z.string() }),
  z.object({ size: z.object({ columns: z.int().check(z.gte(1)), rows: z.int().check(z.gte(1)) }) }),
  /** What was told of written files by this number is dealt with. */
  z.object({ brought: z.int() }),
  z.object({ signal: z.enum(["interrupt", "kill"]) }),
  /** `spread`: on all nodes, for code that spreads over the cluster; it then reaches Ray, too. */
  z.object({ place: z.object({ id: z.int(), files: z.array(placedFileSchema), spread: z.optional(z.boolean()) }) }),
]);
export type ToKernel = z.infer<typeof toKernelSchema>;
