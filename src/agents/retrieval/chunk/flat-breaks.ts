import { type LineBreaks, strength } from "./break-strength.ts";
import { isBlankLine, type TextLines, lineText } from "./text-lines.ts";

const longestPlace = 300;

const visible = /\S/;

/** Says whether a line has no characters but white space. */
export function isBlank(line: string): boolean {
  return !visible.test(line);
}

/** Text without marks: paragraphs are parted by empty lines. */
export function plainBreaks(lines: TextLines): LineBreaks {
  const strengths = new Uint8Array(lines.starts.length);
  let afterBlank = true;
  for (let line = 0; line < strengths.length; line += 1) {
    const blank = isBlankLine(lines, line);
    strengths[line] = afterBlank && !blank ? strength.paragraph : strength.line;
    afterBlank = blank;
  }
  return { strengths, placeOf: () => "" };
}

/** Rows of a table: none is cut, and each stands under the header. A row may have line breaks between quotes. */
export function tableBreaks(lines: TextLines): LineBreaks {
  const strengths = new Uint8Array(lines.starts.length);
  let quotes = 0;
  for (let line = 0; line < strengths.length; line += 1) {
    strengths[line] = quotes % 2 === 0 ? strength.line : strength.none;
    quotes += lineText(lines, line).split('"').length - 1;
  }
  const header = lineText(lines, 0).trim().slice(0, longestPlace);
  return { strengths, placeOf: (line) => (line === 0 ? "" : header) };
}

/** Rows that say their headers themselves, one on each line. */
export function rowBreaks(lines: TextLines): LineBreaks {
  return { strengths: new Uint8Array(lines.starts.length).fill(strength.line), placeOf: () => "" };
}

/** Indented JSON: the outer the better. */
export function jsonBreaks(lines: TextLines): LineBreaks {
  const strengths = new Uint8Array(lines.starts.length);
  for (let line = 0; line < strengths.length; line += 1) {
    const text = lineText(lines, line);
    const indent = text.length - text.trimStart().length;
    const closes = /^\s*[\]}]/.test(text);
    strengths[line] = closes ? strength.sentence : indent <= 2 ? strength.block : indent <= 4 ? 4 : strength.line;
  }
  return { strengths, placeOf: () => "" };
}
