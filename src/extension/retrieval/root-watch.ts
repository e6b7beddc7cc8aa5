import { statSync } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";
import { type Disposable, RelativePattern, Uri, workspace } from "vscode";
import { Disposables } from "../platform/disposables.ts";
import { globOfName } from "../platform/glob.ts";
import { ChangeBatch, type Changes } from "./change-batch.ts";
import { onExcludeChange } from "./exclude-globs.ts";

/** Folders of tools, which no index looks into: what changes there would only look like a storm. */
const toolFolders =
  /(?:^|\/)(?:\.git|\.hg|\.svn|node_modules|__pycache__|\.venv|\.tox|\.mypy_cache|\.pytest_cache)(?:\/|$)/u;

/**
 * Watches what an index is made of.
 *
 * @param onChanges Told of paths relative to the root, with `/`; does not reject.
 */
export function watchRoot(root: string, onChanges: (changes: Changes) => Promise<void>): Disposable {
  const owned = new Disposables();
  const batch = owned.add(new ChangeBatch(onChanges));
  const isFile = statSync(root, { throwIfNoEntry: false })?.isFile() === true;
  const folder = isFile ? dirname(root) : root;
  const changed = ({ scheme, fsPath }: Uri, how: "saved" | "seen"): void => {
    const path = relative(folder, fsPath).split(sep).join("/");
    const isOurs = scheme === "file" && path !== "" && !path.startsWith("../") && (!isFile || fsPath === root);
    if (isOurs && !toolFolders.test(path)) {
      batch.add(path, how);
    }
  };
  const pattern = isFile ? globOfName(basename(root)) : "**/*";
  const watcher = owned.add(workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), pattern)));
  owned.add(watcher.onDidCreate((uri) => changed(uri, "seen")));
  owned.add(watcher.onDidChange((uri) => changed(uri, "seen")));
  owned.add(watcher.onDidDelete((uri) => changed(uri, "seen")));
  owned.add(workspace.onDidSaveTextDocument(({ uri }) => changed(uri, "saved")));
  owned.add(workspace.onDidSaveNotebookDocument(({ uri }) => changed(uri, "saved")));
  owned.add(
    workspace.onDidRenameFiles(({ files }) =>
      files.forEach(({ oldUri, newUri }) => {
        changed(oldUri, "saved");
        changed(newUri, "saved");
      }),
    ),
  );
  owned.add(workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => changed(uri, "saved"))));
  owned.add(onExcludeChange(() => batch.addAll()));
  return owned;
}
