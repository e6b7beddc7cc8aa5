import { AgentError, messageOf } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableProfile } from "../../protocol/table-profile.ts";
import type { TextEncoding } from "../../encoding/detect-encoding.ts";
import { columnNames, findHeader, madeUpNames } from "./detect-header.ts";
import { headerDepth, joinedNames } from "./detect-header-rows.ts";
import { detectNumberStyle } from "./detect-number-style.ts";
import { readWhole, type OpenedFile } from "./file-bytes.ts";
import { readPageTables, type PageTable } from "./html-tables.ts";
import { noSuchPart, otherParts } from "./part-list.ts";
import { emptyNotes, plainLayout, type NameSource, type RowBatch, type TableSource } from "./table-source.ts";
import { readText } from "./text-stream.ts";

const largestPageBytes = 256 * 1024 * 1024;
const advice = "Save the table as CSV.";
const batchRows = 5000;

/** A page and how Python comes to it: the number of the part of a file that packs a page with its pictures. */
interface Page {
  readonly text: string;
  readonly encoding: string;
  readonly mimePart: number | null;
}

async function pageOf(file: OpenedFile, encoding: TextEncoding, format: "html" | "mhtml"): Promise<Page> {
  const bytes = await readWhole(file, largestPageBytes, advice);
  if (format === "mhtml") {
    const { readMimePages } = await import("./mime-pages.ts");
    const pages = await readMimePages(bytes);
    const best = pages.reduce(
      (a, b) => (tags(b.text) > tags(a.text) ? b : a),
      pages[0] ?? { text: "", encoding: "utf-8", index: 0 },
    );
    return { text: best.text, encoding: best.encoding, mimePart: best.index };
  }
  let text = "";
  for await (const piece of readText(file, { ...encoding, lenient: true })) {
    text += piece.text;
  }
  return { text, encoding: encoding.name, mimePart: null };
}

const tags = (text: string): number => text.split(/<td/iu).length;

interface Named {
  readonly name: string;
  readonly table: PageTable;
}

/** Tables by their captions, or by their number. Those of one cell lay out the page. */
function nameTables(tables: readonly PageTable[]): readonly Named[] {
  const taken = new Set<string>();
  return tables.map((table) => {
    const caption = table.caption?.slice(0, 60) ?? "";
    const name = caption === "" || taken.has(caption) ? `table ${table.index + 1}` : caption;
    taken.add(name);
    return { name, table };
  });
}

const cellCount = ({ rows }: PageTable): number =>
  rows.reduce((count, row) => count + row.filter((cell) => cell !== "").length, 0);

/** A table around other tables repeats their text in single cells. */
const layoutOnly = ({ rows }: PageTable): boolean =>
  rows.some((row) => row.some((cell) => cell.length > 20_000)) || (rows[0]?.length ?? 0) < 2;

function choose(file: OpenedFile, named: readonly Named[], { sheet }: DialectChoice): Named {
  if (typeof sheet === "string" && sheet !== "") {
    const wanted = named.find(({ name }) => name === sheet);
    if (wanted === undefined) {
      throw noSuchPart(
        file,
        sheet,
        named.map(({ name }) => name),
      );
    }
    return wanted;
  }
  const best = named.toSorted(
    (a, b) => Number(layoutOnly(a.table)) - Number(layoutOnly(b.table)) || cellCount(b.table) - cellCount(a.table),
  )[0];
  if (best === undefined) {
    const reason = "the page has no table";
    const message = `"${file.name}" is a web page without a table. Choose a page with one, or save the table as CSV.`;
    throw new AgentError("table.not-a-table", { path: file.path, reason }, message);
  }
  return best;
}

/** One text stands in all cells: a title that spans the table, no names. */
function isTitle(row: readonly string[]): boolean {
  return row.every((cell) => cell === row[0]) && (row.length > 1 || row[0] === "");
}

interface Header {
  /** Row among all rows of the table, or `null`. */
  readonly start: number | null;
  readonly count: number;
  readonly dataStart: number;
}

