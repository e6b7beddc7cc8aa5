import { createHash } from "node:crypto";
import { workspace } from "vscode";

/**
 * A name for what is open, the same in every window that has it open and after every reload. (The editor's own
 * `storageUri` is not: a second window on a folder, or one that opens before the last has quite gone, gets another.)
 */
export function workspaceKey(): string {
  const { workspaceFile, workspaceFolders } = workspace;
  const place = workspaceFile?.scheme === "file" ? workspaceFile : workspaceFolders?.[0]?.uri;
  return place === undefined ? "no-folder" : createHash("sha256").update(place.toString()).digest("hex").slice(0, 16);
}
