import {
  type DocumentHeading,
  type DocumentPart,
  type ParsedDocument,
  type ParsedFile,
  skipped,
} from "../parsed-document.ts";

/** A document's text goes up to this length; what follows is left out, and that is said. */
export const mostCharacters = 20_000_000;

/** Gathers the text of a document, block by block. Blocks are parted by an empty line. */
export class DocumentText {
  readonly #pieces: string[] = [];
  readonly #parts: DocumentPart[] = [];
  readonly #headings: DocumentHeading[] = [];
  #length = 0;
  #cut = false;
  /** What was added last is one line, which another may follow at once. */
  #inLines = false;

  /** No more text is taken. */
  get isFull(): boolean {
    return this.#cut;
  }

  /** What follows belongs to a new part. Parts without text are none. */
  beginPart(page: number | null, title: string | null = null): void {
    this.#endLines(false);
    const last = this.#parts.at(-1);
    const start = this.#length;
    if (last?.start === start) {
      this.#parts.pop();
    }
    this.#parts.push({ start, page, title: title === "" ? null : title });
  }

  /** What follows stands under none of the headings before. */
  endHeadings(): void {
    this.#endLines(false);
    this.#headings.push({ start: this.#length, level: 0, title: "" });
  }

  /** Names the part that has begun, unless it has a name. */
  namePart(title: string): void {
    const last = this.#parts.pop();
    if (last !== undefined) {
      this.#parts.push({ ...last, title: last.title ?? title });
    }
  }

  /** @param title blank ones are left out */
  addHeading(level: number, title: string): void {
    const line = title.replace(/\s+/gu, " ").trim();
    if (line !== "" && this.#add(`${line}\n\n`)) {
      this.#headings.push({ start: this.#length - line.length - 2, level, title: line });
    }
  }

  /** @param line stands right below a line that was added before; blank ones are left out */
  addLine(line: string): void {
    if (line.trim() !== "") {
      this.#add(`${line.trimEnd()}\n`, true);
    }
  }

  /** @param block one or more lines; blank ones at its ends are left out */
  addBlock(block: string): void {
    const text = block.replace(/^(?:[^\S\n]*\n)+/u, "").trimEnd();
    if (text.trim() !== "") {
      this.#add(`${text}\n\n`);
    }
  }

  /** @param leftOut what the reader itself left out */
  end(leftOut: string | null = null): ParsedFile {
    const text = withOneEnd(this.#pieces.join(""));
    if (text.trim() === "") {
      return skipped("empty");
    }
    const document: ParsedDocument = {
      text,
      layout: "document",
      parts: this.#parts.filter(({ start }) => start < text.length),
      headings: this.#headings,
      leftOut: leftOut ?? (this.#cut ? `first-characters ${text.length}` : null),
    };
    return { type: "parsed", document };
  }

  #add(text: string, isLine = false): boolean {
    this.#cut ||= this.#length + text.length > mostCharacters;
    if (this.#cut) {
      return false;
    }
    this.#endLines(isLine);
    this.#pieces.push(text);
    this.#length += text.length;
    return true;
  }

  /** An empty line parts lines from what is no line. */
  #endLines(goOn: boolean): void {
    if (this.#inLines && !goOn) {
      this.#pieces.push("\n");
      this.#length += 1;
    }
    this.#inLines = goOn;
  }
}

/** A text that ends with one line end where it ended with some. */
function withOneEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "\n") {
    end -= 1;
  }
  return text.slice(0, end + 1);
}
