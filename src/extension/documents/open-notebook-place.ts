import { basename } from "node:path";
import {
  NotebookEditorRevealType,
  NotebookRange,
  type TextDocument,
  type TextEditor,
  Uri,
  commands,
  window,
  workspace,
} from "vscode";
import { locateWords } from "../../agents/protocol/locate-words.ts";
import type { Place } from "../../agents/protocol/page.ts";
import type { Highlight } from "./highlight.ts";
import { findWords, sayWhatChanged } from "./show-words.ts";

/** A cell's editor is made a little after the cell has scrolled into view. */
const editorWaitMs = 2000;

/** Opens a notebook at a cell, with the words marked in its source. A cell that shows text is opened for reading its source. */
export async function openNotebookPlace(place: Place, highlight: Highlight): Promise<void> {
  const notebook = await workspace.openNotebookDocument(Uri.file(place.path));
  const cells = notebook.getCells();
  const named = (place.page ?? 1) - 1;
  const holds = (index: number): boolean => {
    const found = locateWords(cells[index]?.document.getText() ?? "", place.words, 0);
    return found !== null && !found.partly;
  };
  const index = holds(named) ? named : cells.findIndex((_cell, other) => holds(other));
  const shown = index === -1 ? Math.min(Math.max(named, 0), cells.length - 1) : index;
  const range = new NotebookRange(shown, shown + 1);
  const editor = await window.showNotebookDocument(notebook, { selections: [range], preview: true });
  editor.revealRange(range, NotebookEditorRevealType.InCenterIfOutsideViewport);
  const document = cells[shown]?.document;
  if (document === undefined) {
    return;
  }
  const words = findWords(document, { ...place, start: 0, startLine: 1, endLine: document.lineCount });
  const inOutput = words.found === "gone" && index === -1;
  if (inOutput) {
    return;
  }
  sayWhatChanged(basename(place.path), words);
  const cellEditor = await editorOf(document);
  if (cellEditor !== undefined) {
    highlight.show(cellEditor, words);
  }
}

async function editorOf(document: TextDocument): Promise<TextEditor | undefined> {
  const find = (): TextEditor | undefined => window.visibleTextEditors.find((editor) => editor.document === document);
  if (find() !== undefined) {
    return find();
  }
  // A cell that shows its text has an editor only while it is edited.
  await commands.executeCommand("notebook.cell.edit");
  return find() ?? (await editorSoon(find));
}

function editorSoon(find: () => TextEditor | undefined): Promise<TextEditor | undefined> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      watching.dispose();
      resolve(find());
    };
    const timer = setTimeout(done, editorWaitMs);
    const watching = window.onDidChangeVisibleTextEditors(() => find() !== undefined && done());
  });
}
