import { type LineBreaks, strength } from "./break-strength.ts";
import { clauseStarts, sentenceStarts } from "./sentence-starts.ts";
import { type TextLines, lineEnd } from "./text-lines.ts";

/** The smallest pieces of a text: lines, and sentences of long lines. */
export interface Atoms {
  /** Where each begins, in UTF-16 units, and behind the last the length of the text. */
  readonly starts: Int32Array;
  /** Of a cut before each. */
  readonly strengths: Uint8Array;
  /** What stands before each, so that the weight of a stretch is a difference; one more than there are pieces. */
  readonly weights: Float64Array;
}

/** Lists of pieces that are used again for the next text: new ones for each would mostly be memory to clean up. */
class AtomDesk {
  #starts = new Int32Array(1 << 10);
  #strengths = new Uint8Array(1 << 10);
  #weights = new Float64Array(1 << 10);
  #count = 0;
  #total = 0;

  begin(): void {
    this.#count = 0;
    this.#total = 0;
  }

  add(start: number, cut: number, weight: number): void {
    const at = this.#count;
    if (at + 2 > this.#starts.length) {
      this.#grow();
    }
    this.#starts[at] = start;
    this.#strengths[at] = cut;
    this.#weights[at] = this.#total;
    this.#total += weight;
    this.#count = at + 1;
  }

  /** @param end of the text */
  done(end: number): Atoms {
    const count = this.#count;
    this.#starts[count] = end;
    this.#weights[count] = this.#total;
    return {
      starts: this.#starts.subarray(0, count + 1),
      strengths: this.#strengths.subarray(0, count),
      weights: this.#weights.subarray(0, count + 1),
    };
  }

  #grow(): void {
    const length = this.#starts.length * 2;
    const [starts, strengths, weights] = [this.#starts, this.#strengths, this.#weights];
    this.#starts = new Int32Array(length);
    this.#starts.set(starts);
    this.#strengths = new Uint8Array(length);
    this.#strengths.set(strengths);
    this.#weights = new Float64Array(length);
    this.#weights.set(weights);
  }
}

const desk = new AtomDesk();

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

/** Says whether a text has nothing that takes two UTF-16 units, and no Chinese, Japanese or Korean. */
export function isAllNarrow(text: string): boolean {
  return !/[\u2e80-\uffff]/.test(text);
}

/** What of a text is known where it is cut. */
export interface AtomBounds {
  /** No piece weighs more. */
  readonly most: number;
  /** See {@link isAllNarrow}. */
  readonly allNarrow: boolean;
}

/** Cuts a text into pieces. They are gone when another text is cut. */
export function atomsOf(lines: TextLines, breaks: LineBreaks, { most, allNarrow }: AtomBounds): Atoms {
  const { text } = lines;
  const weightOf = (start: number, end: number): number => (allNarrow ? end - start : weigh(text, start, end));
  desk.begin();
  const split = (start: number, end: number, cut: number, finders: readonly Finder[]): void => {
    const [finder, ...finer] = finders;
    const weight = weightOf(start, end);
    if (weight <= (finder === sentenceStarts ? longLine : most)) {
      desk.add(start, cut, weight);
      return;
    }
    const cuts = finder === undefined ? hardStarts(text, start, end, most) : finder(text, start, end);
    const inner = finder === sentenceStarts ? strength.sentence : strength.none;
    [start, ...cuts].forEach((from, index, all) => {
      const to = all[index + 1] ?? end;
      const own = index === 0 ? cut : inner;
      if (finder === undefined) {
        desk.add(from, own, weightOf(from, to));
      } else {
        split(from, to, own, finer);
      }
    });
  };
  const { starts } = lines;
  const mostOfLine = Math.min(longLine, most);
  for (let line = 0; line < starts.length; line += 1) {
    const start = starts[line] ?? 0;
    const end = lineEnd(lines, line);
    const weight = weightOf(start, end);
    if (weight <= mostOfLine && end > start) {
      desk.add(start, breaks.strengths[line] ?? strength.none, weight);
    } else if (end > start) {
      split(start, end, breaks.strengths[line] ?? strength.none, [sentenceStarts, clauseStarts]);
    }
  }
  return desk.done(text.length);
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
