import { basename, dirname, join } from "node:path";
import { CancellationTokenSource, type Uri, l10n, workspace } from "vscode";
import type { FoundFile } from "../../agents/protocol/page.ts";
import { rankPaths } from "./rank-paths.ts";
import { isTableName } from "../platform/table-names.ts";
import { diskPath } from "../platform/workspace-files.ts";

const shown = 12;
/** Most files that a search looks at; the rest of a larger workspace is found by its folder's own name. */
const mostFiles = 5000;
const longestSearchMs = 3000;
/** A list of files serves the letters that are typed one after the other. */
const keptMs = 5000;
/** Beside what `files.exclude` hides. */
const neverLookedInto = "**/{node_modules,.git,.venv,__pycache__}/**";
/** By this name in any language of the product the whole workspace is found. */
const workspaceNames = ["workspace", "工作区"];

type Place = FoundFile & { readonly label: string };

let kept: { readonly places: Promise<readonly Place[]>; readonly untilMs: number } | undefined;

/** Files and folders of the workspace whose path fits what was typed, the best first; the workspace itself by its name. */
export async function findFiles(text: string): Promise<readonly FoundFile[]> {
  const roots = workspacePlaces();
  const wanted = text.toLowerCase();
  const named = wanted !== "" && workspaceNames.some((name) => name.startsWith(wanted)) ? roots : [];
  const found = rankPaths(await workspacePaths(), text, shown);
  return [...named, ...found, ...(text === "" ? roots : [])].slice(0, shown).map(({ path, name, folder, kind }) => {
    return { path, name, folder, kind };
  });
}

/** Files of the workspace that bear exactly this name. @returns Absolute paths. */
export async function filesNamed(name: string): Promise<readonly string[]> {
  const places = await workspacePaths();
  return places.filter((place) => place.kind !== "folder" && place.name === name).map(({ path }) => path);
}

function workspacePlaces(): readonly Place[] {
  return (workspace.workspaceFolders ?? []).flatMap(({ uri, name }) => {
    const path = diskPath(uri);
    return path === undefined ? [] : [{ path, name, folder: l10n.t("workspace"), kind: "workspace", label: name }];
  });
}

function workspacePaths(): Promise<readonly Place[]> {
  const nowMs = Date.now();
  if (kept === undefined || kept.untilMs < nowMs) {
    kept = { places: search(), untilMs: nowMs + keptMs };
  }

  return kept.places;
}

async function search(): Promise<readonly Place[]> {
  const source = new CancellationTokenSource();
  const timer = setTimeout(() => source.cancel(), longestSearchMs);
  try {
    const uris = await workspace.findFiles("**/*", neverLookedInto, mostFiles, source.token);
    const files = uris.flatMap((uri) => fileAt(uri));
    return [...files, ...foldersOf(files)];
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}

function fileAt(uri: Uri): readonly Place[] {
  const path = diskPath(uri);
  return path === undefined ? [] : [placeOf(path, labelOf(uri), isTableName(path) ? "table" : "document")];
}

/** The folders in which the files are, and those around them. */
function foldersOf(files: readonly Place[]): readonly Place[] {
  const folders = new Map<string, Place>();
  for (const file of files) {
    let [path, label] = [dirname(file.path), dirname(file.label)];
    while (label !== "." && !folders.has(path)) {
      folders.set(path, placeOf(path, label, "folder"));
      [path, label] = [join(path, ".."), dirname(label)];
    }
  }
  // With several folders in a workspace each path begins with the name of its folder, which is found as itself.
  workspacePlaces().forEach(({ path }) => folders.delete(path));
  return [...folders.values()];
}

function placeOf(path: string, label: string, kind: FoundFile["kind"]): Place {
  const folder = dirname(label);
  return { path, name: basename(path), folder: folder === "." ? "" : folder, kind, label };
}

function labelOf(uri: Uri): string {
  return workspace.asRelativePath(uri).replaceAll("\\", "/");
}
