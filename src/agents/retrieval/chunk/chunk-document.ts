import type { DocumentPart, ParsedDocument, TextLayout } from "../parse/parsed-document.ts";
import { type Atoms, atomsOf, isAllNarrow } from "./atoms.ts";
import type { Chunk } from "./chunk.ts";
import { lineBreaks } from "./line-breaks.ts";
import { type PackLimits, pack } from "./pack.ts";
import { isBlankUnit, lineAt, linesOf } from "./text-lines.ts";

/** About 350 tokens: measured on questions whose answers are known by their place in long texts. */
const limits: PackLimits = { most: 1400, least: 0.4 };
/** Rows of a table and members of JSON say little each, and their words are many. */
const limitsOf: { readonly [layout in TextLayout]?: PackLimits } = {
  table: { most: 1000, least: 0.4 },
  rows: { most: 1000, least: 0.4 },
};

const longestPlace = 300;

const nothing = { lines: 0, characters: 0 };

/** Counts characters from the beginning of a text; positions must rise. */
function characterCounter(text: string, allNarrow: boolean): (position: number) => number {
  if (allNarrow || !/[\ud800-\udfff]/.test(text)) {
    return (position) => position;
  }
  let at = 0;
  let pairs = 0;
  return (position) => {
    for (; at < position; at += 1) {
      const code = text.charCodeAt(at);
      const next = text.charCodeAt(at + 1);
      pairs += code >= 0xd800 && code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff ? 1 : 0;
    }
    return position - pairs;
  };
}

/** The stretches of a text that no passage may span: its parts. */
function stretches({ text, parts }: ParsedDocument): readonly (DocumentPart & { readonly end: number })[] {
  const first: DocumentPart = { start: 0, page: null, title: null };
  const all = (parts[0]?.start ?? 1) === 0 ? parts : [first, ...parts];
  return all.map((stretch, index) => ({ ...stretch, end: all[index + 1]?.start ?? text.length }));
}

/**
 * Cuts a document into passages that follow one another, for the index and for citations. White space at the ends of a
 * passage belongs to none.
 */
export function chunkDocument(document: ParsedDocument): readonly Chunk[] {
  const { text, layout, lineNumbers, gap } = document;
  const lines = linesOf(text);
  const breaks = lineBreaks(lines, document);
  const numberOf = (line: number): number => lineNumbers?.[line] ?? line + 1;
  const after = (position: number): { readonly lines: number; readonly characters: number } =>
    gap !== undefined && position >= gap.at ? gap : nothing;
  const allNarrow = isAllNarrow(text);
  const charactersTo = characterCounter(text, allNarrow);
  const bounds = limitsOf[layout] ?? limits;
  const atoms = atomsOf(lines, breaks, { most: bounds.most, allNarrow });
  return stretches(document).flatMap(({ start: from, end: to, page, title }) => {
    const own = atomsBetween(atoms, from, to);
    const firsts = pack(own, bounds);
    return firsts.flatMap((first, index): readonly Chunk[] => {
      const most = own.starts[firsts[index + 1] ?? own.starts.length - 1] ?? to;
      const start = skipBlank(text, own.starts[first] ?? 0, most);
      const end = trimEnd(text, start, most);
      if (end <= start) {
        return [];
      }
      const line = lineAt(lines, start);
      const lastLine = lineAt(lines, end - 1);
      const numbers = numbersThatSkip(lineNumbers?.slice(line, lastLine + 1) ?? []);
      return [
        {
          start: charactersTo(start) + after(start).characters,
          end: charactersTo(end) + after(start).characters,
          startLine: numberOf(line) + after(start).lines,
          endLine: numberOf(lastLine) + after(start).lines,
          ...(numbers === null ? {} : { lineNumbers: numbers }),
          page,
          place: placeIn(title, breaks.placeOf(line)).slice(0, longestPlace),
          text: text.slice(start, end),
        },
      ];
    });
  });
}

/** Numbers of lines, unless each follows the one before. */
function numbersThatSkip(numbers: readonly number[]): readonly number[] | null {
  return numbers.some((number, index) => number !== (numbers[0] ?? 0) + index) ? numbers : null;
}

/** A part with a title often begins with it as a heading. */
function placeIn(title: string | null, place: string): string {
  const [first = ""] = place.split(" > ");
  const isSaid = title === null || (first !== "" && (title.startsWith(first) || first.startsWith(title)));
  return isSaid ? place : [title, place].filter((item) => item !== "").join(" > ");
}

/** The pieces between two positions. */
function atomsBetween(atoms: Atoms, from: number, to: number): Atoms {
  const count = atoms.strengths.length;
  if (from === 0 && to >= (atoms.starts[count] ?? 0)) {
    return atoms;
  }
  const first = firstFrom(atoms.starts, from);
  const end = Math.min(firstFrom(atoms.starts, to), count);
  return {
    starts: atoms.starts.subarray(first, end + 1),
    strengths: atoms.strengths.subarray(first, end),
    weights: atoms.weights.subarray(first, end + 1),
  };
}

/** The index of the first of rising positions that is not before `position`. */
function firstFrom(positions: Int32Array, position: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) < position) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function skipBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlankUnit(text.charCodeAt(at))) {
    // Indentation belongs to the line that it indents.
    at += 1;
  }
  return at === end ? end : start + text.slice(start, at).lastIndexOf("\n") + 1;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlankUnit(text.charCodeAt(at - 1))) {
    at -= 1;
  }
  return at;
}
