import { hasCells, type PageRow, rowsOf } from "./page-rows.ts";
import type { TextRun } from "./page-runs.ts";

/** Rows that are read one after the other, set to one width. */
export type Column = readonly PageRow[];

/** A strip of rows that an empty gap parts from top to bottom. */
interface Gutter {
  /** In the middle of the gap. */
  readonly x: number;
  readonly first: number;
  /** Behind the last row. */
  readonly end: number;
}

/** Fewer rows on a side are no column. */
const fewestRows = 4;
/** In widths of a letter: narrower gaps are between words. */
const narrowestGap = 0.75;
/** In widths of a letter: a column of text is at least so wide, one whose lines could be rows of a table wider. */
const narrowestColumn = 9;
const narrowestAligned = 14;
const mostGapped = 0.25;
const mostDepth = 6;
/** Points between the places at which a gap is looked for. */
const step = 2;
const mostPlaces = 40;
const widestGap = 400;
/** In widths of a letter: how far text keeps from the middle of a gap. */
const clearance = 0.25;

/**
 * The rows of a page in the order in which they are read: a page is cut at the gaps between its columns, and what spans
 * them is read before or behind. Where text runs from the right, the right column comes first. A table has gaps too, and is read row by row: its rows stand on one height and leave
 * much of their columns empty, which columns of text do not.
 */
export function columnsOf(runs: readonly TextRun[], isRightToLeft = false): readonly Column[] {
  return split(rowsOf(runs), isRightToLeft, 0);
}

function split(rows: readonly PageRow[], isRightToLeft: boolean, depth: number): readonly Column[] {
  const gutter = depth < mostDepth ? widestGutter(rows) : null;
  if (gutter === null) {
    return rows.length === 0 ? [] : [rows];
  }
  const band = rows.slice(gutter.first, gutter.end).flatMap((row) => row.runs);
  const sides = [band.filter(({ x }) => x < gutter.x), band.filter(({ x }) => x >= gutter.x)];
  const parts = [
    rows.slice(0, gutter.first),
    ...(isRightToLeft ? sides.toReversed() : sides).map(rowsOf),
    rows.slice(gutter.end),
  ];
  return parts.flatMap((part) => split(part, isRightToLeft, depth + 1));
}

/** The gutter with the most rows beside it. */
function widestGutter(rows: readonly PageRow[]): Gutter | null {
  let best: Gutter | null = null;
  for (const x of gapMiddles(rows)) {
    for (const gutter of stripsAt(rows, x)) {
      const length = gutter.end - gutter.first;
      if (length > (best === null ? 0 : best.end - best.first) && isGutter(rows, gutter)) {
        best = gutter;
      }
    }
  }
  return best;
}

/** Where gaps are, by their middle, the frequent ones first; those that are near each other count as one. */
function gapMiddles(rows: readonly PageRow[]): readonly number[] {
  const counts = new Map<number, number>();
  const count = (from: number, to: number): void => {
    for (let x = Math.ceil(from / step) * step; x <= to; x += step) {
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
  };
  for (const { runs, size } of rows) {
    let right = runs[0] === undefined ? 0 : runs[0].x + runs[0].width;
    for (const { x, width } of runs.slice(1)) {
      if (x - right >= narrowestGap * size) {
        count(right + clearance * size, Math.min(x - clearance * size, right + widestGap));
      }
      right = Math.max(right, x + width);
    }
  }
  // Columns may stand on different heights all along: then no row has the gap, and the edges of the columns tell it.
  const starts = new Map<number, number>();
  for (const { left, size } of rows) {
    const x = Math.floor((left - clearance * size) / step) * step;
    starts.set(x, (starts.get(x) ?? 0) + 1);
  }
  starts.forEach((times, x) => times >= fewestRows && counts.set(x, (counts.get(x) ?? 0) + times));
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, mostPlaces)
    .map(([x]) => x);
}

function liesAcross({ x: left, width, size }: TextRun, x: number): boolean {
  return left < x + clearance * size && left + width > x - clearance * size;
}

/** Stretches of rows none of which lies across `x`, with text on both sides. */
function stripsAt(rows: readonly PageRow[], x: number): readonly Gutter[] {
  const strips: Gutter[] = [];
  let first = 0;
  for (let row = 0; row <= rows.length; row += 1) {
    const runs = rows[row]?.runs;
    if (runs === undefined || runs.some((run) => liesAcross(run, x))) {
      if (row - first >= fewestRows) {
        strips.push({ x, first, end: row });
      }
      first = row + 1;
    }
  }
  return strips;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

interface Side {
  readonly rows: readonly PageRow[];
  readonly width: number;
  /** Share of the column's width that its usual row takes. */
  readonly filled: number;
  /** Share of the rows that have gaps as between the columns of a table. */
  readonly gapped: number;
}

function sideOf(runs: readonly TextRun[]): Side {
  const rows = rowsOf(runs);
  const left = Math.min(...rows.map((row) => row.left));
  const right = Math.max(...rows.map((row) => row.right));
  const width = Math.max(1, right - left);
  return {
    rows,
    width,
    filled: median(rows.map((row) => (row.right - row.left) / width)),
    gapped: rows.filter(hasCells).length / Math.max(1, rows.length),
  };
}

function isGutter(rows: readonly PageRow[], { x, first, end }: Gutter): boolean {
  const band = rows.slice(first, end).flatMap(({ runs }) => runs);
  const before = band.filter((run) => run.x < x);
  const behind = band.filter((run) => run.x >= x);
  if (before.length < fewestRows || behind.length < fewestRows) {
    return false;
  }
  const left = sideOf(before);
  const right = sideOf(behind);
  const size = median(band.map((run) => run.size));
  const gap = Math.min(...behind.map((run) => run.x)) - Math.max(...before.map((run) => run.x + run.width));
  const narrower = Math.min(left.width, right.width) / size;
  const filled = Math.min(left.filled, right.filled);
  const fewer = Math.min(left.rows.length, right.rows.length);
  if (gap < narrowestGap * size || fewer < fewestRows || Math.max(left.gapped, right.gapped) > mostGapped) {
    return false;
  }
  return sharedHeights(left.rows, right.rows) < 0.5
    ? narrower >= narrowestColumn && filled > 0.5
    : narrower >= narrowestAligned && filled > 0.7 && fewer > fewestRows;
}

/** Share of the rows of the shorter side that have a row of the other side on their height. */
function sharedHeights(left: readonly PageRow[], right: readonly PageRow[]): number {
  const [few, many] = left.length < right.length ? [left, right] : [right, left];
  const shared = few.filter(({ y, size }) => many.some((row) => Math.abs(row.y - y) < 0.15 * size));
  return shared.length / Math.max(1, few.length);
}
