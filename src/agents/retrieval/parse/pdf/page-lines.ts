import { type PageRow, rowText } from "./page-rows.ts";
import type { PageRuns } from "./page-runs.ts";
import { columnsOf } from "./reading-order.ts";
import type { LineDirection } from "./right-to-left.ts";

/** A line of text on a page. Lengths are in points. */
export interface PageLine {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
  /** A row of a table: it has gaps as wide as between columns. */
  readonly hasCells: boolean;
}

/** Lines one below the other, from the left edge of their column to its right edge. */
export interface LineColumn {
  readonly lines: readonly PageLine[];
  readonly left: number;
  readonly right: number;
}

/** What stands on a page, in the order in which it is read. */
export interface PageText {
  readonly columns: readonly LineColumn[];
  readonly heightPoints: number;
}

function lineOf(row: PageRow, direction: LineDirection | null): PageLine {
  const { y, size } = row;
  const text = rowText(row, direction);
  const isMirrored = direction?.isRightToLeft === true;
  const [left, right] = isMirrored ? [-row.right, -row.left] : [row.left, row.right];
  return { text, left, right, y, size, hasCells: text.includes("   ") };
}

/** Reads a page. One that runs from the right is seen in a mirror: its lines begin at their left edge there. */
export function pageText(
  { level, turned }: PageRuns,
  heightPoints: number,
  direction: LineDirection | null = null,
): PageText {
  const isMirrored = direction?.isRightToLeft === true;
  const columns = [...columnsOf(level, isMirrored), ...columnsOf(turned, isMirrored)].map((rows): LineColumn => {
    const lines = rows.map((row) => lineOf(row, direction)).filter(({ text }) => text !== "");
    return {
      lines,
      left: Math.min(...lines.map(({ left }) => left)),
      right: Math.max(...lines.map(({ right }) => right)),
    };
  });
  return { columns: columns.filter(({ lines }) => lines.length > 0), heightPoints };
}
