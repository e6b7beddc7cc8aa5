import { resolve } from "node:path";
import type { TableCell } from "../protocol/cell-output.ts";
import { withImports } from "../protocol/python-imports.ts";
import type { ColumnProfile, DialectChoice, TableProfile } from "../protocol/table-profile.ts";
import { createTableProfiler } from "../tables/table-profiler.ts";

/** What `byzer profile --json` prints: the profile, with what is asked for most at the top. */
export type ProfileDocument = Pick<TableProfile["dialect"], "format" | "encoding" | "delimiter" | "headerRow"> &
  Omit<TableProfile, "complete">;

async function profile(path: string, rows: number, dialect: DialectChoice): Promise<TableProfile> {
  const profiler = createTableProfiler();
  try {
    return await profiler.profile({ path: resolve(path), sampleRows: rows, dialect }, new AbortController().signal);
  } finally {
    profiler.dispose();
  }
}

/**
 * Profiles a table for a program.
 *
 * @param rows how many of the first rows to give
 * @param dialect what is known of how the table is written; the rest is detected
 * @throws AgentError `table.*`
 */
export async function profileDocument(
  path: string,
  rows: number,
  dialect: DialectChoice = {},
): Promise<ProfileDocument> {
  const { complete: _, ...found } = await profile(path, rows, dialect);
  const { format, encoding, delimiter, headerRow } = found.dialect;
  return { format, encoding, delimiter, headerRow, ...found };
}

const widest = 28;

/** Columns that a terminal gives a character: two for CJK. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return width;
}

/** One line, cut to what a column of the card holds, without characters that would steer the terminal. */
function shown(cell: TableCell): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not reach the terminal
  const text = cell === null ? "" : String(cell).replace(/[\u0000-\u001f\u007f-\u009f]+/gu, " ");
  let cut = "";
  for (const character of text) {
    if (widthOf(cut) + widthOf(character) > widest - 1) {
      return `${cut}…`;
    }
    cut += character;
  }
  return cut;
}

/** Lines up text in columns; numbers to the right. */
function lineUp(table: readonly (readonly TableCell[])[]): string {
  const cells = table.map((row) => row.map(shown));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...cells.map((row) => widthOf(row[column] ?? ""))),
  );
  return cells
    .map((row, index) =>
      row
        .map((text, column) => {
          const gap = " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)));
          return typeof table[index]?.[column] === "number" ? gap + text : text + gap;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function rounded(value: number | null): TableCell {
  return value === null ? null : Number(value.toPrecision(6));
}

function columnLine(column: ColumnProfile): TableCell[] {
  const type = column.unit === undefined ? column.type : `${column.type} (${column.unit})`;
  const [top] = column.top;
  const most = top === undefined || top.count < 2 ? null : `${String(top.value)} (${top.count})`;
  return [column.name, type, column.nulls, column.distinct, column.min, column.max, rounded(column.mean), most];
}

function headline({ name, rowCount, columns, dialect }: TableProfile): string {
  const facts = [
    dialect.format,
    dialect.encoding,
    dialect.delimiter === null ? null : `delimiter ${JSON.stringify(dialect.delimiter)}`,
    dialect.sheet === null ? null : `sheet "${dialect.sheet}"`,
    dialect.headerRow === null ? "no header" : `header on line ${dialect.headerRow + 1}`,
  ];
  return `${name}: ${rowCount} rows, ${columns.length} columns (${facts.filter((fact) => fact !== null).join(", ")})`;
}

/** What is typed into Python to read the table. */
function readingLine(pandas: string): string {
  const { imports, code } = withImports(pandas);
  return `Read it in Python: ${[...imports, code].join("; ")}`;
}

/**
 * Profiles a table for a person: a card of plain text.
 *
 * @param rows how many of the first rows to show
 * @param dialect what is known of how the table is written; the rest is detected
 * @throws AgentError `table.*`
 */
export async function profileCard(path: string, rows: number, dialect: DialectChoice = {}): Promise<string> {
  const found = await profile(path, rows, dialect);
  const header = ["column", "type", "missing", "distinct", "min", "max", "mean", "most frequent"];
  const shownColumns = found.columns.slice(0, 60);
  const hidden = found.columns.length - shownColumns.length;
  const sections = [
    headline(found),
    lineUp([header, ...shownColumns.map(columnLine)]) + (hidden > 0 ? `\n… and ${hidden} more columns` : ""),
    found.warnings.map(({ severity, message }) => `${severity === "info" ? "·" : "!"} ${message}`).join("\n"),
    rows === 0
      ? ""
      : lineUp([found.columns.slice(0, 12).map((column) => column.name), ...found.rows.map((row) => row.slice(0, 12))]),
    readingLine(found.reading.pandas),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}
