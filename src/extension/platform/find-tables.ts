import { basename, dirname } from "node:path";
import { CancellationTokenSource, type Uri, workspace } from "vscode";
import type { FoundFile } from "../../agents/protocol/page.ts";
import { tableExtensions } from "../manifest/menus.ts";
import { rankPaths } from "./rank-paths.ts";
import { diskPath } from "./workspace-files.ts";

const shown = 12;
/** Most files that a search looks at; the rest of a larger workspace is found by its folder's own name. */
const mostFiles = 5000;
const longestSearchMs = 3000;
/** A list of files serves the letters that are typed one after the other. */
const keptMs = 5000;
/** Beside what `files.exclude` hides. */
const neverLookedInto = "**/{node_modules,.git,.venv,__pycache__}/**";
// Other text, such as `.txt`, is mostly no table; what is packed is opened by its content.
const pattern = `**/*.{${[...tableExtensions, "txt", "gz", "zip"].flatMap((name) => [name, name.toUpperCase()]).join(",")}}`;

let kept: { readonly uris: Promise<readonly Uri[]>; readonly untilMs: number } | undefined;

/** Tables of the workspace whose path fits what was typed, the best first. */
export async function findTables(text: string): Promise<readonly FoundFile[]> {
  const places = (await workspaceTables()).flatMap((uri) => {
    const path = diskPath(uri);
    return path === undefined ? [] : [{ path, label: workspace.asRelativePath(uri).replaceAll("\\", "/") }];
  });
  return rankPaths(places, text, shown).map(({ path, label }) => {
    const folder = dirname(label);
    return { path, name: basename(path), folder: folder === "." ? "" : folder };
  });
}

/** Files of the workspace that bear exactly this name. @returns Absolute paths. */
export async function tablesNamed(name: string): Promise<readonly string[]> {
  return (await workspaceTables()).flatMap((uri) => diskPath(uri) ?? []).filter((path) => basename(path) === name);
}

function workspaceTables(): Promise<readonly Uri[]> {
  const nowMs = Date.now();
  if (kept === undefined || kept.untilMs < nowMs) {
    kept = { uris: search(), untilMs: nowMs + keptMs };
  }

  return kept.uris;
}

async function search(): Promise<readonly Uri[]> {
  const source = new CancellationTokenSource();
  const timer = setTimeout(() => source.cancel(), longestSearchMs);
  try {
    return await workspace.findFiles(pattern, neverLookedInto, mostFiles, source.token);
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
