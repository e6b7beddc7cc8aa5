import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type QuickPickItem, Uri, commands, l10n, window, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Problems } from "../platform/problems.ts";
import { type Agents, loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import { workspaceDirectory } from "../platform/workspace-files.ts";
import type { OpenSession } from "./open-session.ts";

interface FormatItem extends QuickPickItem {
  readonly extension: string;
  /** What the save dialog calls files of this kind. */
  readonly kindName: string;
}

/**
 * Asks for a format and a place, and writes a session there; nothing happens where the person leaves one of the two out.
 *
 * @param turnId One question of the session; `null`: all of them.
 * @throws AgentError `export.*`, in the editor's language.
 */
export async function exportSession(
  session: OpenSession | undefined,
  turnId: string | null,
  problems: Problems,
): Promise<void> {
  const ended = session?.state.turns.filter(({ id, status }) => status !== "running" && (turnId ?? id) === id) ?? [];
  if (session === undefined || ended.length === 0) {
    throw new AgentError("export.empty", {}, nothingToExport());
  }
  const format = await window.showQuickPick(formats(), {
    title: turnId === null ? l10n.t("Export the session as") : l10n.t("Export this answer as"),
  });
  if (format === undefined) {
    return;
  }
  const agents = await loadAgents();
  const title = turnId === null ? session.state.title : (ended[0]?.question ?? "");
  const chosen = await window.showSaveDialog({
    title: l10n.t("Export session"),
    defaultUri: defaultTarget(session, agents.exportName({ title }), format.extension),
    filters: { [format.kindName]: [format.extension.slice(1)] },
  });
  if (chosen === undefined) {
    return;
  }
  const target = await write(agents, { session, turnId, chosen });
  // The message stays for as long as the person likes; the command has done its work.
  void problems.guard(() => offerToOpen(target));
}

function formats(): readonly FormatItem[] {
  return [
    {
      label: l10n.t("Jupyter notebook"),
      description: ".ipynb",
      detail: l10n.t("Questions, answers, code and outputs; runs again from top to bottom"),
      extension: ".ipynb",
      kindName: l10n.t("Notebook"),
    },
    {
      label: l10n.t("Python script"),
      description: ".py",
      detail: l10n.t("The code alone, with the questions as comments"),
      extension: ".py",
      kindName: l10n.t("Python"),
    },
    {
      label: l10n.t("Report"),
      description: ".md",
      detail: l10n.t("Answers, tables and plots in Markdown, the code folded"),
      extension: ".md",
      kindName: l10n.t("Markdown"),
    },
  ];
}

/** Where the code ran, so that it finds its files as it did; a name that is free. */
function defaultTarget(session: OpenSession, name: string, extension: string): Uri {
  const folder = workspaceDirectory() ?? dirname(session.paths[0] ?? session.outputFolder);
  for (let count = 1; ; count += 1) {
    const path = join(folder, `${name}${count === 1 ? "" : ` (${count})`}${extension}`);
    if (!existsSync(path)) {
      return Uri.file(path);
    }
  }
}

/** @returns The absolute path of the file. */
async function write(
  agents: Agents,
  { session, turnId, chosen }: { readonly session: OpenSession; readonly turnId: string | null; readonly chosen: Uri },
): Promise<string> {
  if (chosen.scheme !== "file") {
    const reason = l10n.t("it is not on a disk that this window can write");
    throw new AgentError("export.not-writable", { path: chosen.path, reason }, notWritable(chosen.path, reason));
  }
  const target = chosen.fsPath;
  const folder = workspaceDirectory() ?? null;
  try {
    await agents.writeExport({
      events: session.events,
      sessionFolder: dirname(session.outputFolder),
      workingDirectory: folder,
      target,
      root: folder,
      turnId,
      failedAttempts: readSetting("export.failedAttempts"),
    });
  } catch (error) {
    throw inEditorLanguage(error, target);
  }
  return target;
}

function inEditorLanguage(error: unknown, target: string): unknown {
  if (AgentError.is(error, "export.not-writable")) {
    const { details } = error;
    return new AgentError(error.code, details, notWritable(target, details.reason), error);
  }
  if (AgentError.is(error, "export.unknown-format")) {
    const message = l10n.t("“{0}” names no format: end it with .ipynb, .py or .md.", target);
    return new AgentError(error.code, error.details, message, error);
  }
  if (AgentError.is(error, "export.is-input")) {
    const message = l10n.t("“{0}” is one of the analyzed files and is not overwritten. Choose another name.", target);
    return new AgentError(error.code, error.details, message, error);
  }
  return AgentError.is(error, "export.empty")
    ? new AgentError(error.code, error.details, nothingToExport(), error)
    : error;
}

function nothingToExport(): string {
  return l10n.t("There is nothing to export yet: ask a question first, and wait for its answer.");
}

function notWritable(target: string, reason: string): string {
  return l10n.t("“{0}” could not be written: {1}. Choose another place.", target, reason);
}

async function offerToOpen(target: string): Promise<void> {
  const open = l10n.t("Open");
  const name = workspace.asRelativePath(target);
  if ((await window.showInformationMessage(l10n.t("Exported to {0}.", name), open)) === open) {
    await commands.executeCommand("vscode.open", Uri.file(target));
  }
}
