import { type LineBreaks, strength } from "./break-strength.ts";
import { isBlank } from "./flat-breaks.ts";
import { type TextLines, lineText } from "./text-lines.ts";

/** Words with which a declaration begins, in the languages that people keep in workspaces. */
const declaration =
  /^\s*(?:(?:export|default|public|private|protected|internal|static|abstract|final|sealed|override|virtual|async|unsafe|extern|inline|pub(?:\([^)]*\))?|open|partial|declare|local)\s+)*(?:def|class|function|func|fn|fun|impl|struct|enum|trait|interface|type|module|namespace|package|object|record|protocol|extension|mod|macro_rules!|sub|procedure|template|concept|union|constructor|defmodule|defp?|defn|CREATE|ALTER|INSERT)\b/;
const method =
  /^\s+(?:(?:public|private|protected|internal|static|final|override|async|virtual|readonly|get|set)\s+)*[\w<>[\],.?*&#$]+(?:\s+[\w*&~]+)*\s*\([^;]*\)?[^;]*\{\s*$/;
const controlWord = /^\s*(?:if|for|while|switch|catch|else|do|try|return|with|match|foreach|until|unless)\b/;
/** Comments, decorators and attributes: they belong to what follows. */
const belongsToNext = /^\s*(?:\/\/|\/\*|\*|#(?!include|if|endif|else)|--|;;|@\w|\[\w+[^\]]*\]\s*$|"""|%)/;
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
  return text.includes("(") && text.trimEnd().endsWith("{");
}

function isDeclaration(text: string): boolean {
  return declaration.test(text) || (opensBlock(text) && method.test(text) && !controlWord.test(text));
}

interface Declaration {
  readonly line: number;
  readonly indent: number;
  readonly title: string;
}

/** The declarations inside which each line is, outermost first. */
function enclosing(declarations: readonly Declaration[], lines: TextLines): (line: number) => string {
  return (line) => {
    let indent = firstIndent(lines, line);
    const path: string[] = [];
    for (let at = declarations.findLastIndex((item) => item.line < line); at >= 0 && indent > 0; at -= 1) {
      const item = declarations[at];
      if (item !== undefined && item.indent < indent) {
        path.unshift(item.title);
        indent = item.indent;
      }
    }
    return path.join(" > ");
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

/** The first of the comments and decorators directly above a line. */
function firstOfBlock(lines: TextLines, line: number): number {
  let first = line;
  while (first > 0 && belongsToNext.test(lineText(lines, first - 1))) {
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
      declarations.push({ line, indent, title: text.trim().slice(0, 120) });
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
