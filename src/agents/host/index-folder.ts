import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where the command line keeps its indexes: `--index FOLDER`, else `BYZER_INDEX`, else the folder that the system has for
 * what can be made again.
 */
export function indexFolder(named: string | undefined): string {
  const chosen = named ?? process.env["BYZER_INDEX"];
  if (chosen !== undefined && chosen !== "") {
    return resolve(chosen);
  }
  const cache = process.env["XDG_CACHE_HOME"];
  if (cache !== undefined && cache !== "") {
    return join(cache, "byzer", "index");
  }
  if (process.platform === "win32") {
    return join(process.env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "byzer", "index");
  }
  const caches = process.platform === "darwin" ? join("Library", "Caches") : ".cache";
  return join(homedir(), caches, "byzer", "index");
}

/** The address of a shared index: `--index-url URL`, else `BYZER_INDEX_URL`; empty for an index on this machine. */
export function indexAddress(named: string | undefined): string {
  return named ?? process.env["BYZER_INDEX_URL"] ?? "";
}
