import { withIdeographs } from "../../../protocol/ideographs.ts";

/** A piece of text on a page, set in one go. Lengths are in points; `y` grows downwards from the top of the page. */
export interface TextRun {
  readonly text: string;
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly width: number;
  /** Of the letters. */
  readonly size: number;
  readonly rightToLeft: boolean;
}

/** What pdf.js tells of a piece of text, as far as it is used. */
export interface PageItem {
  readonly str: string;
  readonly dir: string;
  /** Text space to page space: a, b, c, d, e, f of PDF 32000-1, 8.3.3. */
  readonly transform: readonly number[];
  readonly width: number;
}

/** Turns page space into a page that stands upright, its corner at the top left. */
export type PageTransform = readonly number[];

const at = (matrix: readonly number[], index: number): number => matrix[index] ?? 0;

/** The pieces of a page. */
export interface PageRuns {
  /** Those that are read as the page stands. */
  readonly level: readonly TextRun[];
  /** Those along a margin, with the page turned so that they are level. */
  readonly turned: readonly TextRun[];
}

/** Finds out where the pieces of a page stand. */
export function pageRuns(items: readonly PageItem[], page: PageTransform): PageRuns {
  const level: TextRun[] = [];
  const turned: TextRun[] = [];
  for (const { str, dir, transform, width } of items) {
    if (str.trim() === "" || transform.length < 6) {
      continue;
    }
    const across = at(page, 0) * at(transform, 0) + at(page, 2) * at(transform, 1);
    const down = at(page, 1) * at(transform, 0) + at(page, 3) * at(transform, 1);
    const size = Math.hypot(at(transform, 2), at(transform, 3));
    const x = at(page, 0) * at(transform, 4) + at(page, 2) * at(transform, 5) + at(page, 4);
    const y = at(page, 1) * at(transform, 4) + at(page, 3) * at(transform, 5) + at(page, 5);
    const run = { text: cleaned(str), width, size: size > 0 ? size : 1, rightToLeft: dir === "rtl" };
    if (Math.abs(across) >= Math.abs(down)) {
      level.push({ ...run, x: across < 0 ? x - width : x, y });
    } else {
      turned.push({ ...run, x: down < 0 ? -y : y, y: down < 0 ? x : -x });
    }
  }
  return { level: withoutShadows(level), turned: withoutShadows(turned) };
}

/** Characters that a font has no letters for are not text, and radicals stand for ideographs. */
function cleaned(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  return withIdeographs(text.replace(/[\0-\x08\x0b-\x1f\x7f\ufffe\uffff]/gu, "").normalize("NFC"));
}

/** Bold type and shadows are made by setting the same text twice, a little beside itself. */
function withoutShadows(runs: readonly TextRun[]): readonly TextRun[] {
  const seen = new Map<string, TextRun[]>();
  return runs.filter((run) => {
    const same = seen.get(run.text) ?? [];
    const isShadow = same.some(
      ({ x, y, size }) => Math.abs(x - run.x) < 0.25 * size && Math.abs(y - run.y) < 0.25 * size,
    );
    if (!isShadow) {
      seen.set(run.text, [...same.slice(-4), run]);
    }
    return !isShadow;
  });
}
