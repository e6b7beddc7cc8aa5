import { type PythonToken, bracketStep, formattedParts, pythonTokens } from "./python-tokens.ts";

/** What one logical line does with names, as far as its tokens tell. */
export interface LineNames {
  /** Every variable that it names, in formatted strings too; attributes and names of arguments are none. */
  readonly mentions: ReadonlySet<string>;
  /** Variables that it sets. */
  readonly binds: ReadonlySet<string>;
  /** Variables whose value it may change in place. */
  readonly changes: ReadonlySet<string>;
  /** Names that it imports. */
  readonly imports: ReadonlySet<string>;
  /** It may read or set any variable: `exec`, `globals()`, `from m import *`. */
  readonly anything: boolean;
}

const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);
const reaching = new Set(["exec", "eval", "globals", "locals", "vars", "setattr", "delattr", "compile"]);
/** Methods that change what they are called on, or the state of a library. */
const changing = new Set(
  "append extend insert pop popitem remove clear sort reverse update setdefault add discard put push write writelines close read readline readlines seek next send set_option reset_option use seed chdir filterwarnings simplefilter set_theme set_style set_palette set_context setlocale rc rcdefaults register shuffle normal choice choices integers random randint rand randn permutation uniform sample setenv putenv execute executemany commit".split(
    " ",
  ),
);
const assignment = /^(?:=|[-+*/%@&|^]=|\*\*=|\/\/=|>>=|<<=)$/;

/** Reads one logical line. */
export function lineNames(tokens: readonly PythonToken[]): LineNames {
  const found = new LineReader(tokens);
  found.read();
  return found;
}

class LineReader implements LineNames {
  readonly mentions = new Set<string>();
  readonly binds = new Set<string>();
  readonly changes = new Set<string>();
  readonly imports = new Set<string>();
  anything = false;
  readonly #tokens: readonly PythonToken[];
  /** Where a name is only set. */
  readonly #targets = new Set<number>();
  /** Parameters of `lambda`, and what comprehensions count with. */
  readonly #inner = new Set<string>();

  constructor(tokens: readonly PythonToken[]) {
    this.#tokens = tokens;
  }

  read(): void {
    const first = this.#text(0);
    if (first === "import" || first === "from") {
      this.#readImport();
      return;
    }

    const start = first === "async" ? 1 : 0;
    if (this.#text(start) === "def" || this.#text(start) === "class") {
      this.#bind(start + 1);
      this.#readParameters(start);
    } else {
      this.#readTargets();
      this.#readLoopTargets();
    }

    this.#readMentions();
    if (first === "del") {
      this.mentions.forEach((name) => this.changes.add(name));
    } else if (first === "global" || first === "nonlocal") {
      this.mentions.forEach((name) => this.binds.add(name));
    }

    this.#readChanges();
  }

  #bind(index: number): void {
    this.#targets.add(index);
    this.binds.add(this.#text(index));
  }

  #readParameters(start: number): void {
    for (let index = start + 2; this.#text(start) === "def" && index < this.#tokens.length; index += 1) {
      const isFirst = /^(?:[(,]|\*\*?)$/.test(this.#text(index - 1));
      if (this.#isName(index) && isFirst && this.#depthAt(index) === 1) {
        this.#targets.add(index);
        this.#inner.add(this.#text(index));
      }
    }
  }

  #text(index: number): string {
    return this.#tokens[index]?.text ?? "";
  }

