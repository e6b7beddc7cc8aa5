import { type PageRow, rowText } from "./page-rows.ts";
import type { PageRuns } from "./page-runs.ts";
import { columnsOf } from "./reading-order.ts";

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

function lineOf(row: PageRow): PageLine {
  const { left, right, y, size } = row;
  const text = rowText(row);
  return { text, left, right, y, size, hasCells: text.includes("   ") };
}

/** Reads a page. */
export function pageText({ level, turned }: PageRuns, heightPoints: number): PageText {
  const columns = [...columnsOf(level), ...columnsOf(turned)].map((rows): LineColumn => {
    const lines = rows.map(lineOf).filter(({ text }) => text !== "");
    return {
      lines,
      left: Math.min(...lines.map(({ left }) => left)),
      right: Math.max(...lines.map(({ right }) => right)),
    };
  });
  return { columns: columns.filter(({ lines }) => lines.length > 0), heightPoints };
}
