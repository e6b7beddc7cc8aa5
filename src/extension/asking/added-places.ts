import { basename } from "node:path";
import { l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { NewSource } from "../sessions/session-actions.ts";
import { filesNamed } from "./find-files.ts";
import { isTableName } from "../platform/table-names.ts";
import { droppedPaths, isInWorkspace, kindOf, pickSources, workspaceRoots } from "../platform/workspace-files.ts";

/** Most paths that a question names one by one. */
const namedPaths = 10;

/** What a person added, by what is done with it. */
export interface AddedPaths {
  /** To be analyzed. */
  readonly tables: readonly string[];
  /** To be asked about. */
  readonly sources: readonly string[];
}

/**
 * What dropped files and folders are to be added: those in the workspace at once, others after a yes. Of a file that
 * comes from outside the editor only the name may be known; it is looked for in the workspace, and asked for where it is
 * not there once.
 *
 * @returns Absolute paths.
 */
export async function pathsToAdd(uris: readonly string[], names: readonly string[]): Promise<AddedPaths> {
  const paths = droppedPaths(uris);
  const inside = paths.filter(isInWorkspace);
  const outside = paths.filter((path) => !isInWorkspace(path));
  const allowed = outside.length > 0 && (await mayAdd(outside)) ? outside : [];
  const added = [...inside, ...allowed, ...(await pathsOfNames(names))];
  const kinds = await Promise.all(added.map((path) => kindOf(path)));
  const isTable = (path: string, index: number): boolean => kinds[index] !== "folder" && isTableName(path);
  return { tables: added.filter(isTable), sources: added.filter((path, index) => !isTable(path, index)) };
}

/** @throws AgentError `page.refused` where the path is no file or folder of the workspace. */
export async function placeInWorkspace(path: string): Promise<void> {
  if (!isInWorkspace(path) || (await kindOf(path)) === undefined) {
    throw new AgentError("page.refused", { what: path }, l10n.t("“{0}” is no file or folder of this workspace.", path));
  }
}

/** Files and folders, as what is asked about. */
export async function addedPlaces(paths: readonly string[]): Promise<readonly NewSource[]> {
  const roots = workspaceRoots();
  return Promise.all(
    paths.map(async (path): Promise<NewSource> => {
      const kind = roots.includes(path) ? "workspace" : ((await kindOf(path)) ?? "file");
      return { kind, path, lines: null };
    }),
  );
}

async function mayAdd(paths: readonly string[]): Promise<boolean> {
  const yes = l10n.t("Add");
  const question =
    paths.length === 1
      ? l10n.t("Add “{0}” from outside this workspace?", basename(paths[0] ?? ""))
      : l10n.t("Add {0} files from outside this workspace?", paths.length);
  const named = paths.slice(0, namedPaths).join("\n");
  const detail = `${named}${paths.length > namedPaths ? "\n…" : ""}\n\n${l10n.t("Their content is read, and what is found in it is told to the model that you chose.")}`;
  return (await window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

async function pathsOfNames(names: readonly string[]): Promise<readonly string[]> {
  const known = await Promise.all(names.map((name) => filesNamed(name)));
  const unclear = names.filter((_name, index) => known[index]?.length !== 1);
  const found = known.flatMap((paths) => (paths.length === 1 ? paths : []));
  if (unclear.length === 0) {
    return found;
  }

  const title = l10n.t("Where is {0}? A file dropped from outside the editor does not say.", unclear.join(", "));
  return [...found, ...(await pickSources("files", title))];
}
