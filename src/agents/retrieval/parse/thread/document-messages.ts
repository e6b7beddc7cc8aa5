import type { ParsedFile } from "../parsed-document.ts";

/** Documents whose text has to be taken out of them. */
export type DocumentKind = "pdf" | "docx" | "pptx" | "odt" | "epub" | "workbook" | "notebook" | "html";

/** A document for the thread to read. */
export interface ReadOrder {
  readonly kind: DocumentKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the thread answers to each, in order. */
export type ReadAnswer = ParsedFile;
