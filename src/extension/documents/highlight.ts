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

/** Reading what was cited takes a moment; a click that comes later than this says that it has been read. */
const keptMs = 1500;

/** Marks the words that a person came to read, until they edit the text or have turned to another place. */
export class Highlight implements Disposable {
  #type: TextEditorDecorationType | undefined;
  #shown: Disposables | undefined;

  /** Marks `range` and scrolls to it; an earlier mark goes. The cursor stands before it, nothing is selected. */
  show(editor: TextEditor, range: Range): void {
    this.clear();
    this.#type ??= window.createTextEditorDecorationType({
      backgroundColor: new ThemeColor("editor.findMatchHighlightBackground"),
      border: "1px solid",
      borderColor: new ThemeColor("editor.findMatchHighlightBorder"),
      overviewRulerColor: new ThemeColor("editorOverviewRuler.findMatchForeground"),
      overviewRulerLane: OverviewRulerLane.Center,
    });
    editor.selection = new Selection(range.start, range.start);
    editor.setDecorations(this.#type, [range]);
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
    this.#shown = this.#watch(editor, this.#type);
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

  #watch(editor: TextEditor, type: TextEditorDecorationType): Disposables {
    const { document } = editor;
    const sinceMs = Date.now();
    const owned = new Disposables();
    owned.add(
      workspace.onDidChangeTextDocument((change) => {
        if (change.document === document && change.contentChanges.length > 0) {
          this.clear();
        }
      }),
    );
    owned.add(
      window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        if (textEditor === editor && kind !== undefined && Date.now() - sinceMs > keptMs) {
          this.clear();
        }
      }),
    );
    // The editor forgets decorations of a tab that is left.
    owned.add(window.onDidChangeVisibleTextEditors((editors) => editors.includes(editor) || this.clear()));
    owned.add({ dispose: () => editor.setDecorations(type, []) });
    return owned;
  }
}
