import type { Bidi } from "bidi-js";
import type { TextRun } from "./page-runs.ts";

/** Letters of Hebrew, Arabic and the other scripts that run from the right (DerivedBidiClass.txt, R and AL). */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const everyRightToLeft = new RegExp(rightToLeft, "gu");
const everyLetter = /\p{L}/gu;
/** Letters in the form that they have at a place in a word, and joined ones; words and signs that are one are left. */
const placedForms = /[\ufb1d-\ufdcf\ufe70-\ufefc]+/gu;
/** Of the letters of a line that runs from the right, so many do. */
const fewestOfLine = 0.3;
/** As a line stands on the page: at its right end, where such a line begins, and at both ends. */
const beginsFromRight = new RegExp(`${rightToLeft.source}\\P{L}*$`, "u");
const endsAtLeft = new RegExp(`^\\P{L}*${rightToLeft.source}`, "u");

/** How lines of a page that has letters running from the right are put into the order in which they are read. */
export interface LineDirection {
  readonly bidi: Bidi;
  /** Most of the page runs from the right. */
  readonly isRightToLeft: boolean;
}

/** Loads what orders such lines. `null` for a page without such letters. */
export async function lineDirection(runs: readonly TextRun[]): Promise<LineDirection | null> {
  if (!runs.some(({ text }) => rightToLeft.test(text))) {
    return null;
  }
  const { default: createBidi } = await import("bidi-js");
  return { bidi: createBidi(), isRightToLeft: shareOf(runs.map(({ text }) => text).join("")) > 0.5 };
}

/** Says whether a text has letters that run from the right. */
export function runsFromRight(text: string): boolean {
  return rightToLeft.test(text);
}

/** Share of the letters that run from the right. */
function shareOf(text: string): number {
  return (text.match(everyRightToLeft)?.length ?? 0) / Math.max(1, text.match(everyLetter)?.length ?? 0);
}

/** A run as it stands on the page, from left to right: pdf.js has put its letters into the order of reading. */
export function asSet({ text, rightToLeft: isBackwards }: TextRun, { bidi }: LineDirection): string {
  return reordered(text, { bidi, base: isBackwards ? "rtl" : "ltr", mirrors: false });
}

/**
 * A line as it is read, from how it stands on the page: what orders a text to be set also orders it back, since it turns
 * around the same stretches. Brackets open again where they opened, and letters lose the form of their place.
 */
export function asRead(line: string, { bidi, isRightToLeft }: LineDirection): string {
  const base = isFromRight(line, isRightToLeft) ? "rtl" : "ltr";
  const read = reordered(line, { bidi, base, mirrors: true });
  return read.replace(placedForms, (forms) => forms.normalize("NFKC").replaceAll(" ", ""));
}

/** Says whether a line as it stands on the page is one that runs from the right; its page tells where it does not itself. */
function isFromRight(line: string, ofPage: boolean): boolean {
  const share = shareOf(line);
  const begins = beginsFromRight.test(line);
  return ofPage
    ? begins || share > fewestOfLine
    : share > 0.5 || (begins && endsAtLeft.test(line) && share > fewestOfLine);
}

interface Ordering {
  readonly bidi: Bidi;
  readonly base: "ltr" | "rtl";
  readonly mirrors: boolean;
}

interface Placed {
  readonly character: string;
  readonly level: number;
}

/** The characters in the order of the Unicode Bidirectional Algorithm (UAX #9, L2 and L4). */
function reordered(text: string, { bidi, base, mirrors }: Ordering): string {
  const { levels } = bidi.getEmbeddingLevels(text, base);
  let at = 0;
  const placed = Array.from(text, (character): Placed => {
    const level = levels[at] ?? 0;
    at += character.length;
    const mirrored = mirrors && level % 2 === 1 ? bidi.getMirroredCharacter(character) : null;
    return { character: mirrored ?? character, level };
  });
  for (let level = Math.max(0, ...placed.map((one) => one.level)); level > 0; level -= 1) {
    for (let start = 0; start < placed.length; start += 1) {
      let end = start;
      while (end < placed.length && (placed[end]?.level ?? 0) >= level) {
        end += 1;
      }
      if (end > start + 1) {
        placed.splice(start, end - start, ...placed.slice(start, end).toReversed());
      }
      start = Math.max(start, end);
    }
  }
  return placed.map(({ character }) => character).join("");
}
