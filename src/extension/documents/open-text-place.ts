import { basename } from "node:path";
import { Range, type TextDocument, Uri, commands, l10n, window, workspace } from "vscode";
import type { Place } from "../../agents/protocol/page.ts";
import { encodingWithWords } from "./editor-encoding.ts";
import type { Highlight } from "./highlight.ts";
import { type ShownWords, findWords, sayWhatChanged } from "./show-words.ts";

/**
 * Opens a text file at a place. A file that the editor decodes otherwise than it was read is opened again with the
 * encoding that it is in, unless the person is changing it.
 */
export async function openTextPlace(place: Place, highlight: Highlight): Promise<void> {
  const uri = Uri.file(place.path);
  const document = await openDocument(uri);
  if (document === undefined) {
    await openAtLine(uri, place);
    return;
  }
  const first = findWords(document, place);
  const { document: shown, words } =
    first.found === "gone" ? await inItsEncoding(document, place) : { document, words: first };
  const editor = await window.showTextDocument(shown, { preview: true });
  highlight.show(editor, words);
  sayWhatChanged(basename(place.path), words);
}

/** Whether the source of a file holds the words of a place as they are. */
export async function textHasWords(place: Place): Promise<boolean> {
  const document = await openDocument(Uri.file(place.path));
  return document !== undefined && ["whole", "moved"].includes(findWords(document, place).found);
}

/** @returns `undefined` for a file that is too large for extensions to see. */
async function openDocument(uri: Uri): Promise<TextDocument | undefined> {
  try {
    return await workspace.openTextDocument(uri);
  } catch (error) {
    if (error instanceof Error && /50MB/iu.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

async function openAtLine(uri: Uri, { startLine }: Place): Promise<void> {
  const selection = new Range(startLine - 1, 0, startLine - 1, 0);
  await commands.executeCommand("vscode.open", uri, { selection });
  void window.showInformationMessage(
    l10n.t("{0} is too large to be marked in; it is opened at line {1}.", basename(uri.fsPath), startLine),
  );
}

async function inItsEncoding(
  document: TextDocument,
  place: Place,
): Promise<{ readonly document: TextDocument; readonly words: ShownWords }> {
  const encoding = document.isDirty ? undefined : await encodingWithWords(document.uri, place.words);
  if (encoding === undefined || encoding === document.encoding) {
    return { document, words: findWords(document, place) };
  }
  const decoded = await workspace.openTextDocument(document.uri, { encoding });
  return { document: decoded, words: findWords(decoded, place) };
}
