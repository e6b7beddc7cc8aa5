import type * as Xlsx from "@e965/xlsx";
import type { CellObject, DenseWorkSheet, WorkBook } from "@e965/xlsx";
import type { HiddenParts, HiddenSpan } from "./ods-hidden.ts";
import type { RawCell, RawRow } from "./table-source.ts";
import { clockText } from "./typed-cell.ts";

type Library = Pick<typeof Xlsx, "SSF">;

/** A rectangle of a sheet; all four are zero-based and inside. */
export interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A cell that is not simply its value. */
export interface OddCell {
  readonly row: number;
  readonly column: number;
  readonly kind: "error" | "no-value" | "percent";
  /** Of an error, such as `#N/A`. */
  readonly text: string;
}

/** What a sheet holds, blank rows left out. */
export interface SheetGrid {
  readonly rows: readonly RawRow[];
  /** Zero-based sheet row of each row. */
  readonly places: readonly number[];
  readonly merges: readonly Area[];
  readonly hiddenRows: ReadonlySet<number>;
  readonly hiddenColumns: ReadonlySet<number>;
  /** At most 100,000. */
  readonly odd: readonly OddCell[];
}

const mostOdd = 100_000;
const dayMs = 86_400_000;
const mostDays = 20_000;
const errorNames: Readonly<Record<number, string>> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
  43: "#GETTING_DATA",
};

/** Says whether nothing stands in a cell. */
export const isBlankCell = (cell: RawCell | undefined): boolean => cell === null || cell === undefined || cell === "";

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

type NumberKind = "date" | "duration" | "percent" | "plain";

/** What the format of a number makes of it. */
function kindOf(library: Library, format: string): NumberKind {
  if (/\[[hms]+\]/iu.test(format)) {
    return "duration";
  }
  if (library.SSF.is_date(format) === true) {
    return "date";
  }
  return /%(?=[^"]*(?:"[^"]*"[^"]*)*$)/u.test(format) ? "percent" : "plain";
}

/** Turns the cells of a workbook into plain values and notes the odd ones. */
class CellReader {
  readonly odd: OddCell[] = [];
  readonly #library: Library;
  readonly #date1904: boolean;
  readonly #kinds = new Map<string, NumberKind>();
  /** Texts of whole days, which come again and again. */
  readonly #days = new Map<number, string>();

  constructor(library: Library, workbook: WorkBook) {
    this.#library = library;
    this.#date1904 = workbook.Workbook?.WBProps?.date1904 === true;
  }

  read(cell: CellObject, row: number, column: number): RawCell {
    const value = cell.v;
    if (cell.t === "e") {
      this.#note({ row, column, kind: "error", text: errorNames[Number(value)] ?? "#ERROR" });
      return null;
    }
    if (value === undefined || cell.t === "z") {
      if (cell.f !== undefined) {
        this.#note({ row, column, kind: "no-value", text: "" });
      }
      return null;
    }
    if (typeof value === "number") {
      return typeof cell.z === "string" ? this.#number(value, cell.z, row, column) : value;
    }
    return value instanceof Date ? value.toISOString().replace(/(T00:00:00)?\.000Z$/u, "") : value;
  }

  #number(value: number, format: string, row: number, column: number): RawCell {
    const known = this.#kinds.get(format);
    const kind = known ?? kindOf(this.#library, format);
    if (known === undefined) {
      this.#kinds.set(format, kind);
    }
    switch (kind) {
      case "plain":
        return value;
      case "percent":
        this.#note({ row, column, kind, text: "" });
        return value;
      case "duration":
        return clockText(value * dayMs);
      case "date":
        return this.#date(value);
    }
  }

  #date(serial: number): string {
    const known = this.#days.get(serial);
    if (known !== undefined) {
      return known;
    }
    const text = dateText(this.#library, serial, this.#date1904);
    if (Number.isInteger(serial) && this.#days.size < mostDays) {
      this.#days.set(serial, text);
    }
    return text;
  }

  #note(cell: OddCell): void {
    if (this.odd.length < mostOdd) {
      this.odd.push(cell);
    }
  }
}

/** @param size Rows or columns that hold something; spans may go on to the end of the sheet. */
function hiddenOf(
  list: readonly ({ readonly hidden?: boolean } | null | undefined)[] | undefined,
  spans: readonly HiddenSpan[],
  size: number,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { first, last } of spans) {
    for (let index = first; index <= last && index < size; index += 1) {
      found.add(index);
    }
  }
  list?.forEach((entry, index) => {
    if (entry?.hidden === true) {
      found.add(index);
    }
  });
  return found;
}

/**
 * The values of a sheet that was parsed with `dense`.
 *
 * @param hidden what the sheet hides and was not parsed with its cells
 */
export function readGrid(
  library: Library,
  workbook: WorkBook,
  sheet: DenseWorkSheet,
  hidden: HiddenParts = { rows: [], columns: [] },
): SheetGrid {
  const reader = new CellReader(library, workbook);
  const rows: RawRow[] = [];
  const places: number[] = [];
  sheet["!data"].forEach((cells, place) => {
    const row: RawCell[] = [];
    let end = 0;
    for (let column = 0; column < cells.length; column += 1) {
      const cell = cells[column];
      const value = cell === undefined || cell === null ? null : reader.read(cell, place, column);
      row.push(value);
      end = isBlankCell(value) ? end : column + 1;
    }
    if (end > 0) {
      row.length = end;
      rows.push(row);
      places.push(place);
    }
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as any
  const merges = ((sheet["!merges"] ?? []) as readonly Xlsx.Range[]).map(({ s, e }) => ({
    top: s.r,
    left: s.c,
    bottom: e.r,
    right: e.c,
  }));
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return {
    rows,
    places,
    merges,
    hiddenRows: hiddenOf(sheet["!rows"], hidden.rows, (places.at(-1) ?? -1) + 1),
    hiddenColumns: hiddenOf(sheet["!cols"], hidden.columns, width),
    odd: reader.odd,
  };
}
