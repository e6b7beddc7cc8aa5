import { wholeCharacters } from "../../encoding/detect-encoding.ts";
import { type FileKind, kindOf } from "./document-kind.ts";
import { addLeftOut, extractDocument, extractText } from "./extract-document.ts";
import type { TextGap } from "./long-text.ts";
import { type ParsedDocument, type ParsedFile, skipped } from "./parsed-document.ts";
import type { FileContent } from "./read-file.ts";

/**
 * Makes text of the bytes of a file, by its name and by its content. Of a file that is cut only text is read.
 *
 * @param kind what the file is
 */
export async function parseFile(
  path: string,
  { bytes, cut, gap }: FileContent,
  kind: FileKind = kindOf(path, bytes),
): Promise<ParsedFile> {
  if (!cut) {
    return await extractDocument(path, bytes, kind);
  }
  if (kind.type === "document" || (kind.type === "skipped" && kind.reason === "broken")) {
    return skipped("too-large");
  }
  if (gap !== undefined) {
    return await parseBothEnds(path, bytes, gap);
  }
  const parsed = await extractDocument(path, wholeCharacters(bytes));
  const what = `first-megabytes ${Math.round(bytes.length / 1024 / 1024)}`;
  return parsed.type === "parsed" ? { ...parsed, document: addLeftOut(parsed.document, what) } : parsed;
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
const maskedKeys = /(?:; )?masked-keys (\d+)/u;

/** A text of two parts: the beginning of a file, and its end. */
async function parseBothEnds(path: string, bytes: Buffer, gap: TextGap): Promise<ParsedFile> {
  const first = await extractDocument(path, bytes.subarray(0, gap.at));
  const last = await extractText(path, bytes.subarray(gap.at));
  if (first.type === "skipped") {
    return first;
  }
  if (last.type === "skipped") {
    return { ...first, document: addLeftOut(first.document, `first-megabytes ${megabytes(gap.at)}`) };
  }
  const { text } = first.document;
  const ends = [first.document, last.document].map(({ leftOut }) => Number(maskedKeys.exec(leftOut ?? "")?.[1] ?? 0));
  const masked = ends.reduce((sum, count) => sum + count, 0);
  const said = `first-and-last-megabytes ${megabytes(gap.at)} ${megabytes(bytes.length - gap.at)} ${megabytes(bytes.length + gap.bytes)}`;
  const document: ParsedDocument = {
    ...first.document,
    text: text + last.document.text,
    parts: [0, text.length].map((start) => ({ start, page: null, title: null })),
    gap: { at: text.length, lines: gap.lines, characters: gap.characters },
    leftOut: masked === 0 ? null : `masked-keys ${masked}`,
  };
  return { type: "parsed", document: addLeftOut(document, said) };
}
