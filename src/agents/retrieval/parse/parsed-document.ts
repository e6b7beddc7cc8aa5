/** How a text is laid out, which says where it may be cut. */
export type TextLayout = "plain" | "markdown" | "restructured" | "code" | "table" | "json";

/** A place inside a document that a person knows: a page, a slide, a sheet, a chapter, a cell. */
export interface DocumentPart {
  /** Where the part begins, in UTF-16 units of the document's text. Parts are in the order of the text. */
  readonly start: number;
  /** Counted from one; `null` where parts have no numbers. */
  readonly page: number | null;
  /** A title of the part; `null` where there is none. */
  readonly title: string | null;
}

/** What a file says, as text. */
export interface ParsedDocument {
  /** The whole text, without a byte order mark, line ends as they are in the file. */
  readonly text: string;
  readonly layout: TextLayout;
  /** Empty for a text that is one part. */
  readonly parts: readonly DocumentPart[];
  /** What was left out, as a sentence; `null` when nothing was. */
  readonly leftOut: string | null;
}
