/** How a line begins that says what is missing. */
const missing = /^[^\S\n]*(?:[-*>][^\S\n]+)?[*_`"]*NOT[ _]FOUND[*_`"]*[^\S\n]*[:：—-][*_`"]*[^\S\n]*/u;
const mayBecome = /^[^\S\n]*(?:[-*>][^\S\n]*)?[*_`"]*(?:N|NO|NOT|NOT[ _]|NOT[ _]F|NOT[ _]FO|NOT[ _]FOU|NOT[ _]FOUN)?$/u;
const whole = /^[^\S\n]*(?:[-*>][^\S\n]+)?[*_`"]*NOT[ _]FOUND[*_`"]*[^\S\n]*[:：—-]?[*_`"]*[^\S\n]*$/u;

/** Says lines of an answer that begin with `NOT FOUND:` in the language of the person, as they stream. */
export class MissingLines {
  readonly #words: string;
  /** The beginning of a line that may become such a line; `null` within a line. */
  #start: string | null = "";

  /** @param words In place of `NOT FOUND:`. */
  constructor(words: string) {
    this.#words = words;
  }

  read(text: string): string {
    return text
      .split(/(?<=\n)/u)
      .map((part) => this.#readPart(part))
      .join("");
  }

  /** What was held back. */
  end(): string {
    const held = this.#start ?? "";
    this.#start = "";
    return held.replace(missing, this.#words);
  }

  #readPart(part: string): string {
    if (this.#start === null) {
      this.#start = part.endsWith("\n") ? "" : null;
      return part;
    }

    const line = this.#start + part;
    if (mayBecome.test(line) || whole.test(line)) {
      this.#start = line;
      return "";
    }

    this.#start = line.endsWith("\n") ? "" : null;
    return line.replace(missing, this.#words);
  }
}
