import * as z from "zod/mini";
import { problemSchema } from "./problem.ts";

/** What a person asks about: a file, some lines of one, a folder, or a whole folder of the workspace. */
export const sourceSchema = z.object({
  /** Unique in a session. */
  id: z.string(),
  kind: z.enum(["file", "lines", "folder", "workspace"]),
  /** Absolute. */
  path: z.string(),
  /** As a chip shows it: the last part of the path. */
  name: z.string(),
  /** Counted from one; `null` unless the kind is `lines`. */
  lines: z.nullable(z.object({ first: z.number(), last: z.number() })),
});
export type Source = z.infer<typeof sourceSchema>;

/** How far the index of a source is. */
export const sourceStateSchema = z.discriminatedUnion("status", [
  /** May be asked already; what is not read yet is not found. `ofFiles`: `null` while folders are still being listed. */
  z.object({ status: z.literal("indexing"), doneFiles: z.number(), ofFiles: z.nullable(z.number()) }),
  z.object({
    status: z.enum(["ready", "stopped"]),
    /** That hold text. */
    files: z.number(),
    passages: z.number(),
    leftOutFiles: z.number(),
    /** The first 50, with the reason as the index gives it. */
    leftOut: z.array(z.object({ path: z.string(), reason: z.string() })),
    /** There are more files than an index holds. */
    tooManyFiles: z.boolean(),
  }),
  z.object({ status: z.literal("failed"), problem: problemSchema }),
]);
export type SourceState = z.infer<typeof sourceStateSchema>;
