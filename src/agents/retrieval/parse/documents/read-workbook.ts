import type { CellObject, DenseWorkSheet, WorkBook } from "@e965/xlsx";
import type { DocumentPart, ParsedFile } from "../parsed-document.ts";
import { skipped } from "../parsed-document.ts";
import { mostCharacters } from "./document-text.ts";
import { cellReader } from "./sheet-cell.ts";
import { sheetLines } from "./sheet-lines.ts";
import { TooLargeArchive, unpackParts } from "./zip-parts.ts";

const zipMark = Buffer.from("PK");

/** The text of a workbook: a line for each row, with the names of its columns. */
export async function readWorkbook(bytes: Buffer): Promise<ParsedFile> {
  if (bytes.subarray(0, 2).equals(zipMark)) {
    try {
      unpackParts(bytes, (name) => /\.(?:xml|bin|rels)$/iu.test(name));
    } catch (error) {
      return skipped(error instanceof TooLargeArchive ? "too-large" : "broken");
    }
  }
  const { read: readBook, SSF } = await import("../../../encoding/xlsx-package.ts");
  let book: WorkBook;
  try {
    book = readBook(bytes, { type: "buffer", dense: true, cellNF: true, cellHTML: false, cellFormula: false });
  } catch (error) {
    return skipped(error instanceof Error && /password|encrypt/iu.test(error.message) ? "password" : "broken");
  }
  const read = cellReader({ SSF }, book);
  return textOf(book, (cell) => read(cell));
}

interface Gathered {
  readonly lines: string[];
  readonly numbers: number[];
  readonly parts: DocumentPart[];
  length: number;
}

function textOf(book: WorkBook, read: (cell: CellObject) => string): ParsedFile {
  const all: Gathered = { lines: [], numbers: [], parts: [], length: 0 };
  let isCut = false;
  for (const name of book.SheetNames) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed with `dense`
    const sheet = book.Sheets[name] as DenseWorkSheet | undefined;
    const rows = sheetLines(rowsOf(sheet, read));
    if (rows.length > 0) {
      all.parts.push({ start: all.length, page: null, title: name });
    }
    for (const { number, text } of rows) {
      isCut ||= all.length + text.length > mostCharacters;
      if (isCut) {
        break;
      }
      all.lines.push(text);
      all.numbers.push(number);
      all.length += text.length + 1;
    }
  }
  if (all.lines.length === 0) {
    return skipped("empty");
  }
  const document = {
    text: `${all.lines.join("\n")}\n`,
    layout: "rows",
    parts: all.parts.filter(({ start }) => start < all.length),
    lineNumbers: all.numbers,
    leftOut: isCut ? `first-characters ${all.length}` : null,
  } as const;
  return { type: "parsed", document };
}

function rowsOf(sheet: DenseWorkSheet | undefined, read: (cell: CellObject) => string): readonly (readonly string[])[] {
  const data: unknown = sheet?.["!data"];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- charts have no rows
  const rows = Array.isArray(data) ? (data as readonly ((CellObject | undefined)[] | undefined)[]) : [];
  return Array.from(rows, (cells) =>
    Array.from(cells ?? [], (cell) => (cell === undefined || cell === null ? "" : read(cell))),
  );
}
