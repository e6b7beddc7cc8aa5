import { extname } from "node:path";
import { AgentError } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableProfile } from "../../protocol/table-profile.ts";
import { notPossible } from "./check-choice.ts";
import type { TextEncoding } from "../../encoding/detect-encoding.ts";
import { columnNames } from "./detect-header.ts";
import { detectNumberStyle } from "./detect-number-style.ts";
import { findDrawnTables, type DrawnTable } from "./drawn-tables.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { noSuchPart, otherParts } from "./part-list.ts";
import { emptyNotes, plainLayout, type ReadingNotes, type RowBatch, type TableSource } from "./table-source.ts";
import { readText } from "./text-stream.ts";

const largestTextBytes = 64 * 1024 * 1024;
const proseNames = [".md", ".markdown", ".mdx", ".rst", ".qmd", ".rmd"];
const textNames = new Set([...proseNames, ".txt", ".log", ".out", ".lst", ""]);

const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/u);

/**
 * Says whether a text holds tables drawn with lines: most of a data file, any part of a text for people.
 *
 * @param head the beginning of the text
 */
export function looksDrawn(head: string, name: string): boolean {
  const lines = linesOf(head);
  const tables = findDrawnTables(lines).filter(({ rows }) => rows.length > 0);
  const drawn = tables.reduce((sum, table) => sum + table.rows.length + table.drawnLines.length + 1, 0);
  const filled = lines.filter((line) => line.trim() !== "").length;
  const extension = extname(name).toLowerCase();
  const needed = proseNames.includes(extension) ? 0 : textNames.has(extension) ? 0.2 : 0.6;
  return tables.length > 0 && drawn >= filled * needed;
}

/** The name says that the text is prose. */
export function isProseName(name: string): boolean {
  return proseNames.includes(extname(name).toLowerCase());
}

interface Named {
  readonly name: string;
  readonly table: DrawnTable;
}

function nameTables(tables: readonly DrawnTable[]): readonly Named[] {
  const taken = new Set<string>();
  return tables.map((table, index) => {
    const name = table.caption === null || taken.has(table.caption) ? `table ${index + 1}` : table.caption;
    taken.add(name);
    return { name, table };
  });
}

function choose(file: OpenedFile, named: readonly Named[], { sheet }: DialectChoice): Named {
  const wanted = typeof sheet === "string" ? named.find(({ name }) => name === sheet) : named[0];
  if (wanted === undefined) {
    const names = named.map(({ name }) => name);
    throw noSuchPart(file, typeof sheet === "string" ? sheet : "", names);
  }
  return wanted;
}

/** Cuts rows that are too long, and notes those of another width. */
function evenRows({ rows, rowLines }: DrawnTable, width: number, notes: ReadingNotes): string[][] {
  return rows.map((row, index) => {
    if (row.length !== width) {
      notes.shortRows += row.length < width ? 1 : 0;
      notes.longRows += row.length > width ? 1 : 0;
      notes.firstRaggedLine ??= (rowLines[index] ?? 0) + 1;
    }
    return row.slice(0, width);
  });
}

async function* oneBatch(rows: readonly string[][], readBytes: number): AsyncGenerator<RowBatch> {
  yield { rows, readBytes };
}

/**
 * Opens a table that is drawn with lines between the cells: Markdown, or the output of a database's console. Texts of
 * several tables have parts.
 *
 * @throws AgentError `table.not-readable` when there is no such part, `table.too-large`
 */
export async function openDrawn(file: OpenedFile, encoding: TextEncoding, choice: DialectChoice): Promise<TableSource> {
  if (file.sizeBytes > largestTextBytes) {
    const reason = "tables drawn in text of more than 64 MB cannot be read";
    throw new AgentError(
      "table.too-large",
      { path: file.path, reason },
      `"${file.name}" is too large: ${reason}. Save the table as CSV.`,
    );
  }
  let text = "";
  let replaced = 0;
  for await (const piece of readText(file, { ...encoding, lenient: true })) {
    text += piece.text;
    replaced += piece.replaced;
  }
  const lines = linesOf(text);
  const named = nameTables(findDrawnTables(lines));
  const { name, table } = choose(file, named, choice);
  const notes = { ...emptyNotes(), replacedCharacters: replaced, nulBytes: text.includes("\0") };
  const names = columnNames(table.header, 0);
  const rows = evenRows(table, names.length, notes);
  notes.skippedRecords.push(...table.drawnLines);
  const { ambiguous: _, ...style } = detectNumberStyle(rows, choice);
  const sheets: TableProfile["sheets"] = named.map((part) => ({
    name: part.name,
    rowCount: part.table.rows.length,
    hidden: false,
  }));
  const single = named.length === 1;
  return {
    dialect: {
      format: table.kind === "markdown" ? "markdown" : "txt",
      encoding: encoding.name,
      delimiter: table.mark,
      quote: null,
      ...style,
      headerRow: table.headerLine,
      sheet: single ? null : name,
    },
    sheets: single ? [] : sheets,
    names,
    cells: "text",
    style,
    layout: {
      ...plainLayout,
      skippedRecords: table.headerLine,
      splitting: { kind: "drawn", mark: table.mark, escaped: table.escaped },
      usedColumns: table.framed ? [1, names.length + 1] : null,
      rowLimit: lines.slice((table.rowLines.at(-1) ?? 0) + 1).some((line) => line.trim() !== "") ? rows.length : null,
      lenient: encoding.lenient === true,
      marked: encoding.bomBytes > 0,
    },
    notes,
    warnings: [
      ...(choice.headerRow === undefined || choice.headerRow === table.headerLine
        ? []
        : [notPossible("headerRow", String(choice.headerRow))]),
      ...otherParts("file", single ? [] : sheets, name),
    ],
    batches: oneBatch(rows, file.sizeBytes),
  };
}
