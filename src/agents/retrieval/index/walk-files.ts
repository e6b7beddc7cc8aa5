import { type Dirent, lstatSync, opendirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type FileStamp, stampOf } from "../parse/read-file.ts";
import { isSecretPath } from "../parse/secrets.ts";
import { type IgnoreRules, ignoreRules } from "./ignore-rules.ts";

/** A file that belongs to the index, or one that is named as left out. */
export type WalkedFile =
  | { readonly type: "file"; readonly path: string; readonly stamp: FileStamp }
  | { readonly type: "secret"; readonly path: string; readonly stamp: FileStamp }
  /** A folder that cannot be read. */
  | { readonly type: "unreadable"; readonly path: string };

/** What is walked. */
export interface WalkRequest {
  /** Absolute path of a folder or a file. */
  readonly root: string;
  /** Globs as in `files.exclude`. */
  readonly exclude: readonly string[];
  /** A file or folder under the root where the walk begins; empty for the root. */
  readonly from: string;
  readonly mostFiles: number;
}

interface Folder {
  /** Relative to the root, with `/`; empty for the root. */
  readonly path: string;
  readonly rules: IgnoreRules;
}

/**
 * Lists the files under a root, level by level, those of a folder by name, until `mostFiles`. Links are not followed,
 * so that nothing is read twice and nothing outside the root. The root may be one file, which no ignore file leaves out.
 *
 * @yields paths relative to the root, with `/`; the name of the file when the root is one
 * @throws what the file system says of the root
 */
export function* walkFiles({ root, exclude, from, mostFiles }: WalkRequest): Generator<WalkedFile> {
  const rootStats = statSync(root);
  if (!rootStats.isDirectory()) {
    if (from === "" || from === basename(root)) {
      yield walked(basename(root), stampOf(rootStats));
    }
    return;
  }
  const rules = rulesAt(ignoreRules(root, exclude), from);
  const stats = lstatSync(join(root, from), { throwIfNoEntry: false });
  if (rules === null || stats === undefined || rules.leavesOut(from, stats.isDirectory())) {
    return;
  }
  if (stats.isDirectory()) {
    yield* filesBelow(root, { path: from, rules: from === "" ? rules : rules.inside(from) }, mostFiles);
  } else if (stats.isFile()) {
    yield walked(from, stampOf(stats));
  }
}

/** The rules of the folder in which a path lies; `null` when one of the folders above it is left out. */
function rulesAt(rules: IgnoreRules, path: string): IgnoreRules | null {
  let found = rules;
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    const folder = path.slice(0, slash);
    if (found.leavesOut(folder, true)) {
      return null;
    }
    found = found.inside(folder);
  }
  return found;
}

/**
 * Everything under a folder.
 *
 * @yields files level by level
 */
function* filesBelow(root: string, top: Folder, mostFiles: number): Generator<WalkedFile> {
  let folders: readonly Folder[] = [top];
  let count = 0;
  while (folders.length > 0 && count < mostFiles) {
    const next: Folder[] = [];
    for (const folder of folders) {
      for (const item of filesOf(root, folder, mostFiles - count, next)) {
        count += 1;
        yield item;
      }
    }
    folders = next;
  }
}

function walked(path: string, stamp: FileStamp): WalkedFile {
  return { type: isSecretPath(path) ? "secret" : "file", path, stamp };
}

/**
 * The files of one folder; the folders in it are added to `folders`.
 *
 * @yields files by name
 */
function* filesOf(root: string, { path, rules }: Folder, most: number, folders: Folder[]): Generator<WalkedFile> {
  const entries = entriesOf(join(root, path), most);
  if (entries === null) {
    yield { type: "unreadable", path: path === "" ? "." : path };
    return;
  }
  let left = most;
  for (const entry of entries) {
    const own = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!rules.leavesOut(own, true)) {
        folders.push({ path: own, rules: rules.inside(own) });
      }
    } else if (entry.isFile() && left > 0 && !rules.leavesOut(own, false)) {
      const stats = lstatSync(join(root, own), { throwIfNoEntry: false });
      if (stats?.isFile() === true) {
        left -= 1;
        yield walked(own, stampOf(stats));
      }
    }
  }
}

/** Entries of a folder by name; of a folder with very many, the first that come. `null` where it cannot be read. */
function entriesOf(path: string, most: number): readonly Dirent[] | null {
  const entries: Dirent[] = [];
  try {
    const folder = opendirSync(path, { bufferSize: 512 });
    try {
      for (let entry = folder.readSync(); entry !== null && entries.length <= most + 1000; entry = folder.readSync()) {
        entries.push(entry);
      }
    } finally {
      folder.closeSync();
    }
  } catch {
    return null;
  }
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
