import type { TableCell, TableOutput } from "../../../src/agents/protocol/cell-output.ts";

type Column = TableOutput["columns"][number];
export type Row = readonly TableCell[];

/** How a table is looked at. */
export interface TableSort {
  readonly column: number;
  readonly direction: "ascending" | "descending";
}

/** The rows in which some cell contains `filter`, whatever its case. */
export function filterRows(rows: readonly Row[], filter: string): readonly Row[] {
  const wanted = filter.trim().toLowerCase();
  return wanted === ""
    ? rows
    : rows.filter((row) => row.some((cell) => cell !== null && String(cell).toLowerCase().includes(wanted)));
}

/** Sorted by one column, by number where it holds numbers; missing values last either way; ties keep their order. */
export function sortRows(rows: readonly Row[], columns: readonly Column[], sort: TableSort | null): readonly Row[] {
  const column = sort === null ? undefined : columns[sort.column];
  if (sort === null || column === undefined) {
    return rows;
  }

  const sign = sort.direction === "ascending" ? 1 : -1;
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const compare = (left: TableCell, right: TableCell): number =>
    column.kind === "number" ? Number(left) - Number(right) : collator.compare(String(left), String(right));
  return rows.toSorted((left, right) => {
    const a = left[sort.column] ?? null;
    const b = right[sort.column] ?? null;
    if (a === null || b === null) {
      return Number(a === null) - Number(b === null);
    }

    return sign * compare(a, b);
  });
}

/** The sort after a click on a header: ascending, descending, as it came. */
export function nextSort(sort: TableSort | null, column: number): TableSort | null {
  if (sort?.column !== column) {
    return { column, direction: "ascending" };
  }

  return sort.direction === "ascending" ? { column, direction: "descending" } : null;
}

/** A GitHub-flavoured Markdown table. */
export function toMarkdown(columns: readonly Column[], rows: readonly Row[]): string {
  return [
    markdownLine(columns.map((column) => markdownCell(column.name))),
    markdownLine(columns.map((column) => (column.kind === "number" ? "---:" : "---"))),
    ...rows.map((row) => markdownLine(row.map((value) => (value === null ? "" : markdownCell(String(value)))))),
  ].join("\n");
}

function markdownCell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\r?\n/gu, " ");
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
