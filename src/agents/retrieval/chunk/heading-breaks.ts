import { type LineBreaks, strength } from "./break-strength.ts";
import { markdownTitle } from "../parse/markdown-title.ts";
import type { DocumentHeading } from "../parse/parsed-document.ts";
import { isBlank } from "./flat-breaks.ts";
import { isBlankLine, type TextLines, lastUpTo, lineAt, lineText } from "./text-lines.ts";

interface Heading {
  readonly line: number;
  /** 1 is the outermost. */
  readonly level: number;
  readonly title: string;
}

/** One punctuation character again and again. */
const underlineOfAny = /^([!-/:-@[-`{-~])\1{2,}\s*$/;

/** No title is longer where it tells a place. */
const longestTitle = 200;

/** Says whether all lines between two are blank, or underline a heading. */
function isNothingBetween(lines: TextLines, from: number, to: number): boolean {
  for (let line = from + 1; line < to; line += 1) {
    const text = lineText(lines, line);
    if (!isBlank(text) && !(line === from + 1 && underlineOfAny.test(text))) {
      return false;
    }
  }
  return true;
}

/**
 * Headings with the headings above them, for the lines that follow. What begins with a heading, and right below it one
 * that is under it, stands under both.
 */
function headingPlaces(lines: TextLines, headings: readonly Heading[]): (line: number) => string {
  const places: { readonly line: number; readonly path: string }[] = [];
  const above: Heading[] = [];
  for (const heading of headings) {
    while ((above.at(-1)?.level ?? -1) >= heading.level) {
      above.pop();
    }
    above.push(heading);
    const titles = above.map(({ title }) => title.slice(0, longestTitle)).filter((title) => title !== "");
    places.push({ line: heading.line, path: titles.join(" > ") });
  }
  const leadsTo = headings.map((_, index) => index);
  for (let index = headings.length - 2; index >= 0; index -= 1) {
    const [upper, lower] = [headings[index], headings[index + 1]];
    if (upper !== undefined && lower !== undefined && lower.level > upper.level && lower.title !== "") {
      const leads = isNothingBetween(lines, upper.line, lower.line);
      leadsTo[index] = leads ? (leadsTo[index + 1] ?? index) : index;
    }
  }
  return (line) => {
    const index = lastUpTo(places, line);
    return places[places[index]?.line === line ? (leadsTo[index] ?? index) : index]?.path ?? "";
  };
}

function withHeadings(lines: TextLines, headings: readonly Heading[], fenced: ReadonlySet<number>): LineBreaks {
  const strengths = new Uint8Array(lines.starts.length);
  let afterBlank = true;
  for (let line = 0; line < strengths.length; line += 1) {
    const blank = isBlankLine(lines, line);
    const inFence = fenced.has(line);
    strengths[line] = afterBlank && !blank && !inFence ? strength.paragraph : strength.line;
    afterBlank = blank;
  }
  for (const { line } of headings) {
    strengths[line] = strength.heading;
  }
  return { strengths, placeOf: headingPlaces(lines, headings) };
}

/** Text whose headings are told beside it. One without a title ends those before. */
export function documentBreaks(lines: TextLines, headings: readonly DocumentHeading[]): LineBreaks {
  const placed = headings.map(({ start, level, title }) => ({ line: lineAt(lines, start), level, title }));
  return withHeadings(lines, placed, new Set());
}

const setextUnderline = /^ {0,3}(=+|-{2,})\s*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;

/** A heading that ends at a line, in either of Markdown's two forms. */
function markdownHeading(lines: TextLines, line: number): Heading | null {
  const text = lineText(lines, line);
  const title = markdownTitle(text);
  if (title !== null) {
    return { line, ...title };
  }
  const underline = setextUnderline.exec(text)?.[1];
  const before = underline === undefined || line === 0 ? "" : lineText(lines, line - 1);
  return underline !== undefined && /^ {0,3}[^\s>#|*+-]/.test(before)
    ? { line: line - 1, level: underline.startsWith("=") ? 1 : 2, title: before.trim() }
    : null;
}

/** Markdown (https://spec.commonmark.org): cut before headings, not inside fenced code. */
export function markdownBreaks(lines: TextLines): LineBreaks {
  const headings: Heading[] = [];
  const fenced = new Set<number>();
  let open: string | null = null;
  for (let line = 0; line < lines.starts.length; line += 1) {
    const text = lineText(lines, line);
    const mark = fence.exec(text)?.[1];
    if (open !== null) {
      fenced.add(line);
      open = mark?.startsWith(open) === true && isBlank(text.replace(/[`~]/g, "")) ? null : open;
    } else if (mark === undefined) {
      const heading = markdownHeading(lines, line);
      headings.push(...(heading === null || headings.at(-1)?.line === heading.line ? [] : [heading]));
    } else {
      open = mark;
    }
  }
  return withHeadings(lines, headings, fenced);
}

/**
 * reStructuredText: a title is underlined by one punctuation character; levels are by order of appearance
 * (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections).
 */
export function restructuredBreaks(lines: TextLines): LineBreaks {
  const headings: Heading[] = [];
  const levels: string[] = [];
  for (let line = 1; line < lines.starts.length; line += 1) {
    const [underline, mark] = underlineOfAny.exec(lineText(lines, line)) ?? [];
    const title = lineText(lines, line - 1).trim();
    if (underline === undefined || mark === undefined || title === "" || title.startsWith("..")) {
      continue;
    }
    if (underline.trim().length < title.length || underlineOfAny.test(title)) {
      continue;
    }
    if (!levels.includes(mark)) {
      levels.push(mark);
    }
    headings.push({ line: line - 1, level: levels.indexOf(mark) + 1, title });
  }
  return withHeadings(lines, headings, new Set());
}
