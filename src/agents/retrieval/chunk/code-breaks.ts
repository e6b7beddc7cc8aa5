import { type LineBreaks, strength } from "./break-strength.ts";
import { isBlank } from "./flat-breaks.ts";
import { type TextLines, lastUpTo, lineText } from "./text-lines.ts";

/** Words with which a declaration begins, in the languages that people keep in workspaces. */
const declaration =
  /^\s*(?:(?:export|default|public|private|protected|internal|static|abstract|final|sealed|override|virtual|async|unsafe|extern|inline|pub(?:\([^)]*\))?|open|partial|declare|local)\s+)*(?:def|class|function|func|fn|fun|impl|struct|enum|trait|interface|type|module|namespace|package|object|record|protocol|extension|mod|macro_rules!|sub|procedure|template|concept|union|constructor|defmodule|defp?|defn|CREATE|ALTER|INSERT)\b/;
const method =
  /^\s+(?:(?:public|private|protected|internal|static|final|override|async|virtual|readonly|get|set)\s+)*[\w<>[\],.?*&#$]+(?:\s+[\w*&~]+)*\s*\([^;]*\{$/;
const controlWord = /^\s*(?:if|for|while|switch|catch|else|do|try|return|with|match|foreach|until|unless)\b/;
/** Comments, decorators and attributes: they belong to what follows. */
const belongsToNext = /^\s*(?:\/\/|\/\*|\*|#(?!include|if|endif|else)|--|;;|@\w|\[\w[^\]]*\]\s*$|"""|%)/;
const closes = /^\s*[\])}]/;
const outermost = /^[^\s})\]#]/;

function indentOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character === "\t") {
      width += 4;
    } else if (character === " ") {
      width += 1;
    } else {
      break;
    }
  }
  return width;
}

/** Spares most lines the longer look. */
function opensBlock(text: string): boolean {
  return text.includes("(") && text.endsWith("{");
}

function isDeclaration(text: string): boolean {
  const line = text.trimEnd();
  return declaration.test(line) || (opensBlock(line) && method.test(line) && !controlWord.test(line));
}

interface Declaration {
  readonly line: number;
  readonly indent: number;
  readonly title: string;
  /** The declaration inside which it is. */
  readonly outer: Declaration | null;
}

/** The declarations inside which each line is, outermost first. */
function enclosing(declarations: readonly Declaration[], lines: TextLines): (line: number) => string {
  return (line) => {
    let indent = firstIndent(lines, line);
    const path: string[] = [];
    let item = declarations[lastUpTo(declarations, line - 1)] ?? null;
    for (; item !== null && indent > 0; item = item.outer) {
      if (item.indent < indent) {
        path.push(item.title);
        indent = item.indent;
      }
    }
    return path.toReversed().join(" > ");
  };
}

/** The indentation of the first line with something on it. */
function firstIndent(lines: TextLines, from: number): number {
  for (let line = from; line < Math.min(from + 5, lines.starts.length); line += 1) {
    const text = lineText(lines, line);
    if (!isBlank(text)) {
      return indentOf(text);
    }
  }
  return 0;
}

/** The declaration before a line that is indented less. */
function outerOf(before: Declaration | undefined, indent: number): Declaration | null {
  let outer = before ?? null;
  while (outer !== null && outer.indent >= indent) {
    outer = outer.outer;
  }
  return outer;
}

/** Longer comments stand for themselves. */
const mostAbove = 400;

/** The first of the comments and decorators directly above a line. */
function firstOfBlock(lines: TextLines, line: number): number {
  let first = line;
  while (first > 0 && line - first < mostAbove && belongsToNext.test(lineText(lines, first - 1))) {
    first -= 1;
  }
  return first;
}

/** Source code of any language: cut before declarations with their comments, outer ones rather than inner ones. */
export function codeBreaks(lines: TextLines): LineBreaks {
  const count = lines.starts.length;
  const strengths = new Uint8Array(count);
  const declarations: Declaration[] = [];
  let afterBlank = true;
  for (let line = 0; line < count; line += 1) {
    const text = lineText(lines, line);
    if (isBlank(text)) {
      strengths[line] = strength.sentence;
      afterBlank = true;
      continue;
    }
    strengths[line] = ordinaryStrength(text, afterBlank);
    if (text.length < 400 && isDeclaration(text)) {
      const indent = indentOf(text);
      const first = firstOfBlock(lines, line);
      strengths.fill(strength.none, first + 1, line + 1);
      strengths[first] = indent === 0 ? strength.heading : strength.block;
      const outer = outerOf(declarations.at(-1), indent);
      declarations.push({ line, indent, title: text.trim().slice(0, 120), outer });
    }
    afterBlank = false;
  }
  return { strengths, placeOf: enclosing(declarations, lines) };
}

function ordinaryStrength(text: string, afterBlank: boolean): number {
  if (closes.test(text)) {
    return strength.none;
  }
  if (afterBlank) {
    return outermost.test(text) ? strength.block : strength.paragraph;
  }
  return strength.line;
}
