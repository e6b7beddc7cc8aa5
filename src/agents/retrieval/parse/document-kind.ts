import { extname } from "node:path";
import { isUtf8 } from "node:buffer";
import { partNames, unpackParts } from "./documents/zip-parts.ts";
import type { SkipReason } from "./parsed-document.ts";
import type { DocumentKind } from "./thread/document-messages.ts";

/** What a file is: text, a document whose text has to be taken out, or one that is left out. */
export type FileKind =
  | { readonly type: "text" }
  | { readonly type: "document"; readonly kind: DocumentKind }
  | { readonly type: "skipped"; readonly reason: SkipReason };

const text: FileKind = { type: "text" };
const document = (kind: DocumentKind): FileKind => ({ type: "document", kind });
const skipped = (reason: SkipReason): FileKind => ({ type: "skipped", reason });

const zipMark = Buffer.from("PK\u0003\u0004");
const oleMark = Buffer.from("d0cf11e0a1b11ae1", "hex");
const headBytes = 4096;

/** Names by which documents go that are zip archives, and what they are when the archive cannot be opened. */
const zippedNames = /\.(?:docx|docm|dotx|pptx|pptm|ppsx|potx|xlsx|xlsm|xlsb|xltx|epub|od[tspg])$/u;
const pageNames = /\.(?:html?|xhtml|shtml)$/u;
/** Names that web pages are saved under by programs that pretend to write these formats. */
const borrowedNames = /\.(?:docx?|xlsx?|pptx?|rtf|pdf|odt|epub|wps|et)$/u;

/** Finds out what a file is, by its content first: a name may be wrong. */
export function kindOf(name: string, bytes: Buffer): FileKind {
  const extension = extname(name).toLowerCase();
  const head = bytes.subarray(0, headBytes);
  if (head.subarray(0, 1024).includes("%PDF-")) {
    return document("pdf");
  }
  if (head.subarray(0, 4).equals(zipMark)) {
    return zippedKind(bytes, extension);
  }
  if (head.subarray(0, 8).equals(oleMark)) {
    return oleKind(bytes);
  }
  const start = head.toString("latin1").replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?[\s\0]*/u, "");
  if (start.startsWith("{\\rtf")) {
    return skipped("unsupported");
  }
  return textualKind(extension, start.replaceAll("\0", ""), head);
}

/** What is no packed format: text, also where its name promises something else. */
function textualKind(extension: string, start: string, head: Buffer): FileKind {
  const isPage = /^(?:<!doctype\s+html|<html[\s>])/iu.test(afterComments(start));
  if (isPage && (borrowedNames.test(extension) || extension === "")) {
    return document("html");
  }
  if (/^<\?xml[\s\S]{0,1000}urn:schemas-microsoft-com:office:spreadsheet/u.test(start)) {
    return document("workbook");
  }
  if (pageNames.test(extension)) {
    return document("html");
  }
  if (extension === ".ipynb") {
    return document("notebook");
  }
  const isDocument = zippedNames.test(extension) || /\.(?:pdf|docx?|pptx?|xls)$/u.test(extension);
  return isDocument && head.length > 0 && !isUtf8(head.subarray(0, Math.max(1, head.length - 4)))
    ? skipped("broken")
    : isDocument && head.includes(0)
      ? skipped("broken")
      : text;
}

/** The beginning of a page without what may stand before its first element. */
function afterComments(start: string): string {
  let at = /^<\?xml[^>]*>\s*/iu.exec(start)?.[0].length ?? 0;
  while (start.startsWith("<!--", at)) {
    const end = start.indexOf("-->", at + 4);
    if (end < 0) {
      break;
    }
    at = end + 3;
    while (/\s/u.test(start.charAt(at))) {
      at += 1;
    }
  }
  return start.slice(at);
}

/** What is packed in an archive (ECMA-376-2 and OpenDocument 1.3, part 2, name their parts). */
function zippedKind(bytes: Buffer, extension: string): FileKind {
  const names = partNames(bytes);
  if (names === null) {
    return skipped(zippedNames.test(extension) ? "broken" : "binary");
  }
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^word\/document\d*\.xml$/u)) {
    return document("docx");
  }
  if (has(/^ppt\/presentation\.xml$/u)) {
    return document("pptx");
  }
  if (has(/^xl\/workbook\.(?:xml|bin)$/u)) {
    return document("workbook");
  }
  if (has(/^META-INF\/container\.xml$/u)) {
    return document("epub");
  }
  if (has(/^content\.xml$/u) && has(/^META-INF\/manifest\.xml$/u)) {
    return openDocumentKind(bytes);
  }
  return skipped(zippedNames.test(extension) ? "broken" : "binary");
}

/** A part of an OpenDocument says what the document is. */
function openDocumentKind(bytes: Buffer): FileKind {
  const type =
    unpackParts(bytes, (name) => name === "mimetype")
      .bytes("mimetype")
      ?.toString("latin1") ?? "";
  const said = /opendocument\.(text|spreadsheet|presentation)/u.exec(type)?.[1];
  return said === "spreadsheet" ? document("workbook") : said === undefined ? skipped("unsupported") : document("odt");
}

/** A compound file names its streams in UTF-16 ([MS-CFB], 2.6). */
function oleKind(bytes: Buffer): FileKind {
  const has = (stream: string): boolean => bytes.includes(Buffer.from(`${stream}\0`, "utf16le"));
  if (has("EncryptedPackage")) {
    return skipped("password");
  }
  return has("Workbook") || has("Book") ? document("workbook") : skipped("unsupported");
}
