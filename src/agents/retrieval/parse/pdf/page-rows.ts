import type { TextRun } from "./page-runs.ts";
import { asRead, asSet, type LineDirection, runsFromRight } from "./right-to-left.ts";

/** Runs on one height of the page, by where they stand. */
export interface PageRow {
  readonly runs: readonly TextRun[];
  /** Of the baseline that most of its letters stand on. */
  readonly y: number;
  readonly left: number;
  readonly right: number;
  /** Of most of its letters. */
  readonly size: number;
}

const endOf = ({ x, width }: TextRun): number => x + width;

/** The row that runs make. @param runs at least one */
export function rowOf(runs: readonly TextRun[]): PageRow {
  const sorted = runs.toSorted((a, b) => a.x - b.x);
  const main = sorted.reduce((best, run) => (run.text.length * run.size > best.text.length * best.size ? run : best));
  return {
    runs: sorted,
    y: main.y,
    left: Math.min(...sorted.map(({ x }) => x)),
    right: Math.max(...sorted.map(endOf)),
    size: main.size,
  };
}

/** Says whether a run stands on a row's height; raised and lowered letters do. */
function standsOn(run: TextRun, { y, size }: PageRow): boolean {
  const larger = Math.max(run.size, size);
  const reach = Math.min(run.size, size) < 0.8 * larger ? 0.5 : 0.3;
  return Math.abs(run.y - y) < reach * larger;
}

/** Runs gathered to rows, from the top of the page. */
export function rowsOf(runs: readonly TextRun[]): readonly PageRow[] {
  const sorted = runs.toSorted((a, b) => a.y - b.y || a.x - b.x);
  const rows: PageRow[] = [];
  for (const run of sorted) {
    const near = rows.slice(-4).findLastIndex((row) => standsOn(run, row));
    if (near < 0) {
      rows.push(rowOf([run]));
    } else {
      const index = Math.max(0, rows.length - 4) + near;
      rows[index] = rowOf([...(rows[index]?.runs ?? []), run]);
    }
  }
  return rows.toSorted((a, b) => a.y - b.y);
}

/** Letters of scripts that set no blanks between words. */
const wide = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/u;
const cellGap = 1.6;

/** What stands between two pieces of a line: nothing, a blank, or the gap between two columns of a table. */
function between(before: TextRun, next: TextRun, gap: number): string {
  const size = Math.max(before.size, next.size);
  if (gap > cellGap * size) {
    return "   ";
  }
  const bothWide = wide.test(before.text.at(-1) ?? "") && wide.test(next.text.at(0) ?? "");
  return gap > (bothWide ? 0.6 : 0.12) * size ? " " : "";
}

/** Says whether a row has gaps as wide as between the columns of a table. */
export function hasCells({ runs }: PageRow): boolean {
  return runs.some((run, index) => {
    const before = runs[index - 1];
    return before !== undefined && run.x - endOf(before) > cellGap * Math.max(run.size, before.size);
  });
}

/**
 * The text of a row as it is read. Gaps as wide as between the columns of a table become three blanks.
 *
 * @param direction `null` for a page that has nothing that runs from the right
 */
export function rowText({ runs }: PageRow, direction: LineDirection | null): string {
  const turns = direction !== null && runs.some(({ text }) => runsFromRight(text)) ? direction : null;
  let text = "";
  runs.forEach((run, index) => {
    const before = runs[index - 1];
    const own = turns === null ? run.text : asSet(run, turns);
    if (before !== undefined) {
      const blank = between(before, run, run.x - endOf(before));
      text += /\s$/u.test(text) || /^\s/u.test(own) ? (blank.length > 1 ? blank : "") : blank;
    }
    text += own;
  });
  return turns === null ? text.trim() : asRead(text.trim(), turns);
}
