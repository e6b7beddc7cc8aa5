import type { Place } from "../../../src/agents/protocol/page.ts";
import type { Citation, ReadPassage } from "../../../src/agents/protocol/citation.ts";
import type { Strings } from "../strings/en.ts";

type Located = Pick<Citation, "name" | "startLine" | "endLine" | "page" | "place" | "turn">;

const pages: ReadonlyMap<string, "page" | "slide" | "chapter" | "cell"> = new Map([
  ["pdf", "page"],
  ["pptx", "slide"],
  ["epub", "chapter"],
  ["ipynb", "cell"],
]);
const workbooks: ReadonlySet<string> = new Set(["xlsx", "xlsm", "xls", "ods"]);
/** Documents of which only the extracted text has lines. */
const documents: ReadonlySet<string> = new Set(["pdf", "docx", "pptx", "epub", "html", "htm", "xhtml"]);

/** The ending of a file's name in lower case, without the dot; empty where there is none. */
export function extensionOf(name: string): string {
  return /\.([^./\\]+)$/u.exec(name)?.[1]?.toLowerCase() ?? "";
}

/**
 * Where something stands within its file or its conversation, such as `page 3`, `cell 2` or `lines 10–12`. Of a document without pages the
 * heading says more than a line of a text that nobody sees.
 */
export function placeInFile(at: Located, strings: Strings): string {
  if (at.turn !== undefined) {
    return at.place === "" ? strings.foundQuestions : at.place;
  }

  const { places } = strings;
  const extension = extensionOf(at.name);
  if (at.page !== null) {
    return places[pages.get(extension) ?? "page"](String(at.page));
  }

  if (documents.has(extension) && at.place !== "") {
    return at.place;
  }

  const first = String(at.startLine);
  const last = String(at.endLine);
  const [one, several] = workbooks.has(extension)
    ? ([places.row, places.rows] as const)
    : documents.has(extension)
      ? ([places.textLine, places.textLines] as const)
      : ([places.line, places.lines] as const);
  const lines = at.startLine === at.endLine ? one(first) : several(first, last);
  return workbooks.has(extension) && at.place !== "" ? `${at.place}, ${lines}` : lines;
}

/** A place with the name of its file, such as `notes.md, lines 10–12`. */
export function placeWords(at: Located, strings: Strings): string {
  return `${at.name}, ${placeInFile(at, strings)}`;
}

/** What stands around a place, where `placeInFile` does not say it already; empty where nothing is known. */
export function headingOf(at: Located, strings: Strings): string {
  return placeInFile(at, strings).includes(at.place) ? "" : at.place;
}

/** What the extension is asked to open. */
export function placeOf(at: Citation | ReadPassage): Place {
  const { path, startLine, endLine, start, end, page, place, turn } = at;
  const words = "quote" in at ? at.quote : at.text;
  return { path, startLine, endLine, start, end, page, place, words, ...(turn === undefined ? {} : { turn }) };
}
