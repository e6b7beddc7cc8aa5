import { copyFile, mkdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { Range, Uri, commands, env, l10n, window, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { RequestHandlers } from "../../agents/protocol/page.ts";
import type { Source } from "../../agents/protocol/source.ts";
import { openSettings } from "../platform/open-settings.ts";
import { pictureName } from "../platform/picture-name.ts";
import { saveTable } from "../platform/save-table.ts";
import { isFile, isInWorkspace, isPlainFileName } from "../platform/workspace-files.ts";
import type { Services } from "../services.ts";
import { done } from "./done.ts";

type EditorRequests = Pick<
  RequestHandlers,
  | "file-open"
  | "table-save"
  | "image-save"
  | "image-open"
  | "output-open"
  | "code-insert"
  | "text-copy"
  | "transcript-open"
  | "link-open"
  | "trust-manage"
  | "settings-open"
  | "terminal-show"
>;

/** Requests that the editor itself carries out. What the page names is checked: it may not reach beyond its session. */
export function editorHandlers(services: Services): EditorRequests {
  const { desk, transcript } = services;
  const outputUri = (file: string): Uri => {
    const folder = desk.shown?.outputFolder;
    if (folder === undefined || !isPlainFileName(file)) {
      throw refused(file);
    }
    return Uri.file(join(folder, file));
  };
  const nameOf = (file: string): string => pictureName(desk.shown?.pictureTitle(file) ?? "", file);
  return {
    "file-open": async ({ path, lines = null }) => {
      const isNamed = [...(desk.shown?.paths ?? []), ...(desk.shown?.sourcePaths ?? [])].includes(path);
      if (!isNamed && !isInWorkspace(path)) {
        throw refused(path);
      }
      return done(openSource(path, lines));
    },
    "table-save": async ({ cellId, output }) => {
      const found = desk.shown?.table(cellId, output);
      if (found === undefined) {
        throw refused(cellId);
      }
      return done(saveTable(found.table, found.cellNumber));
    },
    "image-save": async ({ file }) => done(saveCopy(outputUri(file), nameOf(file))),
    "image-open": async ({ file }) => done(openPicture(outputUri(file), nameOf(file))),
    "output-open": async ({ file }) => done(commands.executeCommand("vscode.open", outputUri(file))),
    "code-insert": async ({ code }) => done(insertCode(code)),
    "text-copy": async ({ text }) => done(env.clipboard.writeText(text)),
    "transcript-open": async () => done(transcript.show(desk.shown)),
    "link-open": async ({ href }) => done(openLink(href)),
    "trust-manage": async () => done(commands.executeCommand("workbench.trust.manage")),
    "settings-open": async ({ query }) => done(openSettings(query)),
    "terminal-show": async () => done(showTerminal(services)),
  };
}

/** Shows the terminal of the session that is shown, wherever its Python runs; says so where there is none. */
export function showTerminal({ desk, kernels, launcher }: Pick<Services, "desk" | "kernels" | "launcher">): void {
  const id = desk.shown?.id;
  const isThere = desk.shown?.analysis.place.current.kind === "cluster";
  if (!(isThere ? kernels.reveal(id) : launcher.reveal(id))) {
    void window.showInformationMessage(l10n.t("No terminal is open: Python starts with the first code that runs."));
  }
}

/** An editor's tab is called after its file and nothing else, so a copy beside the picture carries the name. */
async function openPicture(source: Uri, name: string): Promise<void> {
  const folder = source.fsPath.slice(0, -extname(source.fsPath).length);
  const named = join(folder, name);
  await mkdir(folder, { recursive: true });
  await copyFile(source.fsPath, named);
  await commands.executeCommand("vscode.open", Uri.file(named));
}

async function saveCopy(source: Uri, name: string): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  const target = await window.showSaveDialog({
    title: l10n.t("Save picture"),
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder.uri, name) }),
  });
  if (target !== undefined) {
    await workspace.fs.copy(source, target, { overwrite: true });
  }
}

async function insertCode(code: string): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    const document = await workspace.openTextDocument({ language: "python", content: code });
    await window.showTextDocument(document);
    return;
  }
  await editor.edit((edit) => {
    for (const selection of editor.selections) {
      edit.replace(selection, code);
    }
  });
}

/** Answers may carry addresses that somebody else wrote, so the person sees the whole address first. */
async function openLink(href: string): Promise<void> {
  const uri = URL.canParse(href) ? new URL(href) : undefined;
  if (uri === undefined || !["http:", "https:", "mailto:"].includes(uri.protocol)) {
    throw refused(href);
  }
  const yes = l10n.t("Open");
  const question = l10n.t("Open this address?");
  if ((await window.showWarningMessage(question, { modal: true, detail: uri.href }, yes)) === yes) {
    await env.openExternal(Uri.parse(uri.href, true));
  }
}

function refused(what: string): AgentError {
  return new AgentError("page.refused", { what }, l10n.t("“{0}” is outside this session and is not opened.", what));
}

/** Opens a folder in the Explorer, or a file in its editor, with these of its lines selected. */
async function openSource(path: string, lines: Source["lines"]): Promise<void> {
  const uri = Uri.file(path);
  if (await isFile(path)) {
    const shown = lines === null ? {} : { selection: new Range(lines.first - 1, 0, lines.last, 0) };
    await commands.executeCommand("vscode.open", uri, shown);
  } else {
    await commands.executeCommand("revealInExplorer", uri);
  }
}
