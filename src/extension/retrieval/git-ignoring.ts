import { Uri, workspace } from "vscode";
import type { GitIgnoring } from "../../agents/ports/passage-index.ts";
import type { IndexBackend } from "./index-service.ts";

/** The settings that {@link gitIgnoring} reads. */
export const ignoringSettings = ["search.useIgnoreFiles", "search.useParentIgnoreFiles", "search.useGlobalIgnoreFiles"];

/**
 * Which ignore files of git a person wants in searches of a folder. Those above the folder count unless they are switched
 * off: the editor's own search passes them over where nobody has said anything, and a build folder of a repository whose
 * part is open is still no text to read.
 */
function gitIgnoring(root: string): GitIgnoring {
  const search = workspace.getConfiguration("search", Uri.file(root));
  const said = search.inspect<boolean>("useParentIgnoreFiles");
  return {
    files: search.get<boolean>("useIgnoreFiles", true),
    parents: said?.workspaceFolderValue ?? said?.workspaceValue ?? said?.globalValue ?? true,
    global: search.get<boolean>("useGlobalIgnoreFiles", false),
  };
}

/** An index whose updates follow the editor's settings of ignore files. */
export function withGitIgnoring(index: IndexBackend): IndexBackend {
  return {
    ...index,
    update: (request, signal) => index.update({ gitIgnoring: gitIgnoring(request.root), ...request }, signal),
    carry: (request, by, signal) => index.carry({ gitIgnoring: gitIgnoring(request.root), ...request }, by, signal),
  };
}
