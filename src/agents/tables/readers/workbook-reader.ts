import type * as Xlsx from "@e965/xlsx";
import type { DenseWorkSheet, WorkBook } from "@e965/xlsx";
import { AgentError, messageOf } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableProfile, TableWarning } from "../../protocol/table-profile.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { noSuchPart, otherParts } from "./part-list.ts";
import { mendRows } from "./sheet-cells.ts";
import { readGrid, type Area, type SheetGrid } from "./sheet-grid.ts";
import { placeTable, type SheetTable } from "./sheet-header.ts";
import { findSheetTables } from "./sheet-tables.ts";
import { emptyNotes, plainLayout, type RawRow, type RowBatch, type TableSource } from "./table-source.ts";
import { packedSheets, type PackedSheets } from "./workbook-parts.ts";

type Library = Pick<typeof Xlsx, "read" | "SSF" | "utils">;
type Sheets = TableProfile["sheets"];

const batchRows = 5000;

/** The error of a workbook that wants a password. */
export function passwordError(file: OpenedFile, cause?: unknown): AgentError<"table.password"> {
  const message = `"${file.name}" is protected by a password. Open it in a spreadsheet program and save a copy without one.`;
  return new AgentError("table.password", { path: file.path }, message, cause);
}

function refusal(file: OpenedFile, error: unknown): AgentError {
  const reason = messageOf(error);
  if (/password|encrypt/iu.test(reason)) {
    return passwordError(file, error);
  }
  if (/invalid string length|string longer than|array buffer allocation|invalid array length/iu.test(reason)) {
    const message = `"${file.name}" is too large to be read: one of its sheets does not fit into memory. Save the sheet as CSV.`;
    return new AgentError("table.too-large", { path: file.path, reason }, message, error);
  }
  const message = `"${file.name}" is damaged and cannot be opened as a workbook. Open it in a spreadsheet program, save it again, and try that.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

function parse(library: Library, file: OpenedFile, content: Buffer, options: object): WorkBook {
  try {
    return library.read(content, {
      type: "buffer",
      dense: true,
      cellHTML: false,
      cellText: false,
      cellFormula: true,
      cellNF: true,
      ...options,
    });
  } catch (error) {
    throw refusal(file, error);
  }
}

/** A sheet as listed. */
type ListedSheet = Sheets[number] & { readonly rowCount: number; readonly width: number; readonly isChart: boolean };

function sheetList(library: Library, book: WorkBook): readonly ListedSheet[] {
  return book.SheetNames.map((name, index) => {
    const sheet = book.Sheets[name];
    const isChart = sheet?.["!type"] !== undefined && sheet["!type"] !== "sheet";
    const range = sheet?.["!fullref"] ?? sheet?.["!ref"];
    const end = typeof range === "string" && !isChart ? library.utils.decode_range(range).e : { r: -1, c: -1 };
    const hidden = (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0;
    return { name, rowCount: end.r + 1, width: end.c + 1, hidden, isChart };
  });
}

/** What the person wants of a workbook: a sheet, or a rectangle of one, as in `Sheet1!F1:H20`. */
interface Wanted {
  readonly sheet: string;
  readonly area: Area | null;
}

function wantedPart(library: Library, file: OpenedFile, sheets: readonly ListedSheet[], name: string): Wanted {
  if (sheets.some((sheet) => sheet.name === name)) {
    return { sheet: name, area: null };
  }
  const mark = name.lastIndexOf("!");
  const sheet = name.slice(0, mark);
  const range = name.slice(mark + 1);
  if (
    mark <= 0 ||
    !sheets.some((listed) => listed.name === sheet) ||
    !/^\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?\d+$/iu.test(range)
  ) {
    throw noSuchPart(
      file,
      name,
      sheets.map((listed) => listed.name),
    );
  }
  const { s, e } = library.utils.decode_range(range.toUpperCase().replaceAll("$", ""));
  return { sheet, area: { top: s.r, left: s.c, bottom: e.r, right: e.c } };
}

/** Sheets in the order in which a table is looked for: the first visible one that is no cover. */
function bySuitability(sheets: readonly ListedSheet[]): readonly ListedSheet[] {
  const rank = ({ hidden, isChart, rowCount, width }: ListedSheet): number =>
    isChart || rowCount === 0 ? 4 : hidden ? 3 : rowCount > 1 && width > 1 ? 0 : rowCount > 1 ? 1 : 2;
  return sheets.toSorted((a, b) => rank(a) - rank(b));
}

function emptyError(file: OpenedFile, sheet: string): AgentError<"table.not-a-table"> {
  const reason = sheet === "" ? "none of its sheets has a cell" : `the sheet "${sheet}" has no cells`;
  const message = `"${file.name}" holds no table: ${reason}. Choose another sheet, or check how it was saved.`;
  return new AgentError("table.not-a-table", { path: file.path, reason }, message);
}

interface ChosenGrid {
  readonly sheet: string;
  readonly grid: SheetGrid;
  readonly wanted: Area | null;
}

/** The sheet wanted, or the first that has two rows of cells; formatted rows without cells are none. */
function chooseGrid(file: OpenedFile, { library, sheets, load }: Book, { sheet: name }: DialectChoice): ChosenGrid {
  if (typeof name === "string" && name !== "") {
    const { sheet, area } = wantedPart(library, file, sheets, name);
    const grid = load(sheet);
    if (grid === null || grid.rows.length === 0) {
      throw emptyError(file, sheet);
    }
    return { sheet, grid, wanted: area };
  }
  let fallback: ChosenGrid | null = null;
  for (const { name: sheet, isChart } of bySuitability(sheets)) {
    const grid = isChart ? null : load(sheet);
    if (grid !== null && grid.rows.length > 1) {
      return { sheet, grid, wanted: null };
    }
    if (grid !== null && grid.rows.length === 1) {
      fallback ??= { sheet, grid, wanted: null };
    }
  }
  if (fallback === null) {
    throw emptyError(file, "");
  }
  return fallback;
}

/** An opened workbook, whose sheets are parsed when they are looked at. */
interface Book {
  readonly library: Library;
  readonly sheets: readonly ListedSheet[];
  readonly load: (name: string) => SheetGrid | null;
}

function openBook(library: Library, file: OpenedFile, packed: PackedSheets): Book {
  const options = { cellStyles: packed.hasHidden, sheetStubs: packed.hasEmptyFormulas };
  const { content } = packed;
  const whole = packed.isSmall ? parse(library, file, content, options) : null;
  const listing = whole ?? parse(library, file, content, { sheetRows: 1 });
  const load = (name: string): SheetGrid | null => {
    const book = whole ?? parse(library, file, content, { ...options, sheets: [name] });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed with `dense`
    const sheet = book.Sheets[name] as DenseWorkSheet | undefined;
    return sheet === undefined || !Array.isArray(sheet["!data"])
      ? null
      : readGrid(library, book, sheet, packed.hidden[book.SheetNames.indexOf(name)]);
  };
  return { library, sheets: sheetList(library, listing), load };
}

const areaName = (library: Library, sheet: string, { top, left, bottom, right }: Area): string =>
  `${sheet}!${library.utils.encode_range({ s: { r: top, c: left }, e: { r: bottom, c: right } })}`;

interface Parts {
  readonly sheets: Sheets;
  /** The area that is read, `null` for the whole sheet. */
  readonly area: Area | null;
  /** Name of the part that is read. */
  readonly name: string;
  readonly warnings: readonly TableWarning[];
}

/** Lists the sheets, and the tables of the chosen one where it holds several. The largest goes by the sheet's name. */
function listParts(book: Book, { sheet, grid, wanted }: ChosenGrid): Parts {
  const { library } = book;
  const tables = findSheetTables(grid);
  const [main = null, ...others] = tables;
  const same = (area: Area): boolean =>
    wanted !== null && areaName(library, sheet, area) === areaName(library, sheet, wanted);
  const name = wanted === null || (main !== null && same(main)) ? sheet : areaName(library, sheet, wanted);
  const known = others.some(same) || name === sheet;
  const areas = known || wanted === null ? others : [...others, wanted];
  const sheets = book.sheets.flatMap(({ name: listed, rowCount, hidden }) => [
    { name: listed, rowCount: listed === sheet && main !== null ? main.bottom - main.top + 1 : rowCount, hidden },
    ...(listed === sheet ? areas : []).map((area) => ({
      name: areaName(library, sheet, area),
      rowCount: area.bottom - area.top + 1,
      hidden,
    })),
  ]);
  const several: TableWarning[] =
    tables.length < 2
      ? []
      : [
          {
            code: "several-tables",
            severity: "warning",
            message: `The sheet "${sheet}" holds ${tables.length} tables. This is ${name === sheet ? "the largest" : `"${name}"`}; the others can be chosen in its place.`,
            columns: [],
            values: { sheet, tables: tables.length, part: name },
          },
        ];
  const warnings = [
    ...several,
    ...otherParts(
      "workbook",
      sheets.filter(({ rowCount }) => rowCount > 0),
      name,
    ),
  ];
  return { sheets, area: wanted ?? main, name, warnings };
}

const shortCells: TableWarning = {
  code: "python-misreads",
  severity: "error",
  message:
    "The program that saved this workbook stored its cells in a short form that Python leaves out without a word. What is said of the table here is right; what Python computes from it would not be. Open it in a spreadsheet program, save it as .xlsx, and use that.",
  columns: [],
  values: {},
};

async function* batchesOf(rows: readonly RawRow[], file: OpenedFile): AsyncGenerator<RowBatch> {
  const size = Number.isFinite(file.sizeBytes) ? file.sizeBytes : 0;
  for (let start = 0; start < rows.length; start += batchRows) {
    const end = Math.min(rows.length, start + batchRows);
    yield { rows: rows.slice(start, end), readBytes: Math.round((size * end) / rows.length) };
  }
}

/** Sheet rows that the first so many rows of a table take, from the row after its header on. */
function spanOf({ places, headerPlaces, firstPlace }: SheetTable): (rows: number) => number {
  const before = (headerPlaces.at(-1) ?? firstPlace - 1) + 1;
  return (rows) => (rows === 0 ? 0 : (places[rows - 1] ?? before) - before + 1);
}

/** Blank rows stand between the header and the last row. */
function hasBlankRows({ places, headerPlaces }: SheetTable): boolean {
  const all = [...headerPlaces.slice(-1), ...places];
  const [first] = all;
  const last = all.at(-1);
  return first !== undefined && last !== undefined && last - first + 1 > all.length;
}

/**
 * Opens a sheet of a workbook, or one of the tables in it.
 *
 * @throws AgentError `table.damaged`, `table.password`, `table.not-a-table`, `table.not-readable`, `table.too-large`
 */
export async function openWorkbook(
  file: OpenedFile,
  content: Buffer,
  format: string,
  choice: DialectChoice,
): Promise<TableSource> {
  const { read, SSF, utils } = await import("../../encoding/xlsx-package.ts");
  const library = { read, SSF, utils };
  const packed = await packedSheets(file, content, format);
  if (packed.isEncrypted) {
    throw passwordError(file);
  }
  const book = openBook(library, file, packed);
  const chosen = chooseGrid(file, book, choice);
  const parts = listParts(book, chosen);
  const table = placeTable(chosen.grid, parts.area, choice);
  const { rows, filledDown, warnings } = mendRows(table, chosen.grid);
  const { headerPlaces } = table;
  return {
    dialect: {
      format,
      encoding: null,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: headerPlaces[0] ?? null,
      ...(headerPlaces.length > 1 ? { headerRows: headerPlaces.length } : {}),
      sheet: parts.name,
    },
    sheets: [...parts.sheets],
    names: table.names,
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: {
      ...plainLayout,
      skippedRecords: table.firstPlace,
      names: table.nameSource,
      firstColumn: table.firstColumn,
      blankRows: hasBlankRows(table),
      part: chosen.sheet,
      sheetSpan: spanOf(table),
      firstRow: chosen.grid.places.findIndex((place) => place === table.places[0]),
      limited: parts.area !== null,
      filledDown,
    },
    notes: emptyNotes(),
    warnings: [...(packed.hasShortCells ? [shortCells] : []), ...parts.warnings, ...warnings],
    batches: batchesOf(rows, file),
  };
}
