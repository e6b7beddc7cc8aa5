import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { type Disposable, type EventEmitter, Uri, l10n, languages, window, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Place } from "../../agents/protocol/page.ts";
import type * as extraction from "../../agents/retrieval/parse/extract-document.ts";
import { textLanguage, textScheme } from "../manifest/view-ids.ts";
import type { Highlight } from "./highlight.ts";
import { findWords, sayWhatChanged } from "./show-words.ts";

export interface ExtractedTextsParts {
  readonly extensionUri: Uri;
  /** Fired when the text of a document is to be shown anew. */
  readonly changes: EventEmitter<Uri>;
}

/** Shows the text of documents that no editor shows, as answers cite it. The tab bears the document's name. */
export class ExtractedTexts implements Disposable {
  readonly #parts: ExtractedTextsParts;
  readonly #closing: Disposable;
  /** By the address of the view. */
  readonly #texts = new Map<string, string>();

  constructor(parts: ExtractedTextsParts) {
    this.#parts = parts;
    this.#closing = workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString()));
  }

  /** What a view shows. One that the editor opens again after a reload is read again. */
  async textAt(uri: Uri): Promise<string> {
    return this.#texts.get(uri.toString()) ?? (await this.#read(uri.query)).text;
  }

  /** Opens the text of a document at a place, as the document is now. */
  async show(place: Place, highlight: Highlight): Promise<void> {
    const name = basename(place.path);
    const uri = Uri.from({ scheme: textScheme, path: `/${name}`, query: place.path });
    const { text, lineNumbers } = await this.#read(place.path);
    const before = this.#texts.get(uri.toString());
    this.#texts.set(uri.toString(), text);
    const opened = await workspace.openTextDocument(uri);
    const document = await languages.setTextDocumentLanguage(opened, textLanguage);
    // A document whose language changes is told to be closed, and opened again.
    this.#texts.set(uri.toString(), text);
    if (before !== undefined && before !== text) {
      await this.#changed(uri);
    }
    const editor = await window.showTextDocument(document, { preview: true });
    const words = findWords(document, withLines(place, lineNumbers));
    highlight.show(editor, words);
    sayWhatChanged(name, words);
  }

  dispose(): void {
    this.#closing.dispose();
  }

  /** @throws AgentError `place.unreadable` */
  async #read(path: string): Promise<DocumentText> {
    const program = Uri.joinPath(this.#parts.extensionUri, "dist", "extract-document.mjs");
    const { extractDocument }: typeof extraction = await import(pathToFileURL(program.fsPath).href);
    const read = await extractDocument(path, await readFile(path));
    if (read.type === "skipped") {
      const sentence = l10n.t("The text of {0} cannot be read any more.", basename(path));
      throw new AgentError("place.unreadable", { path, reason: read.reason }, sentence);
    }
    return { text: read.document.text, lineNumbers: read.document.lineNumbers ?? null };
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
      this.#parts.changes.fire(uri);
    });
  }
}

interface DocumentText {
  readonly text: string;
  /** The number by which a person knows each line, where lines are not simply counted. */
  readonly lineNumbers: readonly number[] | null;
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
