import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, l10n, window, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Place } from "../../agents/protocol/page.ts";
import { loadAgents } from "../platform/agents.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Highlight } from "./highlight.ts";
import { findWords, sayWhatChanged } from "./show-words.ts";

/** The scheme of texts that were taken out of documents; they can only be read. */
const scheme = "byzer-text";

/** Shows the text of documents that no editor shows, as answers cite it. The tab bears the document's name. */
export class ExtractedTexts implements TextDocumentContentProvider, Disposable {
  readonly #owned = new Disposables();
  readonly #changes = this.#owned.add(new EventEmitter<Uri>());
  /** By the address of the view. */
  readonly #texts = new Map<string, string>();

  readonly onDidChange = this.#changes.event;

  /** Registers the scheme with the editor. */
  register(): Disposable {
    const owned = new Disposables();
    owned.add(workspace.registerTextDocumentContentProvider(scheme, this));
    owned.add(workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())));
    return owned;
  }

  /** A view that the editor opens again after a reload is read again. */
  async provideTextDocumentContent(uri: Uri): Promise<string> {
    return this.#texts.get(uri.toString()) ?? (await textOf(uri.query)).text;
  }

  /** Opens the text of a document at a place, as the document is now. */
  async show(place: Place, highlight: Highlight): Promise<void> {
    const name = basename(place.path);
    const uri = Uri.from({ scheme, path: `/${name}`, query: place.path });
    const { text, lineNumbers } = await textOf(place.path);
    const before = this.#texts.get(uri.toString());
    this.#texts.set(uri.toString(), text);
    const document = await workspace.openTextDocument(uri);
    if (before !== undefined && before !== text) {
      await this.#changed(uri);
    }
    const editor = await window.showTextDocument(document, { preview: true });
    const words = findWords(document, withLines(place, lineNumbers));
    highlight.show(editor, words.range);
    sayWhatChanged(name, words);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #changed(uri: Uri): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        watching.dispose();
        resolve();
      };
      const timer = setTimeout(done, 1000);
      const watching = workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() === uri.toString()) {
          done();
        }
      });
      this.#changes.fire(uri);
    });
  }
}

interface DocumentText {
  readonly text: string;
  /** The number by which a person knows each line, where lines are not simply counted. */
  readonly lineNumbers: readonly number[] | null;
}

/** @throws AgentError `place.unreadable` */
async function textOf(path: string): Promise<DocumentText> {
  const read = await (await loadAgents()).extractDocument(path, await readFile(path));
  if (read.type === "skipped") {
    const reason = l10n.t("The text of {0} cannot be read any more.", basename(path));
    throw new AgentError("place.unreadable", { path, reason: read.reason }, reason);
  }
  return { text: read.document.text, lineNumbers: read.document.lineNumbers ?? null };
}

/** Rows of a sheet are counted by their numbers in the sheet; the view counts its lines. */
function withLines(place: Place, lineNumbers: readonly number[] | null): Place {
  if (lineNumbers === null) {
    return place;
  }
  const first = lineNumbers.indexOf(place.startLine);
  const last = lineNumbers.lastIndexOf(place.endLine);
  return first === -1 ? place : { ...place, startLine: first + 1, endLine: Math.max(first, last) + 1 };
}
