import { type LineBreaks, strength } from "./break-strength.ts";
import { clauseStarts, sentenceStarts } from "./sentence-starts.ts";
import { type TextLines, lineEnd } from "./text-lines.ts";

/** The smallest pieces of a text: lines, and sentences of long lines. */
export interface Atoms {
  /** Where each begins, in UTF-16 units, and behind the last the length of the text. */
  readonly starts: readonly number[];
  /** Of a cut before each. */
  readonly strengths: readonly number[];
  /** What stands before each, so that the weight of a stretch is a difference; one more than there are pieces. */
  readonly weights: readonly number[];
}

/** Lines up to this weight stay whole. */
const longLine = 400;
const firstWide = 0x2e80;

/**
 * How much a stretch of text says, in Latin letters: a Chinese, Japanese or Korean character counts as two and a half of
 * them.
 */
function weigh(text: string, start: number, end: number): number {
  let wide = 0;
  for (let at = start; at < end; at += 1) {
    wide += text.charCodeAt(at) >= firstWide ? 1 : 0;
  }
  return end - start + wide * 1.5;
}

/** Cuts a text into pieces of which none weighs more than `most`. */
export function atomsOf(lines: TextLines, breaks: LineBreaks, most: number): Atoms {
  const { text } = lines;
  const allNarrow = !/[\u2e80-\uffff]/.test(text);
  const weightOf = (start: number, end: number): number => (allNarrow ? end - start : weigh(text, start, end));
  const starts: number[] = [];
  const strengths: number[] = [];
  const weights: number[] = [0];
  let total = 0;
  const add = (start: number, end: number, cut: number, weight = weightOf(start, end)): void => {
    starts.push(start);
    strengths.push(cut);
    total += weight;
    weights.push(total);
  };
  const split = (start: number, end: number, cut: number, finders: readonly Finder[]): void => {
    const [finder, ...finer] = finders;
    if (weightOf(start, end) <= (finder === sentenceStarts ? longLine : most)) {
      add(start, end, cut);
      return;
    }
    const cuts = finder === undefined ? hardStarts(text, start, end, most) : finder(text, start, end);
    const inner = finder === sentenceStarts ? strength.sentence : strength.none;
    [start, ...cuts].forEach((from, index, all) => {
      const to = all[index + 1] ?? end;
      const own = index === 0 ? cut : inner;
      if (finder === undefined) {
        add(from, to, own);
      } else {
        split(from, to, own, finer);
      }
    });
  };
  lines.starts.forEach((start, line) => {
    const end = lineEnd(lines, line);
    const weight = weightOf(start, end);
    if (weight <= Math.min(longLine, most) && end > start) {
      add(start, end, breaks.strengths[line] ?? strength.none, weight);
    } else if (end > start) {
      split(start, end, breaks.strengths[line] ?? strength.none, [sentenceStarts, clauseStarts]);
    }
  });
  starts.push(text.length);
  return { starts, strengths, weights };
}

type Finder = (text: string, start: number, end: number) => readonly number[];

/** Equal pieces, for text without any sign where to cut. No character is cut in two. */
function hardStarts(text: string, start: number, end: number, most: number): readonly number[] {
  const found: number[] = [];
  const step = Math.floor(most / 2.5);
  for (let at = start + step; at < end; at += step) {
    const code = text.charCodeAt(at);
    found.push(code >= 0xdc00 && code <= 0xdfff ? at + 1 : at);
  }
  return found;
}
