import { type Disposable, Uri, workspace } from "vscode";
import { ignoringSettings } from "./git-ignoring.ts";

/** Which files the editor hides and leaves out of its own search, as globs relative to a folder. */
export function excludeGlobs(root: string): readonly string[] {
  const scope = Uri.file(root);
  const hidden = workspace.getConfiguration("files", scope).get<unknown>("exclude");
  const unsearched = workspace.getConfiguration("search", scope).get<unknown>("exclude");
  return [...new Set([...globsOf(hidden), ...globsOf(unsearched)])];
}

/** Calls `listener` after a person has changed what is hidden or left out. */
export function onExcludeChange(listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    const settings = ["files.exclude", "search.exclude", ...ignoringSettings];
    if (settings.some((setting) => change.affectsConfiguration(setting))) {
      listener();
    }
  });
}

/** Those that are switched on; one that depends on a sibling file is the editor's alone. */
function globsOf(setting: unknown): readonly string[] {
  return typeof setting === "object" && setting !== null
    ? Object.entries(setting).flatMap(([glob, isOn]) => (isOn === true ? [glob.replace(/\/$/u, "")] : []))
    : [];
}
