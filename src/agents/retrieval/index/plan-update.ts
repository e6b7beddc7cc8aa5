import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { AgentError } from "../../base/errors.ts";
import type { GitIgnoring, IndexProgress } from "../../ports/passage-index.ts";
import { sameStamp } from "../parse/read-file.ts";
import { excludes, isIgnoreFile } from "./ignore-rules.ts";
import type { Pace } from "./pace.ts";
import type { StoredFile } from "./passage-store.ts";
import type { FileTask } from "./prepare-files.ts";
import { type WalkedFile, walkFiles, type WalkRequest } from "./walk-files.ts";

/** What is brought up to date. */
export interface UpdateRequest {
  readonly root: string;
  readonly exclude: readonly string[];
  readonly gitIgnoring?: GitIgnoring;
  /** What `exclude` leaves out stays in the index as it is. */
  readonly keepExcluded?: boolean;
  /** Only these files and folders, relative to the root; `null` for all. */
  readonly only: readonly string[] | null;
  /** What stands in `only` is read whatever ignore files and `exclude` say. */
  readonly named: boolean;
  /** Files beyond are left out. */
  readonly mostFiles: number;
  readonly onProgress: (progress: IndexProgress) => void;
}

/** What a look at the folder says is to be done. */
export interface Plan {
  readonly tasks: readonly FileTask[];
  /** Files that the index has and the folder has not. */
  readonly gone: readonly StoredFile[];
  /** Folders that cannot be read. */
  readonly unreadable: readonly string[];
  readonly unchanged: number;
  readonly tooManyFiles: boolean;
}

/** What an index knows of the files that it has, whatever it is kept in. */
export interface KnownFiles {
  /** The files in a folder, or the file itself, by their paths. @param under the empty path is the root */
  files(under: string): ReadonlyMap<string, StoredFile> | Promise<ReadonlyMap<string, StoredFile>>;
}

/** How files are looked for. */
export interface PlanCourse {
  /** Lists the files; {@link walkFiles} where left out. */
  readonly walk?: ((request: WalkRequest) => Iterable<WalkedFile>) | undefined;
  /** Is told each task when it is found, in their order. */
  readonly onTask?: (task: FileTask) => void;
}

/** A file that was changed as late as this before it was read may have been changed after, within one tick of its clock. */
const clockTickMs = 2000;

/**
 * Looks at the folder, or at the files and folders asked for, and compares it with what the index knows.
 *
 * @throws AgentError `index.not-found`; the signal's reason
 */
export async function planUpdate(
  store: KnownFiles,
  request: UpdateRequest,
  pace: Pace,
  { walk = walkFiles, onTask }: PlanCourse = {},
): Promise<Plan> {
  const { root, exclude, gitIgnoring, named, mostFiles } = request;
  const folder = isFolder(root) ? root : dirname(root);
  const places = placesToLookAt(request);
  const knownAt = await Promise.all(places.map(async (path) => await store.files(path)));
  const known = new Map(knownAt.flatMap((files) => [...files]));
  const tasks: FileTask[] = [];
  const unreadable: string[] = [];
  let count = 0;
  for (const item of walk({ root, exclude, gitIgnoring, places, named, mostFiles: mostFiles + 1 })) {
    count += 1;
    if (count > mostFiles) {
      break;
    }
    const before = known.get(item.path);
    known.delete(item.path);
    if (item.type === "unreadable") {
      unreadable.push(item.path);
    } else if (needsReading(before, item)) {
      const isSecret = item.type === "secret";
      const setAside = item.type === "agent" ? { givenUp: item.type } : {};
      const knownHash = before?.hash ?? null;
      const task = { folder, path: item.path, stamp: item.stamp, isSecret, knownHash, ...setAside };
      tasks.push(task);
      onTask?.(task);
    }
    const pause = pace.breathe();
    if (pause !== undefined) {
      // oxlint-disable-next-line no-await-in-loop -- a folder is listed in one go, with pauses
      await pause;
    }
  }
  const unchanged = Math.min(count, mostFiles) - tasks.length - unreadable.length;
  const keeps = request.keepExcluded === true ? excludes(exclude) : () => false;
  const gone = [...known].flatMap(([path, file]) => (keeps(path) ? [] : [file]));
  return { tasks, gone, unreadable, unchanged, tooManyFiles: count > mostFiles };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The files and folders to look at. A changed ignore file concerns its whole folder. */
function placesToLookAt({ root, only, named }: UpdateRequest): readonly string[] {
  const places = (only ?? [""]).map((path) => (!named && isIgnoreFile(path) ? folderOf(path) : path));
  return places.map((path) => (path === "" && !isFolder(root) ? basename(root) : path));
}

function isFolder(root: string): boolean {
  try {
    return statSync(root).isDirectory();
  } catch (error) {
    throw new AgentError("index.not-found", { path: root }, `There is no "${root}", or it may not be read.`, error);
  }
}

function needsReading(known: StoredFile | undefined, item: Exclude<WalkedFile, { type: "unreadable" }>): boolean {
  if (known === undefined) {
    return true;
  }
  const mayHaveChanged = known.seenMs - known.stamp.changedMs < clockTickMs;
  return (
    !sameStamp(known.stamp, item.stamp) ||
    (item.type === "secret") !== (known.reason === "secret") ||
    (item.type === "agent") !== (known.reason === "agent") ||
    (mayHaveChanged && item.type === "file")
  );
}
