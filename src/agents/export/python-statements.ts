import { type PythonToken, bracketStep, pythonTokens } from "./python-tokens.ts";

/** One logical line: its tokens without comments, and how far it is indented (columns, tabs to the next eighth). */
export interface PythonLine {
  readonly tokens: readonly PythonToken[];
  readonly indent: number;
  /** 1-based line of the source. */
  readonly line: number;
}

/** A statement at the top level of a cell, with all lines that belong to it. Offsets leave comments at its end out. */
export interface PythonStatement {
  readonly lines: readonly PythonLine[];
  readonly start: number;
  readonly end: number;
  /** 1-based line of the source on which it starts. */
  readonly line: number;
}

const continuing = new Set(["elif", "else", "except", "finally"]);

/** The statements of a cell, in order. Lines that are no Python, such as `%matplotlib inline`, are left out. */
export function pythonStatements(code: string): readonly PythonStatement[] {
  const groups: PythonLine[][] = [];
  for (const line of logicalLines(code)) {
    const before = groups.at(-1);
    const decorated = before !== undefined && before.every(({ tokens }) => tokens[0]?.text === "@");
    const belongs = line.indent > 0 || continuing.has(line.tokens[0]?.text ?? "") || decorated;
    if (belongs && before !== undefined) {
      before.push(line);
    } else {
      groups.push([line]);
    }
  }

  return groups.map((lines) => {
    const tokens = lines.flatMap((line) => line.tokens);
    return { lines, start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0, line: lines[0]?.line ?? 1 };
  });
}

/** Lines on which a string or a bracket does not go on: where code may be indented. 0-based. */
export function indentableLines(code: string): ReadonlySet<number> {
  const lineOf = lineNumbers(code);
  const inStrings = new Set<number>();
  for (const token of pythonTokens(code)) {
    for (let line = lineOf(token.start) + 1; token.kind === "string" && line <= lineOf(token.end); line += 1) {
      inStrings.add(line);
    }
  }

  const count = code.split("\n").length;
  return new Set(Array.from({ length: count }, (_, line) => line).filter((line) => !inStrings.has(line + 1)));
}

function logicalLines(code: string): readonly PythonLine[] {
  const lineOf = lineNumbers(code);
  const lines: PythonLine[] = [];
  let tokens: PythonToken[] = [];
  let depth = 0;
  const close = (): void => {
    const [first] = tokens;
    if (first !== undefined && first.text !== "%") {
      const opening = Math.max(code.lastIndexOf("\n", first.start - 1) + 1, 0);
      const lead = code.slice(opening, first.start);
      const follows = lead.trim() !== "";
      const indent = follows ? (lines.at(-1)?.indent ?? 0) : widthOf(lead);
      lines.push({ tokens, indent, line: lineOf(first.start) });
    }

    tokens = [];
  };
  for (const token of pythonTokens(code)) {
    depth += bracketStep(token);
    if (token.kind === "newline" || (token.text === ";" && depth <= 0)) {
      close();
    } else if (token.kind !== "comment") {
      tokens.push(token);
    }
  }

  close();
  return lines;
}

function widthOf(blank: string): number {
  let width = 0;
  for (const character of blank) {
    width = character === "\t" ? (Math.floor(width / 8) + 1) * 8 : width + 1;
  }

  return width;
}

/** @returns What gives the 1-based line of an offset. */
function lineNumbers(code: string): (offset: number) => number {
  const starts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return after === -1 ? starts.length : after;
  };
}
