/**
 * How a text is laid out, which says where it may be cut. `document`: paragraphs under headings that are told beside the
 * text. `rows`: each line is a row that says its headers itself.
 */
export type TextLayout = "plain" | "markdown" | "restructured" | "code" | "table" | "json" | "document" | "rows";

/** A place inside a document that a person knows: a page, a slide, a sheet, a chapter, a cell. */
export interface DocumentPart {
  /** Where the part begins, in UTF-16 units of the document's text. Parts are in the order of the text. */
  readonly start: number;
  /** Counted from one; `null` where parts have no numbers. */
  readonly page: number | null;
  /** A title of the part; `null` where there is none. */
  readonly title: string | null;
}

/** A heading of a document whose text does not mark its headings itself. */
export interface DocumentHeading {
  /** Where its line begins, in UTF-16 units of the document's text. Headings are in the order of the text. */
  readonly start: number;
  /** 1 is the outermost. */
  readonly level: number;
  readonly title: string;
}

/** What a file says, as text. */
export interface ParsedDocument {
  /**
   * Of a text file the whole text, without a byte order mark, line ends as they are in the file; of another document the
   * text taken from it, lines parted by LF. Keys are masked by as many characters.
   */
  readonly text: string;
  readonly layout: TextLayout;
  /** Empty for a text that is one part. */
  readonly parts: readonly DocumentPart[];
  /** For the layout `document`. */
  readonly headings?: readonly DocumentHeading[];
  /** The number that a person knows each line of the text by, where lines are not simply counted: rows of a sheet. */
  readonly lineNumbers?: readonly number[];
  /** Where the text leaves out a stretch of its file: what follows stands later there than the text says. */
  readonly gap?: {
    /** In UTF-16 units. A part begins there. */
    readonly at: number;
    readonly lines: number;
    /** Unicode code points. */
    readonly characters: number;
  };
  /** What was left out, as `leftOutText` of `protocol/words` says it to a person; `null` when nothing was. */
  readonly leftOut: string | null;
}

/** Why a file is not in the index. */
export type SkipReason =
  | "secret"
  /** It says how an agent is to answer. */
  | "agent"
  | "binary"
  | "generated"
  | "unreadable"
  | "empty"
  | "not-a-file"
  | "too-many"
  /** It opens with a password only. */
  | "password"
  /** Its pages are pictures. */
  | "scanned"
  /** It is not whole, or not what it says it is. */
  | "broken"
  /** A document of a format that is not read, such as `.doc`. */
  | "unsupported"
  | "too-large"
  /** Reading it took longer than a file may take. */
  | "too-slow";

/** What became of a file: its text, or why there is none. */
export type ParsedFile =
  | { readonly type: "parsed"; readonly document: ParsedDocument }
  | { readonly type: "skipped"; readonly reason: SkipReason };

/** Says that a file has no text to give. */
export function skipped(reason: SkipReason): ParsedFile {
  return { type: "skipped", reason };
}
