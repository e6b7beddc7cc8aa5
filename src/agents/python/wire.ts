import * as z from "zod/mini";
import { sandboxModeSchema } from "../protocol/sandbox.ts";
import type { ReadingTrial } from "../ports/interpreter.ts";
import { codeEffectSchema, interpreterOutputSchema } from "../protocol/cell-output.ts";

/** The first line of a connection: proves by its token that it is the program that was started. */
export const helloSchema = z.object({
  t: z.literal("hello"),
  token: z.string(),
  pid: z.number(),
  version: z.string(),
  executable: z.string(),
  packages: z.record(z.string(), z.string()),
  /** Whether the system enforces the memory limit that was asked for. */
  memoryLimited: z.boolean(),
  /** How much memory it may use: its limit, that of its container, or the machine's; 0 where nobody knows. */
  memoryBytes: z.optional(z.number()),
  /** What came of the sandbox that was asked for; `problem` is empty where it holds. */
  sandbox: z.optional(z.nullable(z.object({ by: z.string(), mode: sandboxModeSchema, problem: z.string() }))),
});
export type Hello = z.infer<typeof helloSchema>;

const inspectionSchema = z.object({
  syntaxError: z.nullable(z.object({ message: z.string(), line: z.number() })),
  imports: z.array(z.string()),
  effects: z.array(codeEffectSchema),
});

const readingSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("read"),
    rows: z.number(),
    names: z.nullable(z.array(z.string())),
    missing: z.optional(z.array(z.number())),
    sums: z.optional(z.array(z.nullable(z.number()))),
    magnitudes: z.optional(z.array(z.nullable(z.number()))),
  }),
  z.object({ status: z.literal("failed"), error: z.string() }),
  z.object({ status: z.literal("unread"), reason: z.string() }),
]);

const sqlCheckSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("absent") }),
  z.object({ status: z.literal("checked"), kinds: z.array(z.string()), reason: z.nullable(z.string()) }),
  z.object({
    status: z.literal("tables"),
    tables: z.array(z.object({ name: z.string(), columns: z.array(z.object({ name: z.string(), type: z.string() })) })),
  }),
]);

/** Everything the interpreter says after its hello. */
export const fromPythonSchema = z.discriminatedUnion("t", [
  z.object({ t: z.literal("output"), cell: z.nullable(z.string()), output: interpreterOutputSchema }),
  z.object({
    t: z.literal("done"),
    cell: z.string(),
    status: z.enum(["ok", "error", "interrupted"]),
    durationMs: z.number(),
  }),
  /** The cell waits for somebody to type, or has stopped waiting: its clock stands still meanwhile. */
  z.object({ t: z.literal("waiting"), waiting: z.boolean() }),
  /** Figures have found a font with Chinese glyphs. */
  z.object({ t: z.literal("font"), name: z.string() }),
  z.object({ t: z.literal("refreshed"), id: z.number(), packages: z.record(z.string(), z.string()) }),
  z.object({ t: z.literal("inspection"), id: z.number(), inspection: inspectionSchema }),
  z.object({ t: z.literal("reading"), id: z.number(), reading: readingSchema }),
  z.object({ t: z.literal("sql-check"), id: z.number(), check: sqlCheckSchema }),
]);
export type FromPython = z.infer<typeof fromPythonSchema>;

/** Everything that is said to the interpreter. */
export type ToPython =
  /** `number`: of the cell in its session, counted from 1. */
  | { readonly t: "run"; readonly cell: string; readonly code: string; readonly number?: number }
  | { readonly t: "interrupt"; readonly cell: string; readonly reason: "stop" | "timeout" }
  | { readonly t: "inspect"; readonly id: number; readonly code: string }
  /** A reading call is to be tried beside the cells. */
  | ({ readonly t: "check-reading"; readonly id: number } & ReadingTrial)
  | { readonly t: "stop-check"; readonly id: number }
  /** A statement is to be checked against the tables of the connection in `variable`, without running it. */
  | { readonly t: "check-sql"; readonly id: number; readonly variable: string; readonly sql: string }
  /** Packages have been installed. */
  | { readonly t: "refresh"; readonly id: number }
  | { readonly t: "close" };

/** One line. */
export function encodeLine(message: ToPython): string {
  return `${JSON.stringify(message)}\n`;
}
