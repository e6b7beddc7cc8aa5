import { type ParsedFile, skipped } from "../parsed-document.ts";
import type { DocumentKind } from "./document-messages.ts";

/**
 * Takes the text out of a document. Its reader is loaded when the first document of its kind comes. What a reader
 * stumbles over is a broken file: the formats are foreign, and so are their libraries' errors.
 */
export async function readDocument(kind: DocumentKind, bytes: Buffer): Promise<ParsedFile> {
  const read = await readerOf(kind);
  try {
    return await read(bytes);
  } catch {
    return skipped("broken");
  }
}

async function readerOf(kind: DocumentKind): Promise<(bytes: Buffer) => Promise<ParsedFile> | ParsedFile> {
  switch (kind) {
    case "pdf":
      return (await import("../pdf/read-pdf.ts")).readPdf;
    case "docx":
      return (await import("../documents/read-docx.ts")).readDocx;
    case "pptx":
      return (await import("../documents/read-pptx.ts")).readPptx;
    case "odt":
      return (await import("../documents/read-odt.ts")).readOdt;
    case "epub":
      return (await import("../documents/read-epub.ts")).readEpub;
    case "workbook":
      return (await import("../documents/read-workbook.ts")).readWorkbook;
    case "notebook":
      return (await import("../documents/read-notebook.ts")).readNotebook;
    case "html":
      return (await import("../documents/read-html.ts")).readHtml;
  }
}
