import { type Dirent, lstatSync, opendirSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { type FileStamp, stampOf } from "../parse/read-file.ts";
import { isSecretPath } from "../parse/secrets.ts";
import type { GitIgnoring } from "../../ports/passage-index.ts";
import { type IgnoreRules, ignoreRules, ownRules } from "./ignore-rules.ts";

/** A file that belongs to the index, or one that is named as left out. */
export type WalkedFile =
  | { readonly type: "file"; readonly path: string; readonly stamp: FileStamp }
  | { readonly type: "secret"; readonly path: string; readonly stamp: FileStamp }
  /** What agents are told: a document only for who names it. */
  | { readonly type: "agent"; readonly path: string; readonly stamp: FileStamp }
  /** A folder that cannot be read, or a file whose name is no Unicode. */
  | { readonly type: "unreadable"; readonly path: string };

/** What is walked. */
export interface WalkRequest {
  /** Absolute path of a folder or a file. */
  readonly root: string;
  /** Globs as in `files.exclude`. */
  readonly exclude: readonly string[];
  readonly gitIgnoring?: GitIgnoring | undefined;
  /** Files and folders under the root where the walk begins; empty for the root. */
  readonly places: readonly string[];
  /** The places themselves are not left out, and may be links. */
  readonly named: boolean;
  readonly mostFiles: number;
}

interface Folder {
  /** Relative to the root, with `/`; empty for the root. */
  readonly path: string;
  readonly rules: IgnoreRules;
}

/**
 * Lists the files under a root, place by place and level by level, those of a folder by name, until `mostFiles`; each
 * once. Links are not followed, so that nothing is read twice and nothing outside the root. The root may be one file,
 * which no ignore file leaves out.
 *
 * @yields paths relative to the root, with `/`; the name of the file when the root is one
 * @throws what the file system says of the root
 */
export function* walkFiles(request: WalkRequest): Generator<WalkedFile> {
  const seen = new Set<string>();
  for (const place of request.places) {
    for (const item of walkPlace(request, place, request.mostFiles - seen.size)) {
      if (!seen.has(item.path)) {
        seen.add(item.path);
        yield item;
      }
    }
  }
}

/**
 * Everything at one place.
 *
 * @yields files level by level
 */
function* walkPlace(request: WalkRequest, from: string, mostFiles: number): Generator<WalkedFile> {
  const { root, exclude, gitIgnoring, named } = request;
  const rootStats = statSync(root);
  if (!rootStats.isDirectory()) {
    if (from === "" || from === basename(root)) {
      yield fileAsRoot(root, stampOf(rootStats));
    }
    return;
  }
  const place = named ? namedPlace(root, from) : foundPlace(root, from);
  if (place === null || leadsOut(from)) {
    return;
  }
  const isFolder = place.stats.isDirectory();
  const usual = rulesAt(ignoreRules(root, exclude, gitIgnoring), from);
  const isLeftOut = usual === null || usual.leavesOut(from, isFolder);
  if (isLeftOut && !named) {
    return;
  }
  const rules = isLeftOut ? ownRules(root, gitIgnoring) : usual;
  const found = itemsAt(root, { path: from, rules }, place, mostFiles);
  yield* named && isOfAgents(isFolder ? `${from}/` : from) ? asDocuments(found) : found;
}

/**
 * What is at a place.
 *
 * @param at the place, and the rules around it
 * @yields a file, or those of a folder level by level
 */
function* itemsAt(root: string, at: Folder, { stats, isSecret }: Place, mostFiles: number): Generator<WalkedFile> {
  const { path, rules } = at;
  if (isSecret) {
    yield { type: "secret", path, stamp: stampOf(stats) };
  } else if (stats.isDirectory()) {
    yield* filesBelow(root, { path, rules: path === "" ? rules : rules.inside(path) }, mostFiles);
  } else if (stats.isFile()) {
    yield walked(path, stampOf(stats));
  }
}

/** Where a walk begins. */
interface Place {
  readonly stats: Stats;
  /** A link leads to what holds keys. */
  readonly isSecret: boolean;
}

/** A root that is one file: under its own name, and secret where it is a link to what holds keys. */
function fileAsRoot(root: string, stamp: FileStamp): WalkedFile {
  const real = realpathSync(root);
  const isLink = real !== join(realpathSync(dirname(root)), basename(root));
  const leadsToKeys = isLink && isSecretPath(real.split(sep).join("/"));
  return leadsToKeys ? { type: "secret", path: basename(root), stamp } : walked(basename(root), stamp);
}

/** Says whether a path is not one under the root. */
function leadsOut(from: string): boolean {
  return isAbsolute(from) || from.split("/").includes("..");
}

/** What a person named: a link is followed, unless it leads to keys. `null` where nothing is. */
function namedPlace(root: string, from: string): Place | null {
  try {
    const real = realpathSync(join(root, from));
    const stats = statSync(real);
    const name = real.split(sep).join("/");
    const leadsElsewhere = real !== join(realpathSync(root), from);
    return { stats, isSecret: leadsElsewhere && isSecretPath(stats.isDirectory() ? `${name}/` : name) };
  } catch {
    return null;
  }
}

/** What a walk from the root would come by: no link, nor anything behind one. `null` where nothing is. */
function foundPlace(root: string, from: string): Place | null {
  try {
    const stats = lstatSync(join(root, from));
    const isBehindLink =
      from !== "" && realpathSync(dirname(join(root, from))) !== join(realpathSync(root), dirname(from));
    return isBehindLink ? null : { stats, isSecret: false };
  } catch {
    return null;
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

/** What a file is to an index, by its path. */
export function walked(path: string, stamp: FileStamp): WalkedFile {
  return { type: isSecretPath(path) ? "secret" : isOfAgents(path) ? "agent" : "file", path, stamp };
}

/** Says of a path whether it lies in a folder in which agents are declared. */
function isOfAgents(path: string): boolean {
  return /(?:^|\/)\.byzer\/agents\//u.test(path);
}

/**
 * Files of agents that a person asked about.
 *
 * @yields them as any other
 */
function* asDocuments(found: Iterable<WalkedFile>): Generator<WalkedFile> {
  for (const item of found) {
    yield item.type === "agent" ? { ...item, type: "file" } : item;
  }
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
      } else if (isNoUnicode(entry.name)) {
        left -= 1;
        yield { type: "unreadable", path: own };
      }
    }
  }
}

/** Says whether bytes of a name could not be decoded: such a file cannot be opened by its name. */
function isNoUnicode(name: string): boolean {
  return name.includes("\ufffd");
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
