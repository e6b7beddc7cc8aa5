import { type ExtensionContext, type LogOutputChannel, Uri, l10n, workspace } from "vscode";
import type { PythonCandidate } from "../../agents/python/find-python.ts";
import { readSetting } from "../platform/configuration.ts";
import { isFile } from "../platform/workspace-files.ts";
import { pythonExtensionChoice } from "../platform/python-extension.ts";

const pickKey = "byzer.python";

/** Keeps the Python that the person picked for this workspace. */
export async function keepPickedPython(context: ExtensionContext, executable: string): Promise<void> {
  await context.workspaceState.update(pickKey, executable);
}

/** Where the managed environment lives; shared by all workspaces. */
export function managedFolder(context: Pick<ExtensionContext, "globalStorageUri">): string {
  return Uri.joinPath(context.globalStorageUri, "python").fsPath;
}

/**
 * The Pythons that somebody chose, the best first: the person's pick in this workspace, the Python extension's choice,
 * the setting, the managed environment where it has been made. PATH comes after these.
 */
export async function pythonCandidates(
  context: Pick<ExtensionContext, "globalStorageUri" | "workspaceState">,
  log: LogOutputChannel,
): Promise<readonly PythonCandidate[]> {
  const [folder] = workspace.workspaceFolders ?? [];
  const extension = await pythonExtensionChoice(folder?.uri).catch((error: unknown) => {
    log.warn("The Python extension could not be asked for its choice.", error);
    return undefined;
  });
  const managed = managedFolder(context);
  const isManaged = await isFile(Uri.joinPath(context.globalStorageUri, "python", "byzer-environment.json").fsPath);
  return [
    candidate(context.workspaceState.get<string>(pickKey), l10n.t("Chosen for this workspace")),
    candidate(extension, l10n.t("The Python extension's choice")),
    candidate(readSetting("python.path"), l10n.t("The setting byzer.python.path")),
    candidate(isManaged ? managed : undefined, l10n.t("The environment that Byzer Agent set up")),
  ].flat();
}

function candidate(path: string | undefined, origin: string): readonly PythonCandidate[] {
  return path === undefined || path === "" ? [] : [{ path, origin }];
}
