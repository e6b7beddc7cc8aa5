import type * as Xlsx from "@e965/xlsx";
import type { CellObject, DenseWorkSheet, WorkBook } from "@e965/xlsx";
import { AgentError, messageOf } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableProfile, TableWarning } from "../../protocol/table-profile.ts";
import { columnNames, findHeader, madeUpNames } from "./detect-header.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { emptyNotes, plainLayout, type RawCell, type RawRow, type RowBatch, type TableSource } from "./table-source.ts";

type Library = typeof Xlsx;
type Sheets = TableProfile["sheets"];

const batchRows = 5000;

function parse(library: Library, file: OpenedFile, content: Buffer | string, options: object): WorkBook {
  try {
    const type = typeof content === "string" ? "string" : "buffer";
    return library.read(content, {
      type,
      dense: true,
      cellHTML: false,
      cellText: false,
      cellFormula: false,
      ...options,
    });
  } catch (error) {
    const reason = messageOf(error);
    if (/password|encrypt/iu.test(reason)) {
      throw passwordError(file, error);
    }
    const message = `"${file.name}" is damaged and cannot be opened as a workbook. Open it in a spreadsheet program, save it again, and try that.`;
    throw new AgentError("table.damaged", { path: file.path, reason }, message, error);
  }
}

/** The error of a workbook that wants a password. */
export function passwordError(file: OpenedFile, cause?: unknown): AgentError<"table.password"> {
  const message = `"${file.name}" is protected by a password. Open it in a spreadsheet program and save a copy without one.`;
  return new AgentError("table.password", { path: file.path }, message, cause);
}

const two = (value: number): string => String(value).padStart(2, "0");

/** A day number of a spreadsheet as ISO 8601, or a time of day where there is no day. */
function dateText(library: Library, serial: number, date1904: boolean): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library types it as any
  const parts = library.SSF.parse_date_code(serial, { date1904 }) as
    | { y: number; m: number; d: number; H: number; M: number; S: number }
    | null
    | undefined;
  if (parts === null || parts === undefined) {
    return String(serial);
  }
  const clock = `${two(parts.H)}:${two(parts.M)}:${two(Math.floor(parts.S))}`;
  if (serial >= 0 && serial < 1) {
    return clock;
  }
  const day = `${String(parts.y).padStart(4, "0")}-${two(parts.m)}-${two(parts.d)}`;
  return clock === "00:00:00" ? day : `${day}T${clock}`;
}

/** Turns the cells of a workbook into plain values. */
function cellReader(library: Library, workbook: WorkBook): (cell: CellObject | undefined) => RawCell {
  const date1904 = workbook.Workbook?.WBProps?.date1904 === true;
  const dateFormats = new Map<string, boolean>();
  const isDate = (format: string): boolean => {
    const known = dateFormats.get(format);
    if (known !== undefined) {
      return known;
    }
    const found: boolean = library.SSF.is_date(format) === true;
    dateFormats.set(format, found);
    return found;
  };
  return (cell) => {
    const value = cell?.v;
    if (cell === undefined || value === undefined || cell.t === "e" || cell.t === "z") {
      return null;
    }
    if (typeof value === "number") {
      return typeof cell.z === "string" && isDate(cell.z) ? dateText(library, value, date1904) : value;
    }
    if (value instanceof Date) {
      return value.toISOString().replace(/(T00:00:00)?\.000Z$/u, "");
    }
    return value;
  };
}

interface Grid {
  readonly rows: RawRow[];
  /** Sheet row of each row; blank rows are left out. */
  readonly places: number[];
  readonly blankInside: number;
}

const isBlank = (cell: RawCell | undefined): boolean => cell === null || cell === undefined || cell === "";

function gridOf(sheet: DenseWorkSheet, read: (cell: CellObject | undefined) => RawCell): Grid {
  const rows: RawRow[] = [];
  const places: number[] = [];
  const data = sheet["!data"] ?? [];
  let last = -1;
  let blankInside = 0;
  for (let index = 0; index < data.length; index += 1) {
    const cells = data[index];
    const row: RawCell[] = [];
    let end = 0;
    for (let column = 0; column < (cells?.length ?? 0); column += 1) {
      const value = read(cells?.[column]);
      row.push(value);
      end = isBlank(value) ? end : column + 1;
    }
    if (end === 0) {
      continue;
    }
    row.length = end;
    blankInside += last >= 0 ? index - last - 1 : 0;
    last = index;
    rows.push(row);
    places.push(index);
  }
  return { rows, places, blankInside };
}

interface Region {
  readonly header: RawRow;
  readonly headerPlace: number | null;
  /** Index among the rows of the first data row. */
  readonly dataStart: number;
  readonly firstColumn: number;
  readonly width: number;
}

/** The part of the grid that is the table. */
function regionOf(grid: Grid, choice: DialectChoice): Region {
  let { start, hasHeader } = findHeader(grid.rows.slice(0, 400));
  if (choice.headerRow === null) {
    hasHeader = false;
  } else if (choice.headerRow !== undefined) {
    const wanted = choice.headerRow;
    start = Math.max(
      0,
      grid.places.findIndex((place) => place >= wanted),
    );
    hasHeader = true;
  }
  const body = grid.rows.slice(start);
  const used = body.reduce((width, row) => Math.max(width, row.length), 0);
  let firstColumn = 0;
  while (firstColumn < used - 1 && body.every((row) => isBlank(row[firstColumn]))) {
    firstColumn += 1;
  }
  return {
    header: hasHeader ? (grid.rows[start] ?? []).slice(firstColumn) : [],
    headerPlace: hasHeader ? (grid.places[start] ?? 0) : null,
    dataStart: start + (hasHeader ? 1 : 0),
    firstColumn,
    width: used - firstColumn,
  };
}

