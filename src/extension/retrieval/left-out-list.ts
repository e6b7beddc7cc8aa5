import { basename } from "node:path";
import { type Disposable, Uri, env, l10n, window, workspace } from "vscode";
import type { IndexStatus } from "../../agents/ports/passage-index.ts";
import { leftOutText } from "../../agents/protocol/words/left-out-text.ts";
import { Disposables } from "../platform/disposables.ts";
import { formatCount } from "../platform/format.ts";

/** The scheme of lists that can only be read. */
const scheme = "byzer-index";

/** Opens lists of what an index leaves out, with the reasons. */
export class LeftOutList implements Disposable {
  readonly #texts = new Map<string, string>();
  readonly #owned = new Disposables();

  constructor() {
    const provideTextDocumentContent = (uri: Uri): string => this.#texts.get(uri.toString()) ?? "";
    this.#owned.add(workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent }));
    this.#owned.add(workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Shows what an index leaves out, as it is now. */
  async open(root: string, status: IndexStatus): Promise<void> {
    const name = l10n.t("{0}: not in the index", basename(root));
    const uri = Uri.from({ scheme, path: `/${name}`, query: root, fragment: String(Date.now()) });
    this.#texts.set(uri.toString(), textOf(root, status));
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: true });
  }
}

function textOf(root: string, { leftOut, leftOutFiles }: IndexStatus): string {
  const heading =
    leftOutFiles === 1
      ? l10n.t("1 file under {0} is not in the index, or not as a whole.", root)
      : l10n.t("{0} files under {1} are not in the index, or not as a whole.", formatCount(leftOutFiles), root);
  const more = leftOutFiles - leftOut.length;
  const lines = leftOut.map(({ path, reason }) => `${path}\t${leftOutText(reason, env.language)}`);
  return [heading, "", ...lines, ...(more > 0 ? [l10n.t("… and {0} more", formatCount(more))] : []), ""].join("\n");
}
