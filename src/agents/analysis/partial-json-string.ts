const escapes: { readonly [letter: string]: string } = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  "/": "/",
  "\\": "\\",
  '"': '"',
};

/** Reads the string value of one key out of JSON text that arrives in pieces, so that it can be shown as it comes. */
export class PartialJsonString {
  readonly #start: RegExp;
  #pending = "";
  #state: "before" | "inside" | "done" = "before";

  /** @param key The key whose value is read; its first occurrence counts. */
  constructor(key: string) {
    this.#start = new RegExp(`"${key}"\\s*:\\s*"`);
  }

  /** @returns What of the value this piece made known. */
  read(piece: string): string {
    this.#pending += piece;
    if (this.#state === "before") {
      const match = this.#start.exec(this.#pending);
      if (match === null) {
        return "";
      }

      this.#pending = this.#pending.slice(match.index + match[0].length);
      this.#state = "inside";
    }

    return this.#state === "inside" ? this.#readInside() : "";
  }

  #readInside(): string {
    let text = "";
    let index = 0;
    while (index < this.#pending.length) {
      const character = this.#pending.charAt(index);
      if (character === '"') {
        this.#state = "done";
        break;
      }

      if (character !== "\\") {
        text += character;
        index += 1;
        continue;
      }

      const unescaped = unescape(this.#pending, index);
      if (unescaped === undefined) {
        break;
      }

      text += unescaped.text;
      index = unescaped.next;
    }

    this.#pending = this.#pending.slice(index);
    return text;
  }
}

/** The escape at `index`, or `undefined` while it is not whole. */
function unescape(text: string, index: number): { readonly text: string; readonly next: number } | undefined {
  const letter = text.charAt(index + 1);
  if (letter === "") {
    return undefined;
  }

  if (letter !== "u") {
    return { text: escapes[letter] ?? letter, next: index + 2 };
  }

  const digits = text.slice(index + 2, index + 6);
  if (digits.length < 4) {
    return undefined;
  }

  return { text: String.fromCharCode(Number.parseInt(digits, 16)), next: index + 6 };
}