function headerOf({ rows, headRows }: PageTable, choice: DialectChoice): Header {
  if (choice.headerRow === null) {
    return { start: null, count: 0, dataStart: headRows };
  }
  const count = choice.headerRows ?? 1;
  if (choice.headerRow !== undefined) {
    const start = Math.max(0, Math.min(choice.headerRow, rows.length - 1));
    return { start, count, dataStart: start + count };
  }
  if (headRows === 0) {
    const found = findHeader(rows.slice(0, 400));
    const depth = choice.headerRows ?? headerDepth(rows.slice(found.start, found.start + 400));
    return found.hasHeader
      ? { start: found.start, count: depth, dataStart: found.start + depth }
      : { start: null, count: 0, dataStart: found.start };
  }
  let start = 0;
  while (start < headRows - 1 && isTitle(rows[start] ?? [])) {
    start += 1;
  }
  return choice.headerRows === undefined
    ? { start, count: headRows - start, dataStart: headRows }
    : { start, count, dataStart: start + count };
}

function namesOf({ rows }: PageTable, { start, count }: Header): { names: string[]; source: NameSource } {
  const width = rows[0]?.length ?? 0;
  if (start === null) {
    return { names: madeUpNames(width), source: "made-up" };
  }
  return count === 1
    ? { names: columnNames(rows[start] ?? [], width), source: "header" }
    : { names: columnNames(joinedNames(rows.slice(start, start + count)), width), source: "joined" };
}

const isBlank = (row: readonly string[]): boolean => row.every((cell) => cell === "");

async function* batchesOf(rows: readonly (readonly string[])[], sizeBytes: number): AsyncGenerator<RowBatch> {
  for (let start = 0; start < rows.length; start += batchRows) {
    const end = Math.min(rows.length, start + batchRows);
    yield { rows: rows.slice(start, end), readBytes: Math.round((sizeBytes * end) / rows.length) };
  }
}

function tablesOf(file: OpenedFile, page: string): readonly PageTable[] {
  try {
    return readPageTables(page);
  } catch (error) {
    const reason = messageOf(error);
    throw new AgentError(
      "table.too-large",
      { path: file.path, reason },
      `"${file.name}" is too large: ${reason}. ${advice}`,
      error,
    );
  }
}

/**
 * Opens a table of a web page: the one wanted, or the largest.
 *
 * @throws AgentError `table.not-a-table`, `table.not-readable`, `table.too-large`
 */
export async function openPage(
  file: OpenedFile,
  encoding: TextEncoding,
  format: "html" | "mhtml",
  choice: DialectChoice,
): Promise<TableSource> {
  const page = await pageOf(file, encoding, format);
  const named = nameTables(tablesOf(file, page.text));
  const { name, table } = choose(file, named, choice);
  const header = headerOf(table, choice);
  const { names, source } = namesOf(table, header);
  const body = table.rows.slice(header.dataStart);
  const rows = body.filter((row) => !isBlank(row));
  const found = detectNumberStyle(rows.slice(0, 1000));
  const decimal = choice.decimal === "," || choice.decimal === "." ? choice.decimal : found.decimal;
  const thousands =
    choice.thousands === undefined ? (found.thousands ?? (decimal === "." ? "," : null)) : choice.thousands;
  const sheets: TableProfile["sheets"] = named.map((part) => ({
    name: part.name,
    rowCount: part.table.rows.length - part.table.headRows,
    hidden: false,
  }));
  const single = named.length === 1;
  return {
    dialect: {
      format: "html",
      encoding: page.encoding,
      delimiter: null,
      quote: null,
      decimal,
      thousands,
      headerRow: header.start,
      ...(header.count > 1 ? { headerRows: header.count } : {}),
      sheet: single ? null : name,
    },
    sheets: single ? [] : sheets,
    names,
    cells: "text",
    style: { decimal, thousands },
    layout: {
      ...plainLayout,
      skippedRecords: header.dataStart,
      names: source,
      blankRows: rows.length < body.length,
      part: String(table.index),
      marked: encoding.bomBytes > 0 && page.mimePart === null,
      mimePart: page.mimePart,
      headRows: table.headRows,
      pageElement: single && table.element === 0 ? null : table.element,
    },
    notes: emptyNotes(),
    warnings: otherParts("page", single ? [] : sheets, name),
    batches: batchesOf(rows, Number.isFinite(file.sizeBytes) ? file.sizeBytes : 0),
  };
}
