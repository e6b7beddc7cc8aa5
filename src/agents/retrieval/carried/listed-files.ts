import { excludes } from "../index/ignore-rules.ts";
import { type WalkedFile, type WalkRequest, walked } from "../index/walk-files.ts";
import type { ListedFiles } from "../postgres/plan-corpus.ts";
import type { FileStamp } from "../parse/read-file.ts";

/** A file of a place that is no folder of a machine, such as an object store. */
export interface ListedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly stamp: FileStamp;
}

/**
 * The files of a place that somebody has listed, as a walk through a folder would give them: level by level, those of a
 * level by name. Ignore files do not count there, globs do.
 */
export function listedFiles(files: readonly ListedFile[]): ListedFiles {
  const paths = new Set(files.map(({ path }) => path));
  const ordered = files.toSorted(
    (left, right) => depthOf(left.path) - depthOf(right.path) || compare(left.path, right.path),
  );
  return {
    isThere: (path) => paths.has(path),
    walk: function* walk({ exclude, mostFiles }: WalkRequest): Generator<WalkedFile> {
      const isLeftOut = excludes(exclude);
      let count = 0;
      for (const { path, stamp } of ordered) {
        if (!isLeftOut(path) && count < mostFiles) {
          count += 1;
          yield walked(path, stamp);
        }
      }
    },
  };
}

function depthOf(path: string): number {
  return path.split("/").length;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : 1;
}
