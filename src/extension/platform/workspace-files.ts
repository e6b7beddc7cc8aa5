import { stat } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import { Uri, l10n, window, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { tableExtensions } from "../manifest/table-extensions.ts";
import { isInside } from "./is-inside.ts";

/** The path of a file on disk; `undefined` for files that Python could not open, such as those of a virtual workspace. */
export function diskPath(uri: Uri): string | undefined {
  return uri.scheme === "file" ? uri.fsPath : undefined;
}

/** Reads a `text/uri-list` as it is dropped: addresses of files only, comments and others are left out. */
export function droppedPaths(lines: readonly string[]): readonly string[] {
  return lines
    .flatMap((line) => line.split(/\r?\n/u))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => dropUri(line))
    .flatMap((uri) => (uri === undefined ? [] : (diskPath(uri) ?? [])));
}

/** A remote file is dropped with the window's own scheme and is a plain file here, where the extension runs beside it. */
function dropUri(line: string): Uri | undefined {
  if (isAbsolute(line)) {
    return Uri.file(line);
  }
  const uri = /^[a-z][a-z\d+.-]*:/iu.test(line) ? Uri.parse(line) : undefined;
  return uri?.scheme === "vscode-remote" ? Uri.file(uri.path) : uri;
}

/** Asks for tables in the editor's own picker. @returns Absolute paths; none when it was cancelled. */
export async function pickTables(): Promise<readonly string[]> {
  const [folder] = workspace.workspaceFolders ?? [];
  const picked = await window.showOpenDialog({
    canSelectMany: true,
    openLabel: l10n.t("Analyze"),
    title: l10n.t("Files to analyze"),
    filters: {
      [l10n.t("Tables")]: [...tableExtensions, "txt", "html", "md", "gz", "zip"],
      [l10n.t("All files")]: ["*"],
    },
    ...(folder === undefined ? {} : { defaultUri: folder.uri }),
  });
  return (picked ?? []).flatMap((uri) => diskPath(uri) ?? []);
}

/** The folder that is open, where it is on disk: code runs there. */
export function workspaceDirectory(): string | undefined {
  const [folder] = workspace.workspaceFolders ?? [];
  return folder === undefined ? undefined : diskPath(folder.uri);
}

/** The folders that are open and on disk. */
export function workspaceRoots(): readonly string[] {
  return (workspace.workspaceFolders ?? []).flatMap(({ uri }) => diskPath(uri) ?? []);
}

/** Asks what to ask about, in the editor's own picker. @returns Absolute paths; none when it was cancelled. */
export async function pickSources(
  kind: "files" | "folder",
  title = kind === "files" ? l10n.t("Files to ask about") : l10n.t("Folders to ask about"),
): Promise<readonly string[]> {
  const [folder] = workspace.workspaceFolders ?? [];
  const picked = await window.showOpenDialog({
    canSelectMany: true,
    canSelectFiles: kind === "files",
    canSelectFolders: kind === "folder",
    openLabel: l10n.t("Add"),
    title,
    ...(folder === undefined ? {} : { defaultUri: folder.uri }),
  });
  return (picked ?? []).flatMap((uri) => diskPath(uri) ?? []);
}

/** Whether `path` is in one of the folders that are open. */
export function isInWorkspace(path: string): boolean {
  return (workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === "file" && isInside(path, uri.fsPath));
}

/** Whether `name` is the name of a file and no way out of its folder. */
export function isPlainFileName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && name === basename(name) && !/[\\/:\0]/u.test(name);
}

/** What is at `path`; `undefined` where nothing is that can be read. */
export async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  return stat(path).then(
    (found) => (found.isFile() ? "file" : found.isDirectory() ? "folder" : undefined),
    () => undefined,
  );
}

/** @throws AgentError `page.refused` where the path is no file of the workspace. */
export async function fileInWorkspace(path: string): Promise<void> {
  if (!isInWorkspace(path) || !(await isFile(path))) {
    throw new AgentError("page.refused", { what: path }, l10n.t("“{0}” is no file of this workspace.", path));
  }
}

/** Whether there is a file at `path`. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
