import * as z from "zod/mini";

const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

/** Words to mark in a document with pages. */
export const pdfWordsSchema = z.object({
  /** Counted from one. */
  page: z.number(),
  words: z.string(),
});
export type PdfWords = z.infer<typeof pdfWordsSchema>;

/** What the view of a PDF document is told. */
export const pdfPushSchema = z.discriminatedUnion("kind", [
  /** The document; replaces one that was shown. `show`: what to mark, `null` for the place where the person was. */
  z.object({
    kind: z.literal("document"),
    locale: z.string(),
    data: bytes,
    show: z.nullable(pdfWordsSchema),
  }),
  /** Scrolls to these words and marks them. */
  z.object({ kind: z.literal("show"), show: pdfWordsSchema }),
  /** The file that was asked for; `null` where there is none. */
  z.object({ kind: z.literal("file"), id: z.number(), data: z.nullable(bytes) }),
]);
export type PdfPush = z.infer<typeof pdfPushSchema>;

/** What the view of a PDF document says. */
export const pdfRequestSchema = z.discriminatedUnion("kind", [
  /** It has loaded and wants the document. */
  z.object({ kind: z.literal("ready") }),
  /** It wants one of the files that come with the product: its worker, a map of characters, a font, a decoder. */
  z.object({ kind: z.literal("file-wanted"), id: z.number(), name: z.string() }),
  /** The words are marked. `found`: on which page, `null` where they are on none. */
  z.object({ kind: z.literal("shown"), found: z.nullable(z.number()) }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);
export type PdfRequest = z.infer<typeof pdfRequestSchema>;
