import { basename } from "node:path";
import { type Uri, l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { offerSave, saveFirst } from "../documents/unsaved-changes.ts";
import { activeUri, clickedUris } from "../platform/clicked-files.ts";
import { diskPath, kindOf, pickSources, workspaceRoots } from "../platform/workspace-files.ts";
import type { NewSource } from "../sessions/session-actions.ts";

/** How the sources that a person named are asked about. */
type AskAbout = (sources: readonly NewSource[]) => Promise<void>;

/** Asks about the files and folders that are clicked, else about the file in front of the person, else about chosen ones. */
export async function askAboutFiles(askAbout: AskAbout, clicked: unknown, selected: unknown): Promise<void> {
  const uris = clickedUris(clicked, selected);
  const active = uris.length === 0 ? activeUri() : undefined;
  const chosen = active === undefined ? uris : [active];
  const paths = chosen.length === 0 ? await pickSources("files") : chosen.map((uri) => pathOf(uri));
  await askAbout(await Promise.all(paths.map((path) => placeSource(path))));
  await offerSave(paths);
}

/** Asks about the folders that are clicked, else about chosen ones. */
export async function askAboutFolders(askAbout: AskAbout, clicked: unknown, selected: unknown): Promise<void> {
  const uris = clickedUris(clicked, selected);
  const paths = uris.length === 0 ? await pickSources("folder") : uris.map((uri) => pathOf(uri));
  await askAbout(await Promise.all(paths.map((path) => placeSource(path))));
}

/** Asks about the lines that are selected, else as {@link askAboutFiles}. */
export async function askAboutSelection(askAbout: AskAbout, clicked: unknown, selected: unknown): Promise<void> {
  const lines = await selectedLines();
  await (lines === undefined ? askAboutFiles(askAbout, clicked, selected) : askAbout(lines));
}

/** Asks about everything that is open. */
export async function askAboutWorkspace(askAbout: AskAbout): Promise<void> {
  const roots = workspaceRoots();
  if (roots.length === 0) {
    void window.showInformationMessage(l10n.t("No folder is open. Open a folder, or ask about a file."));
    return;
  }
  await askAbout(roots.map((path) => ({ kind: "workspace", path, lines: null })));
}

/** @throws AgentError `index.not-found` where nothing is at the path. */
async function placeSource(path: string): Promise<NewSource> {
  const kind = await kindOf(path);
  if (kind === undefined) {
    throw new AgentError("index.not-found", { path }, l10n.t("There is no “{0}”, or it may not be read.", path));
  }
  const isRoot = kind === "folder" && workspaceRoots().includes(path);
  return { kind: isRoot ? "workspace" : kind, path, lines: null };
}

/** @throws AgentError `page.refused` for what has no path, such as a text that was never saved. */
function pathOf(uri: Uri): string {
  const path = diskPath(uri);
  if (path === undefined) {
    const advice =
      uri.scheme === "untitled"
        ? l10n.t("“{0}” was never saved. Save it to ask about it.", basename(uri.path))
        : l10n.t("“{0}” is not a file on a disk. Save a copy in a folder to ask about it.", basename(uri.path));
    throw new AgentError("page.refused", { what: uri.toString() }, advice);
  }
  return path;
}

/**
 * The lines that are selected in the text in front of the person, as they will be read from the disk; none where the
 * person does not want them. `undefined` where nothing is selected, or no text shows lines of a file.
 */
async function selectedLines(): Promise<readonly NewSource[] | undefined> {
  const editor = window.activeTextEditor;
  const selections = editor?.selections.filter(({ isEmpty }) => !isEmpty) ?? [];
  if (editor === undefined || selections.length === 0 || editor.document.uri.scheme === "vscode-notebook-cell") {
    return undefined;
  }
  const path = pathOf(editor.document.uri);
  if (!(await saveFirst(editor.document))) {
    return [];
  }
  return selections.map(({ start, end }) => {
    const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
    return { kind: "lines", path, lines: { first: start.line + 1, last } };
  });
}
