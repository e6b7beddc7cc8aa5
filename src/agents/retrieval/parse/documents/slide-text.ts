import { readXml } from "./xml-events.ts";

/** A shape of a slide: paragraphs, or rows of a table. */
export interface SlideShape {
  /** The role of its placeholder: `title`, `body`, `sldNum`, …; `null` for a shape that is none. */
  readonly role: string | null;
  readonly lines: readonly string[];
}

/** Collects the shapes of a slide while its XML is read (ECMA-376-1, 19.3 and 21.1). */
class ShapeReader {
  readonly shapes: SlideShape[] = [];
  #role: string | null = null;
  #lines: string[] = [];
  #paragraph = "";
  #level = 0;
  #inText = false;
  /** Cells of the row that is being read; `null` outside of tables. */
  #row: string[] | null = null;
  #cell: string[] = [];
  /** How deep in what only older programs show. */
  #fallback = 0;

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === "Fallback") {
      this.#fallback += 1;
    }
    switch (name) {
      case "sp":
      case "graphicFrame":
        this.#endShape();
        break;
      case "ph":
        this.#role = attributes.get("type") ?? "body";
        break;
      case "pPr":
        this.#level = Math.min(8, Number(attributes.get("lvl") ?? 0) || 0);
        break;
      case "tr":
        this.#row = [];
        break;
      case "t":
        this.#inText = this.#fallback === 0;
        break;
      case "br":
        this.#paragraph += "\n";
        break;
      default:
    }
  }

  close(name: string): void {
    switch (name) {
      case "Fallback":
        this.#fallback -= 1;
        break;
      case "t":
        this.#inText = false;
        break;
      case "p":
        this.#endParagraph();
        break;
      case "tc":
        this.#row?.push(this.#cell.splice(0).join(" "));
        break;
      case "tr":
        if (this.#row?.some((cell) => cell !== "") === true) {
          this.#lines.push(this.#row.join(" | "));
        }
        this.#row = null;
        break;
      case "sp":
      case "graphicFrame":
        this.#endShape();
        break;
      default:
    }
  }

  text(data: string): void {
    if (this.#inText) {
      this.#paragraph += data;
    }
  }

  end(): readonly SlideShape[] {
    this.#endParagraph();
    this.#endShape();
    return this.shapes;
  }

  #endParagraph(): void {
    const line = this.#paragraph.trim();
    if (line !== "") {
      (this.#row === null ? this.#lines : this.#cell).push("  ".repeat(this.#row === null ? this.#level : 0) + line);
    }
    this.#paragraph = "";
    this.#level = 0;
  }

  #endShape(): void {
    if (this.#lines.length > 0) {
      this.shapes.push({ role: this.#role, lines: this.#lines.splice(0) });
    }
    this.#role = null;
  }
}

/** The shapes of a slide, of its notes or of a diagram that have text, in the order of the file. */
export function slideShapes(xml: string): readonly SlideShape[] {
  const reader = new ShapeReader();
  readXml(xml, {
    open: ({ name, attributes }) => reader.open(name, attributes),
    close: (name) => reader.close(name),
    text: (data) => reader.text(data),
  });
  return reader.end();
}
