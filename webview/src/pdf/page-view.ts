import { type PDFPageProxy, type PageViewport, TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import { locateWords } from "../../../src/agents/protocol/locate-words.ts";

/** Sharper than this no screen shows, and a canvas takes memory by the square. */
const mostPixelRatio = 3;
const mostCanvasPixels = 32_000_000;

/** How large a page is, in points. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly cancel: () => void;
  readonly text: Promise<TextLayer | undefined>;
}

/** One page: its picture, its text to select, and marks on it. Drawn when it comes into view, dropped when it is far. */
export class PageView {
  readonly element = document.createElement("section");
  readonly #load: () => Promise<PDFPageProxy>;
  readonly #marks = document.createElement("div");
  #page: Promise<PDFPageProxy> | undefined;
  #size: PageSize;
  #scale: number;
  #drawing: Drawing | undefined;

  /** @param size To be expected of the page; its own counts once it has been read. */
  constructor(load: () => Promise<PDFPageProxy>, size: PageSize, label: string) {
    this.#load = load;
    this.#size = size;
    this.#scale = 1;
    this.#marks.className = "marks";
    this.element.className = "page";
    this.element.setAttribute("aria-label", label);
    this.#layOut();
  }

  /** Draws the page, unless it is drawn. */
  show(): void {
    this.#drawing ??= this.#draw();
  }

  /** Gives up the picture; its place stays. */
  drop(): void {
    this.#drawing?.cancel();
    this.#drawing = undefined;
    this.element.replaceChildren();
  }

  /** Draws it larger or smaller. */
  rescale(scale: number): void {
    this.#scale = scale;
    this.#layOut();
    if (this.#drawing !== undefined) {
      this.drop();
      this.show();
    }
  }

  /** Whether its text has the words, as a whole or in part. */
  async has(words: string): Promise<"whole" | "partly" | "not"> {
    const { items } = await (await this.#read()).getTextContent();
    const text = items.map((item) => ("str" in item ? item.str : "")).join("\n");
    const found = locateWords(text, words, 0);
    return found === null ? "not" : found.partly ? "partly" : "whole";
  }

  /** Marks the words. @returns The first mark, `null` where they are not here. */
  async mark(words: string): Promise<HTMLElement | null> {
    this.show();
    const layer = await this.#drawing?.text;
    const { left, top } = this.element.getBoundingClientRect();
    const boxes = (layer === undefined ? [] : rectanglesOf(layer, words)).map((rectangle) => {
      const box = document.createElement("div");
      box.className = "mark";
      box.style.left = `${rectangle.left - left}px`;
      box.style.top = `${rectangle.top - top}px`;
      box.style.width = `${rectangle.width}px`;
      box.style.height = `${rectangle.height}px`;
      return box;
    });
    this.#marks.replaceChildren(...boxes);
    this.element.append(this.#marks);
    return boxes[0] ?? null;
  }

  clearMarks(): void {
    this.#marks.replaceChildren();
  }

  #read(): Promise<PDFPageProxy> {
    this.#page ??= this.#load();
    return this.#page;
  }

  #layOut(): void {
    this.element.style.width = `${Math.floor(this.#size.width * this.#scale)}px`;
    this.element.style.height = `${Math.floor(this.#size.height * this.#scale)}px`;
    this.element.style.setProperty("--total-scale-factor", String(this.#scale));
  }

  #draw(): Drawing {
    const stopping = new AbortController();
    const text = this.#read().then((page) =>
      stopping.signal.aborted ? undefined : this.#paint(page, stopping.signal),
    );
    return { cancel: () => stopping.abort(), text: text.catch(() => undefined) };
  }

  async #paint(page: PDFPageProxy, signal: AbortSignal): Promise<TextLayer> {
    this.#size = page.getViewport({ scale: 1 });
    this.#layOut();
    const viewport = page.getViewport({ scale: this.#scale });
    const canvas = document.createElement("canvas");
    const container = document.createElement("div");
    container.className = "textLayer";
    this.element.replaceChildren(canvas, container);
    const ratio = pixelRatio(viewport);
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    const picture = page.render({ canvas, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
    // A page that cannot be drawn as a whole shows what could be; one that was scrolled away is not drawn on.
    picture.promise.catch(() => undefined);
    const layer = new TextLayer({ textContentSource: page.streamTextContent(), container, viewport });
    signal.addEventListener("abort", () => {
      picture.cancel();
      layer.cancel();
    });
    await layer.render();
    return layer;
  }
}

function pixelRatio({ width, height }: PageViewport): number {
  const wanted = Math.min(window.devicePixelRatio || 1, mostPixelRatio);
  return Math.min(wanted, Math.sqrt(mostCanvasPixels / Math.max(1, width * height)));
}

/** Where the words stand on the screen, one rectangle for each piece of a line. */
function rectanglesOf({ textDivs, textContentItemsStr }: TextLayer, words: string): readonly DOMRect[] {
  const found = locateWords(textContentItemsStr.join("\n"), words, 0);
  if (found === null) {
    return [];
  }
  const rectangles: DOMRect[] = [];
  let from = 0;
  textContentItemsStr.forEach((text, index) => {
    const node = textDivs[index]?.firstChild;
    const [first, last] = [Math.max(0, found.start - from), Math.min(text.length, found.end - from)];
    if (node instanceof Text && first < last) {
      const range = document.createRange();
      range.setStart(node, Math.min(first, node.length));
      range.setEnd(node, Math.min(last, node.length));
      rectangles.push(...range.getClientRects());
    }
    from += text.length + 1;
  });
  return rectangles.filter(({ width, height }) => width > 0 && height > 0);
}
