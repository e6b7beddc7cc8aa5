import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PdfWords } from "../../../src/agents/protocol/pdf-page.ts";
import { PageView } from "./page-view.ts";
import type { PdfStrings } from "./pdf-strings.ts";

/** Points of a PDF document per inch, and pixels of a page of the web. */
const pixelsPerPoint = 96 / 72;
const smallestScale = 0.2;
const largestScale = 6;
/** Pages so near are drawn before they are seen. */
const nearPx = 800;

/** The pages of a document, one under the other. */
export class PageList {
  readonly element = document.createElement("main");
  readonly #pages: readonly PageView[];
  readonly #firstWidth: number;
  #scale: number | "width" = "width";
  #drawnScale = 0;
  #marked: PageView | undefined;
  readonly #onPage: (page: number) => void;
  readonly #near: IntersectionObserver;
  readonly #resized: ResizeObserver;

  /** @param onPage Told which page is in view, counted from one, when that changes. */
  private constructor(pages: readonly PageView[], firstWidth: number, onPage: (page: number) => void) {
    this.#pages = pages;
    this.#firstWidth = firstWidth;
    this.#onPage = onPage;
    this.element.tabIndex = 0;
    this.element.append(...pages.map(({ element }) => element));
    const byElement = new Map(pages.map((page) => [page.element as Element, page]));
    this.#near = new IntersectionObserver(
      (entries) => entries.forEach(({ target, isIntersecting }) => this.#moved(byElement.get(target), isIntersecting)),
      { root: this.element, rootMargin: `${nearPx}px` },
    );
    pages.forEach(({ element }) => this.#near.observe(element));
    this.element.addEventListener("scroll", () => this.#onPage(this.page), { passive: true });
    this.#resized = new ResizeObserver(() => this.#scale === "width" && this.#rescale());
    this.#resized.observe(this.element);
  }

  /** Lays out the pages of a document. */
  static async of(document: PDFDocumentProxy, strings: PdfStrings, onPage: (page: number) => void): Promise<PageList> {
    const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
    const numbers = Array.from({ length: document.numPages }, (_, index) => index + 1);
    const views = numbers.map(
      (number) => new PageView(() => document.getPage(number), { width, height }, strings.page(number)),
    );
    return new PageList(views, width, onPage);
  }

  /** The page in view, counted from one. */
  get page(): number {
    const { top, height } = this.element.getBoundingClientRect();
    const middle = top + height / 3;
    const index = this.#pages.findIndex(({ element }) => element.getBoundingClientRect().bottom > middle);
    return index === -1 ? this.#pages.length : index + 1;
  }

  /** Scrolls to a page, counted from one. */
  goTo(page: number): void {
    this.#pages[Math.min(Math.max(page, 1), this.#pages.length) - 1]?.element.scrollIntoView({ block: "start" });
  }

  /** `step`: larger or smaller; `width`: as wide as the view. */
  zoom(step: number | "width"): void {
    this.#scale = step === "width" ? "width" : clamp(this.#currentScale * step);
    this.#rescale();
  }

  /** How large it is drawn, in percent. */
  get percent(): number {
    return Math.round((this.#currentScale / pixelsPerPoint) * 100);
  }

  /**
   * Scrolls to words and marks them: on their page, else wherever they are.
   *
   * @returns The page where they were found, `null` where they are on none.
   */
  async show({ page, words }: PdfWords): Promise<number | null> {
    this.#marked?.clearMarks();
    this.#rescale();
    const number = await this.#pageWith(page, words);
    this.goTo(number ?? page);
    const view = this.#pages[(number ?? page) - 1];
    const mark = number === null ? null : ((await view?.mark(words)) ?? null);
    this.#marked = view;
    mark?.scrollIntoView({ block: "center" });
    return mark === null ? null : number;
  }

  dispose(): void {
    this.#near.disconnect();
    this.#resized.disconnect();
    this.element.remove();
  }

  /** The named page first, then those beside it, then all; a page with all of the words before one with a part. */
  async #pageWith(page: number, words: string): Promise<number | null> {
    const named = this.#pages[page - 1];
    const here = (await named?.has(words)) ?? "not";
    if (here === "whole") {
      return page;
    }
    const others = this.#pages
      .map((_view, index) => index + 1)
      .toSorted((a, b) => Math.abs(a - page) - Math.abs(b - page));
    for (const number of others) {
      // oxlint-disable-next-line no-await-in-loop -- the nearest page that has them
      if (number !== page && (await this.#pages[number - 1]?.has(words)) === "whole") {
        return number;
      }
    }
    return here === "partly" ? page : null;
  }

  #moved(page: PageView | undefined, isNear: boolean): void {
    if (isNear) {
      page?.show();
    } else if (page !== this.#marked) {
      page?.drop();
    }
  }

  get #currentScale(): number {
    return this.#scale === "width" ? clamp((this.element.clientWidth - 32) / this.#firstWidth) : this.#scale;
  }

  #rescale(): void {
    const page = this.page;
    const scale = this.#currentScale;
    if (scale !== this.#drawnScale) {
      this.#drawnScale = scale;
      this.#marked?.clearMarks();
      this.#pages.forEach((view) => view.rescale(scale));
      this.goTo(page);
      this.#onPage(this.page);
    }
  }
}

function clamp(scale: number): number {
  return Math.min(Math.max(scale, smallestScale), largestScale);
}
