import { basename } from "node:path";
import { type NotebookDocument, type TextDocument, l10n, window, workspace } from "vscode";

/** Tells the person that what they changed in these files and did not save is not read, and offers to save it. */
export async function offerSave(paths: readonly string[]): Promise<void> {
  const dirty = unsaved(paths);
  if (dirty.length === 0) {
    return;
  }
  const save = l10n.t("Save");
  const names = dirty.map(({ uri }) => basename(uri.fsPath)).join(", ");
  const text = l10n.t("{0} has changes that are not saved. What was last saved is read.", names);
  if ((await window.showInformationMessage(text, save)) === save) {
    await Promise.all(dirty.map((document) => document.save()));
  }
}

/**
 * Lines are counted in what is on the disk, so a changed text is saved before they are asked about, after a yes.
 *
 * @returns Whether the text on the disk is the one that the person sees.
 */
export async function saveFirst(document: TextDocument): Promise<boolean> {
  if (!document.isDirty) {
    return true;
  }
  const save = l10n.t("Save and Ask");
  const name = basename(document.uri.fsPath);
  const text = l10n.t("{0} has changes that are not saved. Its lines are read as they were saved.", name);
  return (await window.showInformationMessage(text, save)) === save && (await document.save());
}

function unsaved(paths: readonly string[]): readonly (TextDocument | NotebookDocument)[] {
  return [...workspace.textDocuments, ...workspace.notebookDocuments].filter(
    ({ isDirty, uri }) => isDirty && uri.scheme === "file" && paths.includes(uri.fsPath),
  );
}
