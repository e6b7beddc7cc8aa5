import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type QuickPickItem, Uri, type WorkspaceFolder, env, l10n, window, workspace } from "vscode";
import { agentNamePattern } from "../../agents/protocol/agent-definition.ts";
import { type TemplateFile, type TemplateKind, filesOf, typesFile } from "../../agents/declared/templates.ts";
import { isFile } from "../platform/workspace-files.ts";

export interface NewAgentParts {
  readonly extensionUri: Uri;
  /** Whether somebody is called so already. */
  readonly isTaken: (name: string) => boolean;
}

interface Choice extends QuickPickItem {
  readonly template: TemplateKind;
}

/** Asks what kind of agent and for its name, writes its file, and opens it. */
export async function newAgent(parts: NewAgentParts): Promise<void> {
  const folder = await chooseFolder();
  const title = l10n.t("New Agent");
  const choice = folder && (await window.showQuickPick(choices(), { title, matchOnDescription: true }));
  const name = choice && (await askName(parts, title));
  if (folder === undefined || choice === undefined || name === undefined) {
    return;
  }
  const agents = Uri.joinPath(folder.uri, ".byzer", "agents");
  const files = filesOf(choice.template, name, env.language);
  const support = isCode(choice.template) ? [await typesOf(parts.extensionUri)] : [];
  const [first] = await writeFiles(agents, [...files, ...support]);
  if (first !== undefined) {
    await window.showTextDocument(first);
  }
}

async function chooseFolder(): Promise<WorkspaceFolder | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    void window.showInformationMessage(l10n.t("Agents are kept in a folder: open one first."));
  }
  return folders.length > 1 ? window.showWorkspaceFolderPick() : folders[0];
}

function choices(): readonly Choice[] {
  return [
    { template: "agent", label: l10n.t("Agent"), detail: l10n.t("A description and a system message") },
    {
      template: "tools",
      label: l10n.t("Agent with tools"),
      detail: l10n.t("Lists, reads and searches the files of the workspace"),
    },
    { template: "reviewer", label: l10n.t("Reviewer"), detail: l10n.t("Finds what is wrong in a text or in code") },
    {
      template: "group",
      label: l10n.t("Group chat"),
      detail: l10n.t("A writer and a critic who talk until the text is good"),
    },
    {
      template: "typescript",
      label: l10n.t("Agent in TypeScript"),
      detail: l10n.t("Reply functions and tools of its own, with types"),
    },
    {
      template: "javascript",
      label: l10n.t("Agent in JavaScript"),
      detail: l10n.t("Reply functions and tools of its own"),
    },
  ];
}

function isCode(template: TemplateKind): boolean {
  return template === "typescript" || template === "javascript";
}

function askName({ isTaken }: NewAgentParts, title: string): Thenable<string | undefined> {
  return window
    .showInputBox({
      title,
      prompt: l10n.t("What is it called by, as in @name?"),
      validateInput: (name) => {
        if (!agentNamePattern.test(name)) {
          return name === ""
            ? undefined
            : l10n.t("Names have letters of any script, figures, “_” and “-”, and begin with a letter.");
        }
        return isTaken(name) ? l10n.t("There is an agent called “{0}” already.", name) : undefined;
      },
    })
    .then((name) => (name === "" ? undefined : name));
}

/** The types of the package, so that the editor completes what an agent in code may say. */
async function typesOf(extensionUri: Uri): Promise<TemplateFile> {
  const path = Uri.joinPath(extensionUri, "dist", "byzer-agent", "index.d.ts").fsPath;
  return { name: typesFile, text: await readFile(path, "utf8"), isShared: false };
}

/** Writes files that are not there yet. Types are those of this version. @returns Where each is. */
async function writeFiles(folder: Uri, files: readonly TemplateFile[]): Promise<readonly Uri[]> {
  return Promise.all(
    files.map(async ({ name, text, isShared }) => {
      const uri = Uri.joinPath(folder, ...name.split("/"));
      if (!(isShared && (await isFile(join(folder.fsPath, name))))) {
        await workspace.fs.writeFile(uri, Buffer.from(text));
      }
      return uri;
    }),
  );
}
