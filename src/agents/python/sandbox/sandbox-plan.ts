import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { isSecretFileName, protectedInWorkspace, secretPlacesAtHome, secretPlacesOfMachine } from "./secret-places.ts";

const searchDepth = 4;
const searchLimit = 20_000;
const foldersPassedOver = new Set([".git", "node_modules", "site-packages", "__pycache__", ".venv", "venv"]);

/** What code may do, in paths of this machine. Every path is absolute, real and there. */
export interface SandboxPlan {
  readonly mode: "workspace" | "strict";
  readonly workingDirectory: string;
  /** Folders that code may write in. */
  readonly writable: readonly string[];
  /** Inside of {@link writable}, and not to be written all the same. */
  readonly guarded: readonly string[];
  /** Files and folders that code may not read. */
  readonly hidden: readonly Hidden[];
  /** What is needed even where it lies in a hidden folder. */
  readonly needed: readonly string[];
  /** Taken for temporary files; one of {@link writable}. */
  readonly temporary: string;
}

export interface Hidden {
  readonly path: string;
  readonly kind: "file" | "folder";
}

export interface PlanRequest {
  readonly mode: "workspace" | "strict";
  readonly home: string;
  readonly workingDirectory: string;
  /** The session's own folder for what code makes. */
  readonly outputDirectory: string;
  /** Exists, and belongs to this interpreter alone. */
  readonly temporary: string;
  /** The folder of the Python environment, and of the interpreter program. */
  readonly programs: readonly string[];
}

/** Works out what one interpreter may do. Looks at the disk: what is not there needs no guard. */
export function planSandbox(request: PlanRequest): SandboxPlan {
  const { mode, home } = request;
  const workingDirectory = real(request.workingDirectory) ?? request.workingDirectory;
  const own = existing([request.outputDirectory, request.temporary]);
  const isWide = isInside(real(home) ?? home, workingDirectory);
  const workspace = mode === "workspace" && !isWide ? [workingDirectory] : [];
  const needed = existing(request.programs);
  return {
    mode,
    workingDirectory,
    writable: [...workspace, ...own],
    guarded: [
      ...existing(workspace.flatMap((folder) => protectedInWorkspace.map((name) => join(folder, name)))),
      ...needed.filter((path) => workspace.some((folder) => isInside(path, folder))),
    ].filter((path) => workspace.some((folder) => isInside(path, folder) && path !== folder)),
    hidden: [
      ...hide([...secretPlacesAtHome.map((place) => join(home, place)), ...secretPlacesOfMachine]),
      ...hide(secretFilesIn("/etc/ssh", 0)),
      ...hide(isWide ? [] : secretFilesIn(workingDirectory, searchDepth)),
    ],
    needed,
    temporary: real(request.temporary) ?? request.temporary,
  };
}

/** Whether `path` is `folder` or lies in it. */
export function isInside(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below === "" || (!isAbsolute(below) && below !== ".." && !below.startsWith(`..${sep}`));
}

/** Files under `folder` whose names say that they hold keys. Stops after a while in a very large tree. */
function secretFilesIn(folder: string, depth: number): readonly string[] {
  const found: string[] = [];
  let seen = 0;
  let level: readonly string[] = [folder];
  for (let below = 0; below <= depth && level.length > 0 && seen < searchLimit; below += 1) {
    const next: string[] = [];
    for (const directory of level) {
      const entries = entriesOf(directory);
      seen += entries.length;
      found.push(...entries.filter(isSecret).map(({ name }) => join(directory, name)));
      next.push(...entries.filter(isSearched).map(({ name }) => join(directory, name)));
      if (seen >= searchLimit) {
        break;
      }
    }
    level = next;
  }
  return found;
}

function isSecret(entry: Dirent): boolean {
  return !entry.isDirectory() && isSecretFileName(entry.name);
}

function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && !foldersPassedOver.has(entry.name);
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What is there of `paths`, under its real name: a mask on a link would leave the target open. */
function hide(paths: readonly string[]): readonly Hidden[] {
  return existing(paths).map((path) => ({ path, kind: isFolder(path) ? "folder" : "file" }));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function existing(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => real(path) ?? []))];
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
