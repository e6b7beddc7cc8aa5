import { type ParsedFile, skipped } from "../parsed-document.ts";
import { DocumentText } from "./document-text.ts";
import { readXml } from "./xml-events.ts";
import { TooLargeArchive, unpackParts } from "./zip-parts.ts";

/** Parts of a text that are not read: what was deleted, and descriptions of pictures' frames. */
const silent = new Set(["tracked-changes", "forms", "annotation-end", "sequence-decls"]);
const mostBlanks = 100;

/** Turns the text of an OpenDocument into headings, paragraphs and rows (OpenDocument 1.3, part 3, chapters 4 to 9). */
class OdtReader {
  readonly #out: DocumentText;
  #silent = 0;
  #line = "";
  /** How many are open: a note stands in the paragraph that it is a note of. */
  #paragraphs = 0;
  #level: number | null = null;
  #lists = 0;
  #cell: string[] | null = null;
  #row: string[] = [];
  #pages = 0;

  constructor(out: DocumentText) {
    this.#out = out;
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (silent.has(name) || this.#silent > 0) {
      this.#silent += 1;
      return;
    }
    switch (name) {
      case "h":
        this.#endLine();
        this.#paragraphs += 1;
        this.#level = Number(attributes.get("outline-level") ?? 1) || 1;
        break;
      case "p":
        this.#endLine();
        this.#paragraphs += 1;
        break;
      case "s":
        this.#line += " ".repeat(Math.min(mostBlanks, Number(attributes.get("c") ?? 1) || 1));
        break;
      case "tab":
        this.#line += "\t";
        break;
      case "line-break":
        this.#line += "\n";
        break;
      case "list":
        this.#lists += 1;
        break;
      case "page":
        this.#pages += 1;
        this.#out.beginPart(this.#pages, null);
        break;
      case "table-cell":
        this.#endLine();
        this.#cell = [];
        break;
      default:
    }
  }

  close(name: string): void {
    if (this.#silent > 0) {
      this.#silent -= 1;
      return;
    }
    switch (name) {
      case "h":
      case "p":
        this.#endLine();
        this.#paragraphs -= 1;
        break;
      case "list":
        this.#lists -= 1;
        break;
      case "table-cell":
        this.#endLine();
        this.#row.push((this.#cell ?? []).join(" "));
        this.#cell = null;
        break;
      case "table-row":
        this.#endRow();
        break;
      default:
    }
  }

  text(data: string): void {
    if (this.#silent === 0 && this.#paragraphs > 0) {
      this.#line += data.replace(/\s+/gu, " ");
    }
  }

  end(): void {
    this.#endLine();
    this.#endRow();
  }

  #endLine(): void {
    const line = this.#line.trim();
    const level = this.#level;
    this.#line = "";
    this.#level = null;
    if (line === "") {
      return;
    }
    if (this.#cell !== null) {
      this.#cell.push(line);
    } else if (level !== null) {
      this.#out.addHeading(level, line);
    } else if (this.#lists > 0) {
      this.#out.addLine(`${"  ".repeat(Math.min(8, this.#lists - 1))}- ${line}`);
    } else {
      this.#out.addBlock(line);
    }
  }

  #endRow(): void {
    const row = this.#row.splice(0);
    const last = row.findLastIndex((cell) => cell !== "");
    this.#out.addLine(row.slice(0, last + 1).join(" | "));
  }
}

/** The text of an OpenDocument text or presentation. */
export async function readOdt(bytes: Buffer): Promise<ParsedFile> {
  const text = new DocumentText();
  try {
    const parts = unpackParts(bytes, (name) => name === "content.xml" || name === "META-INF/manifest.xml");
    if ((await parts.text("META-INF/manifest.xml")).includes("encryption-data")) {
      return skipped("password");
    }
    const reader = new OdtReader(text);
    readXml(await parts.text("content.xml"), {
      open: ({ name, attributes }) => reader.open(name, attributes),
      close: (name) => reader.close(name),
      text: (data) => reader.text(data),
    });
    reader.end();
  } catch (error) {
    return skipped(error instanceof TooLargeArchive ? "too-large" : "broken");
  }
  return text.end();
}
