import type { Citation } from "../../../src/agents/protocol/citation.ts";
import type { CorpusDocument } from "./corpus-documents.ts";

/** What of a citation is not as the file has it; `null` where all is. */
export function falsehoodOf(
  citation: Pick<Citation, "quote" | "start" | "end" | "startLine" | "endLine" | "page">,
  document: CorpusDocument | undefined,
): string | null {
  const { quote, page } = citation;
  if (document === undefined) {
    return "names a file that is not there";
  }

  if (quote.trim() === "") {
    return "quotes nothing";
  }

  if (document.kind === "text") {
    return falsePlace(citation, document.text);
  }

  const shown = document.pages[(page ?? 0) - 1];
  return shown !== undefined && inOneLine(shown).includes(inOneLine(quote)) ? null : "is not on its page";
}

function falsePlace(
  { quote, start, end, startLine, endLine }: Parameters<typeof falsehoodOf>[0],
  text: string,
): string | null {
  const characters = Array.from(text);
  if (characters.slice(start, end).join("") !== quote) {
    return "is not at its characters";
  }

  const lineOf = (position: number): number =>
    characters.slice(0, position).filter((character) => character === "\n").length + 1;
  return lineOf(start) === startLine && lineOf(end - 1) === endLine ? null : "is not on its lines";
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
