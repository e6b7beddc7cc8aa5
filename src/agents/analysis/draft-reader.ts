import { PartialJsonString } from "./partial-json-string.ts";

/** A piece of what an author writes, as it comes. */
export type DraftPiece = { readonly kind: "text" | "code"; readonly text: string };

const opening = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)[^\n`]*$/;
const looksLikePython = /^\s*(?:import |from |def |for |with |if |print\(|#|[A-Za-z_][\w.[\]"', ]*\s*=[^=])/;
const pythonNames = new Set(["python", "py", "python3", "ipython", "run_python", "tool_code"]);

/**
 * Tells text from code in a stream: fenced blocks of Python and the `code` argument of a tool call become code, the
 * rest is text. Text after the first block is kept apart: models like to imagine the output there.
 */
export class DraftReader {
  #line = "";
  /** The fence that would close the open block. */
  #fence: string | undefined;
  #inCode = false;
  #lineIsOpen = false;
  #argument: PartialJsonString | undefined;
  #blocks: string[] = [];
  #before = "";
  #after = "";

  readonly #acceptFences: boolean;
  /** An opening fence without a language, until its first line tells whether it is Python. */
  #unlabelled: string | undefined;

  /** @param acceptFences Whether fenced Python is code to run; else it is part of the text. */
  constructor(acceptFences: boolean) {
    this.#acceptFences = acceptFences;
  }

  /** Text before the first block. */
  get comment(): string {
    return this.#before.trim();
  }

  /** All text, blocks left out. */
  get text(): string {
    return (this.#before + this.#after).trim();
  }

  /** The code of all fenced blocks, joined; `null` where there was none. */
  get fencedCode(): string | null {
    const code = this.#blocks.map((block) => block.replace(/\s+$/, "")).filter((block) => block.trim() !== "");
    return code.length === 0 ? null : code.join("\n\n");
  }

  /** Reads a piece of text. */
  read(text: string): readonly DraftPiece[] {
    const pieces: DraftPiece[] = [];
    for (const part of text.split(/(?<=\n)/)) {
      pieces.push(...this.#readPart(part));
    }

    return joined(pieces);
  }

  /** Reads a piece of a tool call's arguments; what was held back of the text before it can become no fence any more. */
  readArguments(text: string): readonly DraftPiece[] {
    const heldBack = this.#argument === undefined ? this.end() : [];
    this.#argument ??= new PartialJsonString("code");
    const code = this.#argument.read(text);
    return code === "" ? heldBack : [...heldBack, { kind: "code", text: code }];
  }

  /** Reads what was held back because it might have become a fence. */
  end(): readonly DraftPiece[] {
    const rest = this.#line;
    this.#line = "";
    if (this.#unlabelled !== undefined) {
      return rest === "" ? this.#settleUnlabelled("") : this.#readLine(rest);
    }

    if (rest === "" || this.#lineIsOpen || (this.#inCode && rest.trim() === this.#fence)) {
      return [];
    }

    return this.#give(rest);
  }

  #readPart(part: string): readonly DraftPiece[] {
    this.#line += part;
    const whole = this.#line.endsWith("\n");
    if (this.#unlabelled !== undefined && !whole) {
      return [];
    }

    if (this.#lineIsOpen) {
      const pieces = this.#give(part);
      this.#endLine(whole);
      return pieces;
    }

    if (!whole) {
      if (mayBecomeFence(this.#line)) {
        return [];
      }

      this.#lineIsOpen = true;
      return this.#give(this.#line);
    }

    const line = this.#line;
    this.#endLine(true);
    return this.#readLine(line);
  }

  #endLine(whole: boolean): void {
    if (whole) {
      this.#line = "";
      this.#lineIsOpen = false;
    }
  }

  #readLine(line: string): readonly DraftPiece[] {
    const settled = this.#settleUnlabelled(line);
    return [...settled, ...this.#readSettled(line)];
  }

  #readSettled(line: string): readonly DraftPiece[] {
    const bare = line.trimEnd();
    if (this.#fence !== undefined) {
      if (bare.trim().startsWith(this.#fence) && bare.trim().replaceAll(this.#fence.charAt(0), "") === "") {
        const wasCode = this.#inCode;
        this.#fence = undefined;
        this.#inCode = false;
        return wasCode ? [] : this.#give(line);
      }

      return this.#give(line);
    }

    const [, fence, language = ""] = opening.exec(bare) ?? [];
    if (fence === undefined) {
      return this.#give(line);
    }

    this.#fence = fence;
    if (this.#acceptFences && language === "") {
      this.#unlabelled = line;
      return [];
    }

    this.#inCode = this.#acceptFences && pythonNames.has(language.toLowerCase());
    return this.#inCode ? this.#openBlock() : this.#give(line);
  }

  #openBlock(): readonly DraftPiece[] {
    this.#blocks.push("");
    return [];
  }

  /** Decides by the first line inside a fence without a language. */
  #settleUnlabelled(firstLine: string): readonly DraftPiece[] {
    const opened = this.#unlabelled;
    this.#unlabelled = undefined;
    if (opened === undefined) {
      return [];
    }

    this.#inCode = looksLikePython.test(firstLine);
    return this.#inCode ? this.#openBlock() : this.#give(opened);
  }

  #give(text: string): readonly DraftPiece[] {
    if (this.#inCode) {
      this.#blocks[this.#blocks.length - 1] += text;
      return [{ kind: "code", text }];
    }

    if (this.#blocks.length > 0) {
      this.#after += text;
      return [];
    }

    this.#before += text;
    return [{ kind: "text", text }];
  }
}

function mayBecomeFence(line: string): boolean {
  return /^ {0,3}(`{0,3}|~{0,3})$/.test(line) || /^ {0,3}(`{3,}|~{3,})[^`\n]*$/.test(line);
}

function joined(pieces: readonly DraftPiece[]): readonly DraftPiece[] {
  const result: DraftPiece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last?.kind === piece.kind) {
      result[result.length - 1] = { kind: piece.kind, text: last.text + piece.text };
    } else {
      result.push(piece);
    }
  }

  return result;
}
