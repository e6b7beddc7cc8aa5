import type { TableTotal } from "../../protocol/table-profile.ts";
import type { RawCell, TableSource } from "../readers/table-source.ts";
import { isNumericType, presentCell } from "./column-reading.ts";
import { isIdName } from "./column-type.ts";
import type { BuiltTable } from "./table-builder.ts";

/** A total with one case in which it would be counted twice. */
export interface FoundTotal {
  readonly total: TableTotal;
  /** For kind `rows`: a group, what summing all rows gives there, and the right sum. */
  readonly example: { readonly group: string; readonly counted: number; readonly right: number } | null;
  /** For kind `rows`: groups in which the total row and its parts differ, the first few. */
  readonly exceptions: readonly {
    readonly group: string;
    readonly measure: string;
    readonly said: number;
    readonly parts: number;
  }[];
  /** For kind `rows`: groups that have the total row and no parts. */
  readonly lone: number;
  /** The totals hold among the rows in which this column is missing. */
  readonly within: string | null;
}

/** A column whose values part the rows into groups, as codes. */
export interface Dimension {
  readonly name: string;
  readonly codes: Int32Array;
  /** The value of each code; missing is the empty text. */
  readonly values: readonly string[];
  /** Words or names, among which one may be a total. */
  readonly carrier: boolean;
}

/** A column of amounts that can be added; `NaN` where missing. */
export interface Measure {
  readonly name: string;
  readonly numbers: Float64Array;
}

/** The part of a table in which totals are looked for. */
export interface TotalData {
  /** 0 for the whole table; one more for the rows of a level that was found in it. */
  readonly depth: number;
  readonly rowCount: number;
  readonly dimensions: readonly Dimension[];
  readonly measures: readonly Measure[];
}

const mostDimensions = 14;
const mostMeasures = 40;

/** Running numbers and codes are no amounts. */
function isAmount(built: BuiltTable, index: number): boolean {
  const column = built.columns[index];
  if (column === undefined || !isNumericType(column.profile.type)) {
    return false;
  }
  const { type, name, distinct } = column.profile;
  if (type === "year" || type === "percent") {
    return false;
  }
  const unique = type === "integer" && distinct === built.rowCount && built.rowCount > 3;
  return (
    !isIdName(name) &&
    !(unique && isRunning(built, index)) &&
    !/code$|(^|_)(lat|lon)|latitude|longitude|rank|排名|序号|编码|代码|区号|年龄|^age$/iu.test(name)
  );
}

/** Values that only ever grow by one. */
function isRunning(built: BuiltTable, index: number): boolean {
  return built.kept.column(index).every((cell, at, cells) => at === 0 || Number(cell) === Number(cells[at - 1]) + 1);
}

function dimensionOf(built: BuiltTable, source: TableSource, index: number): Dimension | null {
  const column = built.columns[index];
  if (column === undefined) {
    return null;
  }
  const { type, name, distinct } = column.profile;
  const carrier = type === "category" || type === "text" || (type === "boolean" && distinct > 1);
  const groups = carrier || ["year", "date", "datetime", "identifier", "integer"].includes(type);
  if (!groups || distinct === 0 || distinct > 20_000 || (!carrier && distinct > built.rowCount * 0.6)) {
    return null;
  }
  const codes = new Int32Array(built.kept.length);
  const values: string[] = [];
  const known = new Map<string, number>();
  const seen = new Map<RawCell | undefined, number>();
  const reading = { decided: column.decided, missing: column.missing, style: source.style };
  built.kept.column(index).forEach((cell, at) => {
    let code = seen.get(cell);
    if (code === undefined) {
      const text = String(presentCell(cell, reading) ?? "");
      code = known.get(text);
      if (code === undefined) {
        code = values.length;
        known.set(text, code);
        values.push(text);
      }
      seen.set(cell, code);
    }
    codes[at] = code;
  });
  return values.length < 2 ? null : { name, codes, values, carrier };
}

function measureOf(built: BuiltTable, source: TableSource, index: number): Measure | null {
  return isAmount(built, index) ? numbersOf(built, source, index) : null;
}

/** The numbers of a column, amounts or not; `null` where it has less than two. */
export function numbersOf(built: BuiltTable, source: TableSource, index: number): Measure | null {
  const numbers = built.kept.numbers(index, source.style);
  const filled = numbers.reduce((count, number) => count + (Number.isNaN(number) || number === 0 ? 0 : 1), 0);
  return filled < 2 ? null : { name: built.columns[index]?.profile.name ?? "", numbers };
}

/** Codes the columns of a table for the search of totals. */
export function totalData(built: BuiltTable, source: TableSource): TotalData {
  const indexes = built.columns.map((_, index) => index);
  const measures: Measure[] = [];
  for (const index of indexes) {
    const measure = measures.length < mostMeasures ? measureOf(built, source, index) : null;
    if (measure !== null) {
      measures.push(measure);
    }
  }
  const dimensions = indexes
    .filter(
      (index) =>
        !measures.some(
          (measure) =>
            measure.name === built.columns[index]?.profile.name && built.columns[index]?.profile.type !== "integer",
        ),
    )
    .map((index) => dimensionOf(built, source, index))
    .filter((dimension) => dimension !== null)
    .slice(0, mostDimensions);
  return { depth: 0, rowCount: built.kept.length, dimensions, measures };
}

/** The rows of `data` for which `keep` holds. */
export function restrictRows(data: TotalData, keep: (row: number) => boolean, without: Dimension | null): TotalData {
  const rows: number[] = [];
  for (let row = 0; row < data.rowCount; row += 1) {
    if (keep(row)) {
      rows.push(row);
    }
  }
  return {
    depth: data.depth + 1,
    rowCount: rows.length,
    dimensions: data.dimensions
      .filter((dimension) => dimension.name !== without?.name)
      .map((dimension) => ({ ...dimension, codes: Int32Array.from(rows, (row) => dimension.codes[row] ?? 0) })),
    measures: data.measures.map((measure) => ({
      ...measure,
      numbers: Float64Array.from(rows, (row) => measure.numbers[row] ?? Number.NaN),
    })),
  };
}
