import { getDocumentProxy } from "unpdf";
import { DocumentText } from "../documents/document-text.ts";
import { type ParsedFile, skipped } from "../parsed-document.ts";
import { CharacterMaps } from "./character-maps.ts";
import { headingLevels } from "./headings.ts";
import { outlineLevels } from "./outline.ts";
import { type PageText, pageText } from "./page-lines.ts";
import { type PageItem, pageRuns } from "./page-runs.ts";
import { paragraphsOf, wordJoiner } from "./paragraphs.ts";
import { lineDirection } from "./right-to-left.ts";
import { withoutRunningLines } from "./running-lines.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** What follows is left out, and that is said. */
const mostPages = 10_000;
const readingMs = 60_000;
/** More pieces of text are on no page that anybody reads. */
const mostPieces = 200_000;

const options = {
  BinaryDataFactory: CharacterMaps,
  cMapUrl: "maps/",
  cMapPacked: true,
  useWorkerFetch: false,
  useSystemFonts: false,
  useWasm: false,
  disableFontFace: true,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  stopAtErrors: false,
  maxImageSize: 1,
  verbosity: 0,
} as const;

/** The text of a PDF, page by page, as it is read: column by column, without running heads. */
export async function readPdf(bytes: Buffer): Promise<ParsedFile> {
  const opened = await openPdf(bytes);
  if (typeof opened === "string") {
    return skipped(opened);
  }
  const read = await readPages(opened);
  const outline = await outlineOf(opened);
  await opened.loadingTask.destroy();
  const { pages, ofPages } = read;
  if (pages.every(({ columns }) => columns.length === 0)) {
    const isWhole = pages.length === ofPages && read.cutPages === 0;
    return skipped(read.brokenPages === pages.length ? "broken" : isWhole ? "scanned" : "too-slow");
  }
  return textOf(read, outline);
}

async function openPdf(bytes: Buffer): Promise<Pdf | "password" | "broken"> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), options);
  } catch (error) {
    return error instanceof Error && error.name === "PasswordException" ? "password" : "broken";
  }
}

/** A table of contents that is broken is none. */
async function outlineOf(pdf: Pdf): Promise<ReadonlyMap<string, number>> {
  try {
    return outlineLevels((await pdf.getOutline()) ?? []);
  } catch {
    return new Map();
  }
}

interface ReadPages {
  readonly pages: readonly PageText[];
  readonly ofPages: number;
  /** Of which not everything was read. */
  readonly cutPages: number;
  readonly brokenPages: number;
}

async function readPages(pdf: Pdf): Promise<ReadPages> {
  const pages: PageText[] = [];
  const endMs = performance.now() + readingMs;
  const ofPages = pdf.numPages;
  let cutPages = 0;
  let brokenPages = 0;
  for (let number = 1; number <= Math.min(ofPages, mostPages) && performance.now() < endMs; number += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one page in memory at a time
    const page = await readPage(pdf, number, endMs);
    pages.push(page?.text ?? noPage);
    cutPages += page?.isCut === true ? 1 : 0;
    brokenPages += page === null ? 1 : 0;
  }
  return { pages, ofPages, cutPages, brokenPages };
}

const noPage: PageText = { columns: [], heightPoints: 0 };

interface ReadPage {
  readonly text: PageText;
  readonly isCut: boolean;
}

/** `null` for a page that is broken: the others are read all the same. */
async function readPage(pdf: Pdf, number: number, endMs: number): Promise<ReadPage | null> {
  try {
    const page = await pdf.getPage(number);
    const { transform, height } = page.getViewport({ scale: 1 });
    const { items, isCut } = await itemsOf(page.streamTextContent({ includeMarkedContent: false }), endMs);
    page.cleanup();
    const runs = pageRuns(items, transform);
    const direction = await lineDirection([...runs.level, ...runs.turned]);
    return { text: pageText(runs, height, direction), isCut };
  } catch {
    return null;
  }
}

interface TextPiece {
  readonly items: readonly PageItem[];
}

interface PageItems {
  readonly items: readonly PageItem[];
  readonly isCut: boolean;
}

/** The pieces of a page, until there are too many or it is too late. */
async function itemsOf(stream: ReadableStream<TextPiece>, endMs: number): Promise<PageItems> {
  const reader = stream.getReader();
  const items: PageItem[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, endMs - performance.now()));
  });
  try {
    while (items.length < mostPieces) {
      // oxlint-disable-next-line no-await-in-loop -- pieces come in order
      const piece = await Promise.race([reader.read(), late]);
      if (piece === null) {
        return { items, isCut: true };
      }
      if (piece.done) {
        return { items, isCut: false };
      }
      items.push(...piece.value.items);
    }
    return { items, isCut: true };
  } finally {
    clearTimeout(timer);
    await reader.cancel(new Error("the text is not wanted any more")).catch(() => undefined);
  }
}

function textOf(read: ReadPages, outline: ReadonlyMap<string, number>): ParsedFile {
  const pages = withoutRunningLines(read.pages);
  const levelOf = headingLevels(pages, outline);
  const join = wordJoiner(pages);
  const text = new DocumentText();
  pages.forEach(({ columns }, index) => {
    text.beginPart(index + 1);
    let block = "";
    for (const paragraph of columns.flatMap((column) => paragraphsOf(column, join))) {
      const level = levelOf(paragraph);
      if (level === null && paragraph.isTight && block !== "") {
        block += `\n${paragraph.text}`;
        continue;
      }
      text.addBlock(block);
      block = level === null ? paragraph.text : "";
      if (level !== null) {
        text.addHeading(level, paragraph.text);
      }
    }
    text.addBlock(block);
  });
  return text.end(leftOutOf(read));
}

/** Pages that hold pictures only are told of where they are many. */
function leftOutOf({ pages, ofPages, cutPages, brokenPages }: ReadPages): string | null {
  const blank = pages.filter(({ columns }) => columns.length === 0).length;
  const said = [
    ...(pages.length < ofPages ? [`first-pages ${pages.length} ${ofPages}`] : []),
    ...(cutPages + brokenPages > 0 ? [`pages-cut ${cutPages + brokenPages} ${ofPages}`] : []),
    ...(blank - brokenPages >= Math.max(1, pages.length / 4) ? [`pages-without-text ${blank} ${ofPages}`] : []),
  ];
  return said.length === 0 ? null : said.join("; ");
}