/** A sheet as listed, with its width. */
type ListedSheet = Sheets[number] & { readonly width: number };

function sheetList(library: Library, file: OpenedFile, content: Buffer | string): readonly ListedSheet[] {
  const book = parse(library, file, content, { sheetRows: 1 });
  return book.SheetNames.map((name, index) => {
    const sheet = book.Sheets[name];
    const range = sheet?.["!fullref"] ?? sheet?.["!ref"];
    const end = typeof range === "string" ? library.utils.decode_range(range).e : { r: -1, c: -1 };
    const rowCount = end.r + 1;
    return {
      width: end.c + 1,
      name,
      rowCount,
      hidden: (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0,
    };
  });
}

/** The sheet wanted, or the first visible one that looks like a table rather than a cover. */
function chooseSheet(file: OpenedFile, sheets: readonly ListedSheet[], choice: DialectChoice): string {
  const wanted = choice.sheet;
  if (typeof wanted === "string" && wanted !== "") {
    if (!sheets.some((sheet) => sheet.name === wanted)) {
      const reason = `there is no sheet "${wanted}"`;
      const message = `"${file.name}" has no sheet "${wanted}". It has: ${sheets.map((sheet) => sheet.name).join(", ")}.`;
      throw new AgentError("table.not-readable", { path: file.path, reason }, message);
    }
    return wanted;
  }
  const visible = sheets.filter((sheet) => !sheet.hidden);
  const best =
    visible.find((sheet) => sheet.rowCount > 1 && sheet.width > 1) ??
    visible.find((sheet) => sheet.rowCount > 1) ??
    visible[0] ??
    sheets[0];
  return best?.name ?? "";
}

function emptyError(file: OpenedFile, sheet: string): AgentError<"table.not-a-table"> {
  const reason = `the sheet "${sheet}" has no cells`;
  const message = `"${file.name}" holds no table: ${reason}. Choose another sheet, or check how it was saved.`;
  return new AgentError("table.not-a-table", { path: file.path, reason }, message);
}

function sheetWarnings(sheets: Sheets, chosen: string, sheet: DenseWorkSheet): TableWarning[] {
  const found: TableWarning[] = [];
  const others = sheets.filter((other) => other.name !== chosen && other.rowCount > 0);
  if (others.length > 0) {
    const names = others.map((other) => `"${other.name}"${other.hidden ? " (hidden)" : ""}`).join(", ");
    found.push({
      code: "other-sheets",
      severity: "info",
      message: `This is the sheet "${chosen}". The workbook also has ${names}.`,
      columns: [],
      values: { sheet: chosen, others: others.map((other) => other.name).join(", ") },
    });
  }
  const merged = sheet["!merges"]?.length ?? 0;
  if (merged > 0) {
    found.push({
      code: "merged-cells",
      severity: "warning",
      message: `${merged} merged areas: only the first cell of each has the value, the others are missing.`,
      columns: [],
      values: { areas: merged },
    });
  }
  return found;
}

async function* batchesOf(grid: Grid, region: Region, sizeBytes: number): AsyncGenerator<RowBatch> {
  const { rows } = grid;
  for (let start = region.dataStart; start < rows.length; start += batchRows) {
    const part = rows.slice(start, start + batchRows);
    const cut = region.firstColumn === 0 ? part : part.map((row) => row.slice(region.firstColumn));
    yield { rows: cut, readBytes: Math.round((sizeBytes * Math.min(rows.length, start + batchRows)) / rows.length) };
  }
}

/**
 * Opens a sheet of a workbook, or the first table of an HTML page.
 *
 * @throws AgentError `table.damaged`, `table.password`, `table.not-a-table`, `table.not-readable`
 */
export async function openWorkbook(
  file: OpenedFile,
  content: Buffer | string,
  format: string,
  choice: DialectChoice,
): Promise<TableSource> {
  const library = await import("@e965/xlsx");
  const listed = sheetList(library, file, content);
  const chosen = chooseSheet(file, listed, choice);
  const sheets = listed.map(({ name, rowCount, hidden }) => ({ name, rowCount, hidden }));
  const workbook = parse(library, file, content, { sheets: [chosen], cellNF: true });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed with `dense`
  const sheet = workbook.Sheets[chosen] as DenseWorkSheet | undefined;
  if (sheet === undefined) {
    throw emptyError(file, chosen);
  }
  const grid = gridOf(sheet, cellReader(library, workbook));
  if (grid.rows.length === 0) {
    throw emptyError(file, chosen);
  }
  const region = regionOf(grid, choice);
  const hasHeader = region.headerPlace !== null;
  return {
    dialect: {
      format,
      encoding: format === "html" ? "utf-8" : null,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: region.headerPlace,
      sheet: format === "html" ? null : chosen,
    },
    sheets: format === "html" ? [] : sheets,
    names: hasHeader ? columnNames(region.header, region.width) : madeUpNames(region.width),
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: {
      ...plainLayout,
      skippedRecords: region.headerPlace ?? grid.places[region.dataStart] ?? 0,
      names: hasHeader ? "header" : "made-up",
      firstColumn: region.firstColumn,
      blankRows: grid.blankInside > 0,
    },
    notes: emptyNotes(),
    warnings: sheetWarnings(sheets, chosen, sheet),
    batches: batchesOf(grid, region, file.sizeBytes),
  };
}
