import type { TableCell, TableOutput } from "../protocol/cell-output.ts";
import type { ExportStrings } from "./export-strings.ts";

/** Most rows and columns of a table that an export shows. */
const rowLimit = 200;
const columnLimit = 50;

/** The part of a table that is shown, and what is said of the rest. */
export interface ShownTable {
  readonly columns: TableOutput["columns"];
  readonly rows: readonly (readonly TableCell[])[];
  /** Rows and columns of the whole, and how many of them are shown where that is not all. */
  readonly caption: string;
}

export function shownTable(table: TableOutput, strings: ExportStrings, limit = rowLimit): ShownTable {
  const format = new Intl.NumberFormat(strings.locale);
  const rows = table.rows.slice(0, limit).map((row) => row.slice(0, columnLimit));
  const size = strings.tableSize(format.format(table.rowCount), format.format(table.columnCount));
  const isCut = rows.length < table.rowCount;
  return {
    columns: table.columns.slice(0, columnLimit),
    rows,
    caption: isCut ? `${size} (${strings.moreRows(format.format(rows.length))})` : size,
  };
}

/** A cell as text; empty where a value is missing. */
export function cellText(cell: TableCell): string {
  return cell === null ? "" : String(cell);
}

/** Lined up with spaces, for a place that shows text only. */
export function plainTable({ columns, rows, caption }: ShownTable): string {
  const lines = [
    columns.map(({ name }) => oneLine(name)),
    ...rows.map((row) => row.map((cell) => oneLine(cellText(cell)))),
  ];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ""))));
  const lined = lines.map((line) =>
    columns
      .map(({ kind }, at) => {
        const text = line[at] ?? "";
        const gap = " ".repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text)));
        return kind === "number" ? gap + text : text + gap;
      })
      .join("  ")
      .trimEnd(),
  );
  return [...lined, "", `[${caption}]`].join("\n");
}

/** As a table of HTML, with every text escaped. */
export function htmlTable({ columns, rows, caption }: ShownTable): string {
  const style = (at: number): string => (columns[at]?.kind === "number" ? "right" : "left");
  const head = columns.map(({ name }, at) => `<th style="text-align: ${style(at)}">${escapeHtml(name)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, at) => `<td style="text-align: ${style(at)}">${escapeHtml(cellText(cell))}</td>`);
    return `    <tr>${cells.join("")}</tr>`;
  });
  return [
    '<table border="1" class="dataframe">',
    `  <thead><tr>${head.join("")}</tr></thead>`,
    "  <tbody>",
    ...body,
    "  </tbody>",
    "</table>",
    `<p>${escapeHtml(caption)}</p>`,
  ].join("\n");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ");
}

/** Columns that text of one width takes: two for a Chinese character. */
function widthOf(text: string): number {
  const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu;
  return text.length + (text.match(wide)?.length ?? 0);
}
