import { type LineBreaks, strength } from "./break-strength.ts";
import { firstVisible, isBlankLine, isBlankUnit, type TextLines, lastUpTo, lineEnd, lineText } from "./text-lines.ts";

/** Words that may stand before those of {@link declaring}. */
const modifiers =
  "export default public private protected internal static abstract final sealed override virtual async unsafe extern inline open partial declare local";
/** Words with which a declaration begins, in the languages that people keep in workspaces. */
const declaring =
  "def class function func fn fun impl struct enum trait interface type module namespace package object record protocol extension mod macro_rules! sub procedure template concept union constructor defmodule defp? defn CREATE ALTER INSERT";
const declaration = new RegExp(`^\\s*(?:(?:${anyOf(modifiers)}|pub(?:\\([^)]*\\))?)\\s+)*(?:${anyOf(declaring)})\\b`);
/** For the first two characters of all of them 1: most lines begin with others. */
const beginnings = new Uint8Array(1 << 14);
for (const word of `${modifiers} pub ${declaring}`.split(" ")) {
  beginnings[pairCode(word.charCodeAt(0), word.charCodeAt(1))] = 1;
}
const method =
  /^\s+(?:(?:public|private|protected|internal|static|final|override|async|virtual|readonly|get|set)\s+)*[\w<>[\],.?*&#$]+(?:\s+[\w*&~]+)*\s*\([^;]*\{$/;
const controlWord = /^\s*(?:if|for|while|switch|catch|else|do|try|return|with|match|foreach|until|unless)\b/;
/** Comments, decorators and attributes: they belong to what follows. */
const belongsToNext = /^\s*(?:\/\/|\/\*|\*|#(?!include|if|endif|else)|--|;;|@\w|\[\w[^\]]*\]\s*$|"""|%)/;
const [hash, closingRound, closingSquare, openingCurly, closingCurly] = [35, 41, 93, 123, 125];

function anyOf(words: string): string {
  return words.replaceAll(" ", "|");
}

/** The place of two characters in a table for those of ASCII. */
function pairCode(first: number, second: number): number {
  return ((first & 0x7f) << 7) | (second & 0x7f);
}

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

/** Longer lines declare nothing. */
const longestDeclaration = 400;

/** @param first where the line's first visible character stands */
function isDeclaration(lines: TextLines, line: number, first: number): boolean {
  const { text } = lines;
  const start = lines.starts[line] ?? 0;
  let end = lineEnd(lines, line);
  if (end - start >= longestDeclaration) {
    return false;
  }
  while (isBlankUnit(text.charCodeAt(end - 1))) {
    end -= 1;
  }
  if (
    beginnings[pairCode(text.charCodeAt(first), text.charCodeAt(first + 1))] === 1 &&
    declaration.test(text.slice(start, end))
  ) {
    return true;
  }
  if (first === start || text.charCodeAt(end - 1) !== openingCurly) {
    return false;
  }
  const own = text.slice(start, end);
  return own.includes("(") && method.test(own) && !controlWord.test(own);
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
    if (!isBlankLine(lines, line)) {
      return indentOf(lineText(lines, line));
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
    const first = firstVisible(lines, line);
    if (first === lineEnd(lines, line)) {
      strengths[line] = strength.sentence;
      afterBlank = true;
      continue;
    }
    const isOuter = first === lines.starts[line];
    strengths[line] = ordinaryStrength(lines.text.charCodeAt(first), isOuter, afterBlank);
    if (isDeclaration(lines, line, first)) {
      const text = lineText(lines, line);
      const indent = indentOf(text);
      const above = firstOfBlock(lines, line);
      strengths.fill(strength.none, above + 1, line + 1);
      strengths[above] = indent === 0 ? strength.heading : strength.block;
      const outer = outerOf(declarations.at(-1), indent);
      declarations.push({ line, indent, title: text.trim().slice(0, 120), outer });
    }
    afterBlank = false;
  }
  return { strengths, placeOf: enclosing(declarations, lines) };
}

/** Of a line, by its first visible character. */
function ordinaryStrength(first: number, isOuter: boolean, afterBlank: boolean): number {
  if (first === closingRound || first === closingSquare || first === closingCurly) {
    return strength.none;
  }
  if (afterBlank) {
    return isOuter && first !== hash ? strength.block : strength.paragraph;
  }
  return strength.line;
}
