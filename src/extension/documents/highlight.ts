import {
  type Disposable,
  OverviewRulerLane,
  type Range,
  Selection,
  type TextEditor,
  type TextEditorDecorationType,
  TextEditorRevealType,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import { Disposables } from "../platform/disposables.ts";
import type { ShownWords } from "./show-words.ts";

/** Reading what was cited takes a moment; a click that comes later than this says that it has been read. */
const keptMs = 1500;

/**
 * Marks the words that a person came to read, until they edit the text or have turned to another place in it. A tab that
 * is left and opened again shows the mark again.
 */
export class Highlight implements Disposable {
  #type: TextEditorDecorationType | undefined;
  #shown: Disposables | undefined;

  /**
   * Scrolls to words and marks them; an earlier mark goes. The cursor stands before them, nothing is selected. Of words
   * that are gone only the place is shown: what stands there now is not what was cited.
   */
  show(editor: TextEditor, { range, found }: ShownWords): void {
    this.clear();
    editor.selection = new Selection(range.start, range.start);
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
    if (found === "gone") {
      return;
    }
    this.#type ??= window.createTextEditorDecorationType({
      backgroundColor: new ThemeColor("editor.findMatchHighlightBackground"),
      border: "1px solid",
      borderColor: new ThemeColor("editor.findMatchHighlightBorder"),
      overviewRulerColor: new ThemeColor("editorOverviewRuler.findMatchForeground"),
      overviewRulerLane: OverviewRulerLane.Center,
    });
    editor.setDecorations(this.#type, [range]);
    this.#shown = this.#watch(editor, range, this.#type);
  }

  /** Takes the mark away. */
  clear(): void {
    this.#shown?.dispose();
    this.#shown = undefined;
  }

  dispose(): void {
    this.clear();
    this.#type?.dispose();
  }

  #watch(editor: TextEditor, range: Range, type: TextEditorDecorationType): Disposables {
    const { document } = editor;
    const sinceMs = Date.now();
    const marked = new Set([editor]);
    const owned = new Disposables();
    owned.add(
      workspace.onDidChangeTextDocument((change) => {
        if (change.document === document && change.contentChanges.length > 0) {
          this.clear();
        }
      }),
    );
    owned.add(
      window.onDidChangeTextEditorSelection(({ textEditor, selections, kind }) => {
        // What was set here is told too, and on a busy computer late.
        const isOurs =
          selections.length === 1 && selections[0]?.isEmpty === true && selections[0].start.isEqual(range.start);
        if (marked.has(textEditor) && !isOurs && kind !== undefined && Date.now() - sinceMs > keptMs) {
          this.clear();
        }
      }),
    );
    // The editor forgets the marks of a tab that is left, and makes another editor for one that it opens anew.
    owned.add(
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const other of editors.filter((shown) => shown.document === document)) {
          marked.add(other);
          other.setDecorations(type, [range]);
        }
      }),
    );
    owned.add({ dispose: () => marked.forEach((shown) => shown.setDecorations(type, [])) });
    return owned;
  }
}
