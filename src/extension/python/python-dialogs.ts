import { type QuickPickItem, l10n, window } from "vscode";
import type { PythonCandidate } from "../../agents/python/find-python.ts";

/** Lets the person pick one of the Pythons known, or a file. @returns `undefined` when it was cancelled. */
export async function askPython(known: readonly PythonCandidate[]): Promise<PythonCandidate | undefined> {
  interface Item extends QuickPickItem {
    readonly candidate?: PythonCandidate;
  }
  const browse: Item = { label: `$(folder-opened) ${l10n.t("Choose a file…")}` };
  const distinct = new Map(known.toReversed().map((candidate) => [candidate.path, candidate]));
  const items = [...distinct.values()].toReversed().map((candidate): Item => ({
    label: candidate.path,
    description: candidate.origin,
    candidate,
  }));
  const title = l10n.t("The Python that runs code in this workspace");
  const picked = await window.showQuickPick<Item>([...items, browse], { title });
  if (picked !== browse) {
    return picked?.candidate;
  }
  const [file] = (await window.showOpenDialog({ title, openLabel: l10n.t("Choose") })) ?? [];
  return file === undefined ? undefined : { path: file.fsPath, origin: l10n.t("Chosen for this workspace") };
}
