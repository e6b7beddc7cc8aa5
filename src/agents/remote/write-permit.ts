import { lstat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import * as z from "zod/mini";
import type { CodeEffect } from "../protocol/cell-output.ts";

const fileStateSchema = z.object({ sizeBytes: z.number(), modifiedMs: z.number() });
/** How a file of this machine is, as far as can be told without reading it. */
export type FileState = z.infer<typeof fileStateSchema>;

/** What one cell may write on this machine, after the yes that it was given. */
export const writePermitSchema = z.object({
  /** The code was seen to do something for which a person is asked each time, and which can write files. */
  mayWrite: z.boolean(),
  /** What it names to be written, relative to the working folder, with slashes: how that was when the cell began. */
  named: z.record(z.string(), z.nullable(fileStateSchema)),
});
export type WritePermit = z.infer<typeof writePermitSchema>;

/** Kinds of effects after whose yes code can write files on this machine. */
const writing: ReadonlySet<CodeEffect["kind"]> = new Set([
  "write-file",
  "change-data",
  "process",
  "network",
  "dynamic-code",
]);
/** Kinds of effects that name what is written. */
const naming: ReadonlySet<CodeEffect["kind"]> = new Set(["write-file", "change-data"]);

/** What a cell may write in the working folder, by what was found in its code before it was allowed. */
export async function writePermit(folder: string, effects: readonly CodeEffect[]): Promise<WritePermit> {
  const paths = effects.filter(({ kind }) => naming.has(kind)).flatMap(({ detail }) => pathsIn(folder, detail));
  const states = await Promise.all(
    [...new Set(paths)].map(async (path) => [path, (await stateOf(join(folder, path))) ?? null] as const),
  );
  return { mayWrite: effects.some(({ kind }) => writing.has(kind)), named: Object.fromEntries(states) };
}

/** How a file is; `undefined` where there is none, or none that is plain. */
export async function stateOf(path: string): Promise<FileState | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true ? { sizeBytes: found.size, modifiedMs: found.mtimeMs } : undefined;
}

/** Whether a file is as it was. */
export function isSame(left: FileState | null | undefined, right: FileState | null | undefined): boolean {
  return left?.sizeBytes === right?.sizeBytes && left?.modifiedMs === right?.modifiedMs;
}

/** What the text of an effect may name below a folder: all of it, or what stands in quotation marks. */
function pathsIn(folder: string, detail: string): readonly string[] {
  const quoted = [...detail.matchAll(/(["'])(.+?)\1/gu)].flatMap(([, , text]) => (text === undefined ? [] : [text]));
  return [detail, ...quoted].flatMap((text) => {
    const way = relative(folder, resolve(folder, text));
    const isBelow = way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
    return isBelow && !text.includes("\0") ? [way.split(sep).join("/")] : [];
  });
}
