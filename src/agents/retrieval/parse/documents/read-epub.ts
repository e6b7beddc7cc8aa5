import { posix } from "node:path";
import { type ParsedFile, skipped } from "../parsed-document.ts";
import { DocumentText } from "./document-text.ts";
import { addHtml } from "./html-text.ts";
import { decodePage } from "./read-html.ts";
import { readXml } from "./xml-events.ts";
import { TooLargeArchive, unpackParts, type ZipParts } from "./zip-parts.ts";

const container = "META-INF/container.xml";
const encryption = "META-INF/encryption.xml";

/** The text of an e-book: its chapters in the order in which they are read. */
export async function readEpub(bytes: Buffer): Promise<ParsedFile> {
  const parts = unpacked(bytes);
  if (typeof parts === "string") {
    return skipped(parts);
  }
  const { chapters, contents } = await bookOf(parts);
  const titles = await titlesOf(parts, contents);
  const text = new DocumentText();
  let page = 0;
  for (const name of chapters) {
    const chapter = parts.bytes(name);
    // oxlint-disable-next-line no-await-in-loop -- chapters come in order
    const html = chapter === null ? null : await decodePage(chapter);
    if (html !== null && hasText(html)) {
      page += 1;
      text.beginPart(page, titles.get(name) ?? null);
      text.endHeadings();
      addHtml(html, text);
    }
  }
  return page === 0 && (await isLocked(parts)) ? skipped("password") : text.end();
}

function unpacked(bytes: Buffer): ZipParts | "too-large" | "broken" {
  try {
    return unpackParts(bytes, (name) => /\.(?:xml|opf|x?html?|ncx)$/iu.test(name));
  } catch (error) {
    return error instanceof TooLargeArchive ? "too-large" : "broken";
  }
}

/** A chapter that shows a picture only is no chapter to a reader of its text. */
function hasText(html: string): boolean {
  return html.replace(/<head[\s>][\s\S]*?<\/head>|<[^>]*>|&nbsp;/giu, "").trim() !== "";
}

/** Books that only the shop's program opens say which parts are encrypted. */
async function isLocked(parts: ZipParts): Promise<boolean> {
  return (await parts.text(encryption)).includes("EncryptedData");
}

interface Book {
  /** Paths of the chapters. */
  readonly chapters: readonly string[];
  /** Paths of its tables of contents. */
  readonly contents: readonly string[];
}

/** A path in a book, from the folder of the part that names it. */
function pathFrom(folder: string, href: string): string {
  const [path = ""] = href.split("#");
  try {
    return posix.join(folder, decodeURIComponent(path));
  } catch {
    return posix.join(folder, path);
  }
}

/** Reads the package document of a book (EPUB 3.3, section 5). */
async function bookOf(parts: ZipParts): Promise<Book> {
  let root = "";
  readXml(await parts.text(container), {
    open: ({ name, attributes }) => {
      root = name === "rootfile" && root === "" ? (attributes.get("full-path") ?? "") : root;
    },
    close: () => undefined,
    text: () => undefined,
  });
  const folder = posix.dirname(root);
  const items = new Map<string, string>();
  const contents: string[] = [];
  const spine: string[] = [];
  readXml(await parts.text(root), {
    open: ({ name, attributes }) => {
      const href = attributes.get("href");
      if (name === "item" && href !== undefined) {
        const path = pathFrom(folder, href);
        const isContents =
          attributes.get("properties")?.split(" ").includes("nav") === true ||
          attributes.get("media-type") === "application/x-dtbncx+xml";
        items.set(attributes.get("id") ?? "", path);
        contents.push(...(isContents ? [path] : []));
      } else if (name === "itemref") {
        spine.push(attributes.get("idref") ?? "");
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  const chapters = [...new Set(spine)].map((id) => items.get(id)).filter((path) => path !== undefined);
  return { chapters: chapters.filter((path) => !contents.includes(path)), contents };
}

/** The titles that the tables of contents give to chapters, by path. */
async function titlesOf(parts: ZipParts, contents: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  for (const name of contents) {
    const folder = posix.dirname(name);
    let label = "";
    let inLabel = false;
    const set = (href: string): void => {
      const path = pathFrom(folder, href);
      const title = label.replace(/\s+/gu, " ").trim();
      if (title !== "" && !titles.has(path)) {
        titles.set(path, title);
      }
    };
    let href = "";
    readXml(
      // oxlint-disable-next-line no-await-in-loop -- the first table that names a chapter counts
      await parts.text(name),
      {
        open: ({ name: element, attributes }) => {
          if (element === "a" || element === "navLabel") {
            label = "";
            inLabel = true;
            href = attributes.get("href") ?? "";
          } else if (element === "content") {
            set(attributes.get("src") ?? "");
          }
        },
        close: (element) => {
          if (element === "a") {
            set(href);
          }
          inLabel &&= element !== "a" && element !== "navLabel";
        },
        text: (data) => {
          label += inLabel ? data : "";
        },
      },
    );
  }
  return titles;
}
