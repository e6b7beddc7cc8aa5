import { Range, type TextDocument, l10n, window } from "vscode";
import { locateWords, offsetOfCharacter } from "../../agents/protocol/locate-words.ts";
import type { Place } from "../../agents/protocol/page.ts";

/** Where the words of a place are in a document, and whether they are as they were. */
export interface ShownWords {
  readonly range: Range;
  /** `moved`: elsewhere than the place says, since the document has changed. `gone`: the range is the line of the place. */
  readonly found: "whole" | "moved" | "partly" | "gone";
}

/** Finds the words of a place in a document: where it says, else near it, else its line. */
export function findWords(document: TextDocument, place: Place): ShownWords {
  const text = document.getText();
  const expected = expectedOffset(document, text, place);
  const found = locateWords(text, place.words, expected);
  if (found === null) {
    return { range: lineRange(document, place.startLine), found: "gone" };
  }
  const range = new Range(document.positionAt(found.start), document.positionAt(found.end));
  const hasMoved = range.end.line + 1 < place.startLine || range.start.line + 1 > place.endLine;
  return { range, found: found.partly ? "partly" : hasMoved ? "moved" : "whole" };
}

/** Tells the person what of the words is no longer there. */
export function sayWhatChanged(name: string, { found }: ShownWords): void {
  if (found === "gone") {
    void window.showWarningMessage(
      l10n.t("{0} has changed since it was read: the cited words are no longer there.", name),
    );
  } else if (found === "partly") {
    void window.showInformationMessage(
      l10n.t("{0} has changed since it was read: only a part of the cited words is there.", name),
    );
  }
}

/** By characters, where these are on the line that the place names; a document's line ends may differ from its file's. */
function expectedOffset(document: TextDocument, text: string, { start, startLine, endLine }: Place): number {
  const offset = offsetOfCharacter(text, start);
  const line = document.positionAt(offset).line + 1;
  return line >= startLine && line <= endLine ? offset : document.offsetAt(lineRange(document, startLine).start);
}

function lineRange(document: TextDocument, number: number): Range {
  return document.lineAt(Math.min(Math.max(number, 1), document.lineCount) - 1).range;
}
