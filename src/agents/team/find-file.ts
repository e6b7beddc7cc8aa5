import { readdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

const mostEntries = 20_000;
const deepest = 8;
const tableFiles =
  /\.(?:csv|tsv|psv|xlsx|xlsm|xlsb|xls|ods|parquet|arrow|feather|jsonl?|ndjson|geojson|sqlite3?|db)(?:\.gz|\.zip)?$/iu;
const passedOver = new Set(["node_modules", "__pycache__", "venv"]);

/** What a written path leads to. */
export type FoundFile =
  | { readonly kind: "file" | "folder"; readonly path: string; readonly isInside: boolean }
  | { readonly kind: "several"; readonly paths: readonly string[] }
  | { readonly kind: "none" };

/**
 * Finds what a person calls by `written`: a path, or the name of a file somewhere in `roots`.
 *
 * @param listed The files below `roots`, for who has them already.
 */
export async function findFile(
  written: string,
  roots: readonly string[],
  listed: () => Promise<readonly string[]> = () => filesIn(roots),
): Promise<FoundFile> {
  const tried = placesOf(written, roots);
  const there = await Promise.all(tried.map((path) => kindOf(path)));
  const at = there.findIndex((kind) => kind !== undefined);
  const [path, kind] = [tried[at], there[at]];
  if (path !== undefined && kind !== undefined) {
    return { kind, path, isInside: await isWithin(path, roots) };
  }

  if (/[\\/]/u.test(written)) {
    return { kind: "none" };
  }

  const wanted = written.toLowerCase();
  const named = (await listed()).filter((file) => nameOf(file).toLowerCase() === wanted);
  const [only] = named;
  return only === undefined
    ? { kind: "none" }
    : named.length === 1
      ? { kind: "file", path: only, isInside: true }
      : { kind: "several", paths: named };
}

/** Where paths that are written so may lead. */
export function placesOf(written: string, roots: readonly string[]): readonly string[] {
  return isAbsolute(written) || written.startsWith("~")
    ? [atHome(written)]
    : roots.map((root) => resolve(root, written));
}

/** Files that may hold tables, in `roots`, at most `limit`. */
export async function tableFilesIn(roots: readonly string[], limit: number): Promise<readonly string[]> {
  return (await filesIn(roots)).filter((path) => tableFiles.test(path)).slice(0, limit);
}

function atHome(path: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/u, homedir()));
}

function nameOf(path: string): string {
  return path.split(/[\\/]/u).at(-1) ?? path;
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? "file" : found?.isDirectory() === true ? "folder" : undefined;
}

/** Whether a file lies in one of `roots`, links followed. */
async function isWithin(path: string, roots: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  const folders = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  return folders.some((folder) => {
    const below = relative(folder, real);
    return !isAbsolute(below) && below !== ".." && !below.startsWith(`..${sep}`);
  });
}

/** Files below `roots`, those near the top first; hidden folders and folders of packages are passed over. */
export async function filesIn(roots: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  let folders: readonly string[] = roots;
  for (let depth = 0; depth < deepest && folders.length > 0 && files.length < mostEntries; depth += 1) {
    const next: string[] = [];
    // One level after the other, so that the nearest come first.
    // oxlint-disable-next-line no-await-in-loop
    for (const { folder, entries } of await Promise.all(folders.slice(0, mostEntries).map(entriesOf))) {
      for (const entry of entries) {
        if (entry.isFile()) {
          files.push(join(folder, entry.name));
        } else if (entry.isDirectory() && !entry.name.startsWith(".") && !passedOver.has(entry.name)) {
          next.push(join(folder, entry.name));
        }
      }
    }

    folders = next;
  }

  return files.slice(0, mostEntries);
}

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return { folder, entries: entries.toSorted((one, other) => one.name.localeCompare(other.name)) };
}
