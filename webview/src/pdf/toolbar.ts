import type { PageList } from "./page-list.ts";
import type { PdfStrings } from "./pdf-strings.ts";

const zoomStep = 1.2;

/** The buttons over a document. */
export class Toolbar {
  readonly element = document.createElement("header");
  readonly #list: () => PageList | undefined;
  readonly #number = document.createElement("input");
  readonly #count = document.createElement("span");
  readonly #percent = document.createElement("span");

  /** @param list The pages that are shown. */
  constructor(strings: PdfStrings, list: () => PageList | undefined) {
    this.#list = list;
    this.element.setAttribute("role", "toolbar");
    this.#number.inputMode = "numeric";
    this.#number.setAttribute("aria-label", strings.pageNumber);
    this.#number.addEventListener("change", () => list()?.goTo(Number(this.#number.value) || 1));
    this.#percent.className = "quiet";
    this.element.append(
      this.#button("‹", strings.previous, (pages) => pages.goTo(pages.page - 1)),
      this.#button("›", strings.next, (pages) => pages.goTo(pages.page + 1)),
      this.#number,
      this.#count,
      spacer(),
      this.#button("−", strings.smaller, (pages) => pages.zoom(1 / zoomStep)),
      this.#percent,
      this.#button("+", strings.larger, (pages) => pages.zoom(zoomStep)),
      this.#button("↔", strings.fitWidth, (pages) => pages.zoom("width")),
    );
  }

  /** Says which page is in view, of how many, and how large. */
  update(page: number, count: string): void {
    this.#number.value = String(page);
    this.#count.textContent = count;
    this.#percent.textContent = `${this.#list()?.percent ?? 100} %`;
  }

  #button(sign: string, label: string, act: (pages: PageList) => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.textContent = sign;
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      const pages = this.#list();
      if (pages !== undefined) {
        act(pages);
      }
    });
    return button;
  }
}

function spacer(): HTMLElement {
  const element = document.createElement("span");
  element.className = "grow";
  return element;
}
