import { Parser } from "htmlparser2";
import type { DocumentText } from "./document-text.ts";
import { HtmlTables } from "./html-table.ts";

/** Elements whose content is not read. */
const silent = new Set(
  "script style template noscript iframe object embed svg math canvas audio video select datalist head".split(" "),
);
/** Elements that stand on lines of their own. */
const blocks = new Set(
  `p div section article header footer main aside nav address blockquote figure figcaption dl dt dd form fieldset legend
   details summary hr body html center dir menu hgroup search li h1 h2 h3 h4 h5 h6`.split(/\s+/u),
);
/** Elements without an end. */
const endless = new Set("br hr img input meta link area base col source track wbr param".split(" "));

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  return (
    "hidden" in attributes ||
    attributes["aria-hidden"] === "true" ||
    /display\s*:\s*none|visibility\s*:\s*hidden/iu.test(attributes["style"] ?? "")
  );
}

function isMenu(name: string, attributes: Readonly<Record<string, string>>): boolean {
  return name === "nav" || attributes["role"] === "navigation";
}

interface List {
  readonly ordered: boolean;
  count: number;
}

/** Turns the elements of a page into blocks, headings, items of lists and rows. */
class HtmlReader {
  /** The page's own title. */
  title = "";
  readonly #out: DocumentText;
  readonly #skipsMenus: boolean;
  readonly #tables = new HtmlTables();
  readonly #lists: List[] = [];
  /** The element in which nothing is read, and how many of its name are open. */
  #silent: { readonly name: string; depth: number } | null = null;
  #inTitle = false;
  #line = "";
  /** The line ends with white space. Looking at its end would join what it is made of again and again. */
  #endsBlank = false;
  /** Stands before the first text of an item. */
  #marker = "";
  #preformatted = 0;
  #heading: number | null = null;

  /** @param skipsMenus the page says where its text is, so that its menus are not read */
  constructor(out: DocumentText, skipsMenus: boolean) {
    this.#out = out;
    this.#skipsMenus = skipsMenus;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#silent !== null) {
      this.#inTitle ||= name === "title" && this.#silent.name === "head";
      this.#silent.depth += this.#silent.name === name ? 1 : 0;
    } else if (
      silent.has(name) ||
      (this.#skipsMenus && isMenu(name, attributes)) ||
      (isHidden(attributes) && !endless.has(name))
    ) {
      this.#silent = { name, depth: 1 };
    } else {
      this.#begin(name, attributes);
    }
  }

  close(name: string): void {
    this.#inTitle &&= name !== "title";
    if (this.#silent === null) {
      this.#finish(name);
      return;
    }
    this.#silent.depth -= this.#silent.name === name ? 1 : 0;
    this.#silent = this.#silent.depth === 0 ? null : this.#silent;
  }

  text(data: string): void {
    if (this.#inTitle) {
      this.title += data;
    } else if (this.#silent === null) {
      this.#write(this.#preformatted > 0 ? data : data.replace(/\s+/gu, " ").replace(invisible, ""));
    }
  }

  end(): void {
    while (this.#tables.isOpen) {
      this.#out.addBlock(this.#tables.end());
    }
    this.#endLine();
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): void {
    if (blocks.has(name)) {
      this.#endLine();
    }
    switch (name) {
      case "br":
        this.#write("\n");
        break;
      case "img":
        this.#write(attributes["alt"] ?? "");
        break;
      case "pre":
        this.#endLine();
        this.#preformatted += 1;
        break;
      case "ul":
      case "ol":
        this.#endLine();
        this.#lists.push({ ordered: name === "ol", count: 0 });
        break;
      case "li":
        this.#item();
        break;
      case "table":
        this.#endLine();
        this.#tables.begin();
        break;
      case "tr":
        this.#tables.endRow();
        break;
      case "td":
      case "th":
        this.#tables.beginCell();
        break;
      default:
        this.#heading = /^h[1-6]$/u.test(name) ? Number(name.slice(1)) : this.#heading;
    }
  }

  #finish(name: string): void {
    if (blocks.has(name)) {
      this.#endLine();
    }
    switch (name) {
      case "pre":
        this.#endLine();
        this.#preformatted = Math.max(0, this.#preformatted - 1);
        break;
      case "ul":
      case "ol":
        this.#endLine();
        this.#lists.pop();
        break;
      case "tr":
        this.#tables.endRow();
        break;
      case "table":
        if (this.#tables.isOpen) {
          this.#endLine();
          this.#out.addBlock(this.#tables.end());
        }
        break;
      default:
    }
  }

  #item(): void {
    const list = this.#lists.at(-1);
    const indent = "  ".repeat(Math.min(8, Math.max(0, this.#lists.length - 1)));
    if (list !== undefined) {
      list.count += 1;
    }
    this.#marker = list?.ordered === true ? `${indent}${list.count}. ` : `${indent}- `;
  }

  #write(text: string): void {
    if (this.#marker !== "" && text.trim() !== "") {
      const marker = this.#marker;
      this.#marker = "";
      this.#write(marker);
    }
    if (this.#tables.isInCell) {
      this.#tables.write(text);
    } else {
      const isStart = this.#line === "" || this.#endsBlank;
      const more = isStart && this.#preformatted === 0 ? text.replace(/^ +(?! *(?:-|\d+\.) $)/u, "") : text;
      this.#line += more;
      this.#endsBlank = more === "" ? this.#endsBlank : /\s/u.test(more.slice(-1));
    }
  }

  #endLine(): void {
    if (this.#tables.isInCell) {
      this.#tables.write("\n");
      this.#heading = null;
      return;
    }
    const line = this.#preformatted > 0 ? this.#line : this.#line.replace(/(?<![^\S\n])[^\S\n]+\n[^\S\n]*/gu, "\n");
    const level = this.#heading;
    this.#line = "";
    this.#heading = null;
    if (level !== null) {
      this.#out.addHeading(level, line);
    } else if (this.#lists.length > 0 && this.#preformatted === 0) {
      this.#out.addLine(line);
    } else {
      this.#out.addBlock(line);
    }
  }
}

/** Marks where a word may be parted, and the like. */
const invisible = /[\u00ad\u200b\u2060\ufeff]/gu;
const pieceLength = 64 * 1024;
/** Deeper ones take the parser ever longer, and no page has them. */
const deepestElement = 4000;

/**
 * Adds the text of a page to a document: headings, paragraphs, items of lists, rows of tables with ` | ` between cells.
 * Scripts, styles and what is hidden are left out, and menus where the page says where its text is.
 *
 * @returns the page's own title; empty where it has none
 * @throws RangeError for elements that lie in one another too deep
 */
export function addHtml(html: string, out: DocumentText): string {
  const reader = new HtmlReader(out, /<(?:main|article)[\s>]/iu.test(html));
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1;
        if (depth > deepestElement) {
          throw new RangeError(`elements lie in one another, more than ${deepestElement} deep`);
        }
        reader.open(name.slice(name.indexOf(":") + 1), attributes);
      },
      onclosetag: (name) => {
        depth -= 1;
        reader.close(name.slice(name.indexOf(":") + 1));
      },
      ontext: (data) => reader.text(data),
    },
    { decodeEntities: true, recognizeSelfClosing: true },
  );
  for (let at = 0; at < html.length && !out.isFull; at += pieceLength) {
    parser.write(html.slice(at, at + pieceLength));
  }
  parser.end();
  reader.end();
  return reader.title.replace(/\s+/gu, " ").trim();
}
