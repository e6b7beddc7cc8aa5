const heading =
  /^[^\S\n]*(?:#{1,6}[^\S\n]+|[*_]{1,2})?(?:sources?|references?|citations?|passages cited|来源|參考|参考|参考资料|引用|出处)[*_]{0,2}[^\S\n]*[:：]?[*_]{0,2}[^\S\n]*/iu;
const mayBecome =
  /^[^\S\n]*(?:#{1,6}[^\S\n]*)?[*_]{0,2}(?:[a-z ]{0,16}|[来源參考参资料引用出处]{0,4})[*_]{0,2}[^\S\n]*[:：]?[*_]{0,2}[^\S\n]*$/iu;
const item = /^\s*(?:[-*+•]\s+|\d{1,3}[.)、]\s*)?(?:[[【(（][^\]】)）\n]*[\]】)）][\s,，、;；.。]*)*$/u;
const quote = /[[【]\s*\d{1,3}\s*[:：]\s*["“「'‘`]/u;

/** Leaves out a list of sources at the end of an answer that says no more than the marks in the text above it. */
export class SourceList {
  #hasQuotes = false;
  #line = "";
  /** What may be such a list, from its heading on; `null` where none was begun. */
  #held: string | null = null;
  #isLineShown = false;

  read(text: string): string {
    return text
      .split(/(?<=\n)/u)
      .map((part) => this.#readPart(part))
      .join("");
  }

  /** What was held back and is no list of sources. */
  end(): string {
    const held = this.#held === null ? (this.#isLineShown ? "" : this.#line) : this.#held + this.#line;
    const isList = this.#held !== null || heading.test(this.#line);
    this.#held = null;
    this.#line = "";
    return isList && this.#hasQuotes && isOnlyMarks(held) ? "" : held;
  }

  #readPart(part: string): string {
    const isStart = this.#line === "";
    this.#line += part;
    if (this.#isLineShown && !isStart) {
      return this.#shown(part);
    }

    const ends = this.#line.endsWith("\n");
    if (this.#held !== null) {
      return ends ? this.#hold() : "";
    }

    if (this.#hasQuotes && heading.test(this.#line) && isOnlyMarks(this.#line)) {
      return ends ? this.#hold() : "";
    }

    const waits = !ends && this.#hasQuotes && (mayBecome.test(this.#line) || heading.test(this.#line));
    return waits ? "" : this.#shown(this.#line);
  }

  /** Keeps a line of the list back, or gives all of it where it is none. */
  #hold(): string {
    const held = (this.#held ?? "") + this.#line;
    this.#line = "";
    this.#held = isOnlyMarks(held) ? held : null;
    return this.#held === null ? held : "";
  }

  #shown(text: string): string {
    this.#hasQuotes = this.#hasQuotes || quote.test(this.#line);
    this.#isLineShown = !this.#line.endsWith("\n");
    this.#line = this.#isLineShown ? this.#line : "";
    return text;
  }
}

function isOnlyMarks(text: string): boolean {
  return text
    .replace(heading, "")
    .split("\n")
    .every((line) => item.test(line));
}
