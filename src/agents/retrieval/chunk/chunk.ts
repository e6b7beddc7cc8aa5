/** A passage of a document. */
export interface Chunk {
  /** In characters (Unicode code points) of the document's text. */
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** Counted from one. */
  readonly startLine: number;
  /** The line of the last character, counted from one. */
  readonly endLine: number;
  /** The number of each line, where they do not follow one another: rows of a sheet with blank ones between them. */
  readonly lineNumbers?: readonly number[];
  readonly page: number | null;
  /** What the passage stands under: the headings above it, the function it is part of, the header of its table. */
  readonly place: string;
  readonly text: string;
}