  #isName(index: number): boolean {
    const token = this.#tokens[index];
    return token?.kind === "name" && !keywords.has(token.text) && this.#text(index - 1) !== ".";
  }

  #readImport(): void {
    const from = this.#text(0) === "from";
    const start = from ? this.#tokens.findIndex(({ text }) => text === "import") + 1 : 1;
    for (let index = start; index < this.#tokens.length; index += 1) {
      const token = this.#tokens[index];
      this.anything ||= token?.text === "*";
      const renamed = this.#text(index + 1) === "as";
      if (token?.kind === "name" && token.text !== "as" && !renamed && this.#text(index - 1) !== ".") {
        this.imports.add(token.text);
        this.binds.add(token.text);
      }
    }
  }

  #readMentions(): void {
    for (const [index, token] of this.#tokens.entries()) {
      for (const part of formattedParts(token)) {
        lineNames(pythonTokens(`(${part})`).filter(({ kind }) => kind !== "newline")).mentions.forEach((name) =>
          this.mentions.add(name),
        );
      }

      if (this.#isName(index) && !this.#targets.has(index) && !this.#isArgumentName(index)) {
        this.mentions.add(token.text);
        this.anything ||= reaching.has(token.text) && this.#text(index + 1) === "(";
      }
    }

    this.#inner.forEach((name) => this.mentions.delete(name));
  }

  /** `sep` in `read_csv(path, sep=";")`. */
  #isArgumentName(index: number): boolean {
    return this.#text(index + 1) === "=" && ["(", ","].includes(this.#text(index - 1)) && this.#depthAt(index) > 0;
  }

  #depthAt(index: number): number {
    return this.#tokens.slice(0, index).reduce((depth, token) => depth + bracketStep(token), 0);
  }

  /** Targets of assignments, loops, `with … as`, `except … as` and `:=`. */
  #readTargets(): void {
    const last = this.#tokens.findLastIndex(({ text }, index) => assignment.test(text) && this.#depthAt(index) === 0);
    const annotated = last === -1 && this.#isName(0) && this.#text(1) === ":" && this.#tokens.length > 2;
    const end = last !== -1 ? last : annotated ? 1 : 0;
    const isUsedToo = last !== -1 && this.#text(last) !== "=";
    for (let index = 0; index < end; index += 1) {
      this.#bindPlain(index, isUsedToo);
    }

    for (let index = 1; index < this.#tokens.length; index += 1) {
      if (this.#text(index) === ":=") {
        this.#bind(index - 1);
      } else if (this.#text(index) === "as" && this.#isName(index + 1)) {
        this.#bind(index + 1);
      }
    }
  }

  #readLoopTargets(): void {
    for (const [index, { text }] of this.#tokens.entries()) {
      const until = text === "for" ? "in" : text === "lambda" ? ":" : undefined;
      const end = until === undefined ? -1 : this.#tokens.findIndex((token, at) => at > index && token.text === until);
      for (let at = index + 1; at < end; at += 1) {
        if (text === "lambda" || this.#depthAt(index) > 0) {
          this.#readInner(at);
        } else {
          this.#bindPlain(at, false);
        }
      }
    }
  }

  #readInner(index: number): void {
    if (this.#isName(index)) {
      this.#inner.add(this.#text(index));
    }
  }

  /** A name that stands for itself, not `frame` in `frame["x"] = 1`. */
  #bindPlain(index: number, isUsedToo: boolean): void {
    if (this.#isName(index) && !/^[.[(]$/.test(this.#text(index + 1)) && !this.#isInIndex(index)) {
      this.binds.add(this.#text(index));
      if (!isUsedToo) {
        this.#targets.add(index);
      }
    }
  }

  /** Whether it is a part of an index or of a call: `key` in `frame[key] = 1`. */
  #isInIndex(index: number): boolean {
    const open: string[] = [];
    for (const [at, { text }] of this.#tokens.slice(0, index).entries()) {
      if (text === "(" || text === "[") {
        const before = this.#tokens[at - 1];
        const called = before !== undefined && (before.kind !== "operator" || /^[)\]]$/.test(before.text));
        open.push(called && !keywords.has(before.text) ? "index" : "group");
      } else if (text === ")" || text === "]") {
        open.pop();
      }
    }

    return open.includes("index");
  }

  #readChanges(): void {
    const inPlace = this.#tokens.some(({ text }, index) => text === "inplace" && this.#text(index + 1) === "=");
    for (const [index] of this.#tokens.entries()) {
      if (this.#isName(index) && !this.#isArgumentName(index)) {
        const chain = this.#chainFrom(index);
        if (inPlace || chain.changing || (chain.long && assignment.test(this.#text(chain.end)))) {
          this.changes.add(this.#text(index));
        }

        const isAugmented = /.=$/.test(this.#text(index + 1)) && assignment.test(this.#text(index + 1));
        if (isAugmented) {
          this.changes.add(this.#text(index));
        }
      }
    }

    if (this.#tokens.some(({ text }) => text === "next")) {
      this.mentions.forEach((name) => this.changes.add(name));
    }
  }

  /** Follows `name.attribute[index](arguments)…`. */
  #chainFrom(start: number): { readonly end: number; readonly long: boolean; readonly changing: boolean } {
    let index = start + 1;
    let changes = false;
    for (;;) {
      const text = this.#text(index);
      if (text === "." && this.#tokens[index + 1]?.kind === "name") {
        changes ||= changing.has(this.#text(index + 1)) && this.#text(index + 2) === "(";
        index += 2;
      } else if (text === "[" || text === "(") {
        index = this.#closing(index) + 1;
      } else {
        return { end: index, long: index > start + 1, changing: changes };
      }
    }
  }

  #closing(open: number): number {
    let depth = 0;
    for (let index = open; index < this.#tokens.length; index += 1) {
      depth += bracketStep(this.#tokens[index]);
      if (depth === 0) {
        return index;
      }
    }

    return this.#tokens.length;
  }
}
