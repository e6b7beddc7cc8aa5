import { basename } from "node:path";
import { type Disposable, type TextDocumentContentProvider, Uri, l10n, window, workspace } from "vscode";
import type { IndexStatus } from "../../agents/ports/passage-index.ts";
import { formatCount } from "../platform/format.ts";

/** The scheme of lists that can only be read. */
const scheme = "byzer-index";

/** Opens lists of what an index leaves out, with the reasons. */
export class LeftOutList implements TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();

  /** Registers the scheme with the editor. */
  register(): Disposable {
    return workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  async open(root: string, status: IndexStatus): Promise<void> {
    const name = l10n.t("{0}: not in the index", basename(root));
    const uri = Uri.from({ scheme, path: `/${name}`, query: root, fragment: String(Date.now()) });
    this.#texts.set(uri.toString(), textOf(root, status));
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: true });
  }
}

function textOf(root: string, { leftOut, leftOutFiles }: IndexStatus): string {
  const heading = l10n.t(
    "{0} files under {1} are not in the index, or not as a whole.",
    formatCount(leftOutFiles),
    root,
  );
  const more = leftOutFiles - leftOut.length;
  const lines = leftOut.map(({ path, reason }) => `${path}\t${reason}`);
  return [heading, "", ...lines, ...(more > 0 ? [l10n.t("… and {0} more", formatCount(more))] : []), ""].join("\n");
}
