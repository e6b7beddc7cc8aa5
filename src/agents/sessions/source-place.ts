import { realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, sep } from "node:path";
import type { SourceScope } from "../asking/source-scope.ts";
import type { IndexUpdateRequest } from "../ports/passage-index.ts";
import type { Source } from "../protocol/source.ts";

/** A source's place in its index, and what brings it up to date there. */
export interface SourcePlace extends SourceScope {
  readonly update: Pick<IndexUpdateRequest, "root" | "only" | "named">;
}

/**
 * The index of a source is that of the innermost root that holds it, and is brought up to date for the source only; a
 * source outside of all roots is an index by itself.
 *
 * @param roots Absolute paths of folders.
 */
export function sourcePlace(source: Source, roots: readonly string[]): SourcePlace {
  const lines = source.lines === null ? {} : { lines: source.lines };
  const held = roots
    .map((root) => ({ root, path: pathWithin(root, source.path) }))
    .filter((place): place is { readonly root: string; readonly path: string } => place.path !== null)
    .toSorted((a, b) => a.path.length - b.path.length)[0];
  if (held !== undefined) {
    const { root, path } = held;
    const update = path === "" ? { root } : { root, only: [path], named: true };
    return { source, root, folder: root, path, within: { path, ...lines }, update };
  }

  const isFile = isFileAt(source.path);
  return {
    source,
    root: source.path,
    folder: isFile ? dirname(source.path) : source.path,
    path: isFile ? basename(source.path) : "",
    within: { path: "", ...lines },
    update: { root: source.path },
  };
}

/** The path below a root, with `/`; `null` where it is not below. Links are seen through. */
function pathWithin(root: string, path: string): string | null {
  return below(root, path) ?? below(realPath(root), realPath(path));
}

function below(root: string, path: string): string | null {
  const way = relative(root, path);
  const leadsOut = way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
  return leadsOut ? null : way.split(sep).join("/");
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isFileAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
