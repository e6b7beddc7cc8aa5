import type { TableWarning } from "../../protocol/table-profile.ts";
import { isBlankCell, type Area, type SheetGrid } from "./sheet-grid.ts";
import type { SheetTable } from "./sheet-header.ts";
import type { RawCell, RawRow } from "./table-source.ts";

/** The rows of a table in a sheet as they are read, and what to say about them. */
export interface MendedRows {
  readonly rows: readonly RawRow[];
  /** Names of columns in which merged cells are filled down. */
  readonly filledDown: readonly string[];
  readonly warnings: readonly TableWarning[];
}

const plainNumber = /^[+-]?(0|[1-9]\d{0,14})(\.\d+)?$/u;

type Said = Pick<TableWarning, "message" | "values"> & { readonly columns?: readonly string[] };

function warn(code: string, severity: TableWarning["severity"], { message, values, columns = [] }: Said): TableWarning {
  return { code, severity, message, columns: columns.slice(0, 50), values };
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

function listed(names: readonly string[]): string {
  const more = names.length - 6;
  return `${names.slice(0, 6).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The column of the table in which a column of the sheet is, or -1. */
function columnIn(table: SheetTable, column: number): number {
  const index = column - table.firstColumn;
  return index >= 0 && index < table.names.length ? index : -1;
}

interface MergedColumns {
  /** Columns to fill, with the rows that take the value above them. */
  readonly filled: ReadonlyMap<number, ReadonlySet<number>>;
  /** Merged areas that leave cells missing. */
  readonly left: number;
}

/** Rows of the table, by their sheet row. */
function rowIndex(table: SheetTable): ReadonlyMap<number, number> {
  return new Map(table.places.map((place, index) => [place, index]));
}

/** Rows of the table that stand in sheet rows from `top` to `bottom`. */
function rowsBetween(index: ReadonlyMap<number, number>, top: number, bottom: number): number[] {
  return Array.from({ length: Math.max(0, bottom - top + 1) }, (_, offset) => index.get(top + offset)).filter(
    (row) => row !== undefined,
  );
}

/**
 * Labels in cells merged downwards belong to all their rows. They are filled down where every blank of the column comes
 * from merging, so that filling the column means the same; numbers are not, for they would be counted again.
 */
function mergedColumns(table: SheetTable, merges: readonly Area[]): MergedColumns {
  const index = rowIndex(table);
  const inside = merges.filter(({ top, left }) => index.has(top) && columnIn(table, left) >= 0);
  const covered = new Map<number, Set<number>>();
  const sideways = new Set<number>();
  for (const { top, bottom, left, right } of inside) {
    const column = columnIn(table, left);
    const rows = covered.get(column) ?? new Set<number>();
    const isLabel = typeof table.rows[index.get(top) ?? -1]?.[column] === "string";
    for (const row of rowsBetween(index, isLabel ? top + 1 : bottom + 1, bottom)) {
      rows.add(row);
    }
    if (rows.size > 0) {
      covered.set(column, rows);
    }
    for (const row of right > left ? rowsBetween(index, top, bottom) : []) {
      sideways.add(row);
    }
  }
  const filled = new Map<number, ReadonlySet<number>>();
  for (const [column, rows] of covered) {
    const whole = table.rows.every(
      (row, at) => !isBlankCell(row[column]) || rows.has(at) || (sideways.has(at) && at >= table.rows.length - 3),
    );
    if (whole) {
      filled.set(column, rows);
    }
  }
  const left = inside.filter(({ left: at, right, top, bottom }) => {
    const column = columnIn(table, at);
    return right > at || (bottom > top && !filled.has(column));
  });
  return { filled, left: left.length };
}

function fillDown(rows: readonly RawRow[], filled: MergedColumns["filled"]): RawRow[] {
  const last = new Map<number, RawCell>();
  return rows.map((row, at) => {
    const copy = [...row];
    for (const [column, covered] of filled) {
      if (covered.has(at)) {
        while (copy.length <= column) {
          copy.push(null);
        }
        copy[column] = last.get(column) ?? null;
      }
      last.set(column, copy[column] ?? null);
    }
    return copy;
  });
}

/** Columns whose numbers are all, or in part, written as text. Python reads such a column as numbers. */
function textNumberColumns({ names, rows }: SheetTable): number[] {
  return names.flatMap((_, column) => {
    let texts = 0;
    for (const row of rows) {
      const cell = row[column];
      if (typeof cell === "string" && cell !== "") {
        if (!plainNumber.test(cell)) {
          return [];
        }
        texts += 1;
      } else if (typeof cell === "boolean") {
        return [];
      }
    }
    return texts > 0 ? [column] : [];
  });
}

function mergeWarnings(table: SheetTable, { filled, left }: MergedColumns): TableWarning[] {
  const names = [...filled.keys()].map((column) => table.names[column] ?? "");
  const found: TableWarning[] = [];
  if (names.length > 0) {
    const message = `In ${listed(names)}, merged cells were filled down: every row has the value of the cell that spans it.`;
    found.push(warn("merged-filled", "info", { message, values: { columns: listed(names) }, columns: names }));
  }
  if (left > 0) {
    const message = `${many(left, "merged area")}: only the first cell of each has the value, the others are missing.`;
    found.push(warn("merged-cells", "warning", { message, values: { areas: left } }));
  }
  return found;
}

function hiddenWarnings(table: SheetTable, grid: SheetGrid): TableWarning[] {
  const rows = table.places.filter((place) => grid.hiddenRows.has(place)).length;
  const names = table.names.filter((_, index) => grid.hiddenColumns.has(index + table.firstColumn));
  const found: TableWarning[] = [];
  if (rows > 0) {
    const message = `${many(rows, "row")} of the sheet ${rows === 1 ? "is" : "are"} hidden, by hand or by a filter, and ${rows === 1 ? "is" : "are"} in the table: sums and counts include them, unlike what the sheet shows.`;
    found.push(warn("hidden-rows", "warning", { message, values: { rows } }));
  }
  if (names.length > 0) {
    const message = `${listed(names)} ${names.length === 1 ? "is" : "are"} hidden in the sheet, and ${names.length === 1 ? "was" : "were"} read.`;
    found.push(warn("hidden-columns", "info", { message, values: { columns: listed(names) }, columns: names }));
  }
  return found;
}

function oddWarnings(table: SheetTable, grid: SheetGrid): TableWarning[] {
  const index = rowIndex(table);
  const inside = grid.odd.filter(({ row, column }) => index.has(row) && columnIn(table, column) >= 0);
  const of = (kind: string) => inside.filter((cell) => cell.kind === kind);
  const namesOf = (cells: readonly { readonly column: number }[]): string[] => [
    ...new Set(cells.map(({ column }) => table.names[columnIn(table, column)] ?? "")),
  ];
  const found: TableWarning[] = [];
  const errors = of("error");
  if (errors.length > 0) {
    const names = namesOf(errors);
    const kinds = [...new Set(errors.map(({ text }) => text))].join(", ");
    const message = `${many(errors.length, "cell")} of ${listed(names)} ${errors.length === 1 ? "holds an error" : "hold errors"} (${kinds}), read as missing: sums leave them out.`;
    found.push(
      warn("error-cells", "warning", {
        message,
        values: { cells: errors.length, kinds, columns: listed(names) },
        columns: names,
      }),
    );
  }
  const empty = of("no-value");
  if (empty.length > 0) {
    const names = namesOf(empty);
    const message = `${many(empty.length, "formula")} in ${listed(names)} ${empty.length === 1 ? "has" : "have"} no stored result, so the values are missing. Open the workbook in a spreadsheet program, save it, and read it again.`;
    found.push(
      warn("formulas-without-values", "error", {
        message,
        values: { cells: empty.length, columns: listed(names) },
        columns: names,
      }),
    );
  }
  const shares = namesOf(of("percent"));
  if (shares.length > 0) {
    const message = `${listed(shares)} ${shares.length === 1 ? "is" : "are"} shown as per cent and stored as fractions: 0.125 stands for 12.5%.`;
    found.push(warn("percent-cells", "info", { message, values: { columns: listed(shares) }, columns: shares }));
  }
  return found;
}

/** Reads the cells of a table as they are meant: labels of merged cells filled down, numbers in text as numbers. */
export function mendRows(table: SheetTable, grid: SheetGrid): MendedRows {
  const merged = mergedColumns(table, grid.merges);
  const filled = merged.filled.size === 0 ? table.rows : fillDown(table.rows, merged.filled);
  const texts = new Set(textNumberColumns(table));
  const rows =
    texts.size === 0
      ? filled
      : filled.map((row) =>
          row.map((cell, column) =>
            texts.has(column) && typeof cell === "string" && cell !== "" ? Number(cell) : cell,
          ),
        );
  const names = [...texts].map((column) => table.names[column] ?? "");
  const message = `Numbers are stored as text in ${listed(names)}, and were read as numbers; a spreadsheet leaves them out of its sums.`;
  const values = { columns: listed(names) };
  const asText = names.length === 0 ? [] : [warn("text-numbers", "warning", { message, values, columns: names })];
  return {
    rows,
    filledDown: [...merged.filled.keys()].map((column) => table.names[column] ?? ""),
    warnings: [...oddWarnings(table, grid), ...hiddenWarnings(table, grid), ...mergeWarnings(table, merged), ...asText],
  };
}
