import type { TableSource } from "../readers/table-source.ts";
import { filledDown, filledDownColumns } from "./fill-down.ts";
import { findAverageRows } from "./find-average-rows.ts";
import { findBlockTotals } from "./find-block-totals.ts";
import { findRunningColumns } from "./find-running-columns.ts";
import { findShareColumns } from "./find-share-columns.ts";
import { findTotalColumns } from "./find-total-columns.ts";
import { findTotalRows } from "./find-total-rows.ts";
import type { BuiltTable } from "./table-builder.ts";
import { restrictRows, totalData, type FoundTotal, type TotalData } from "./total-data.ts";

/** What repeats other rows or columns, and what the search found out about the table's shape. */
export interface TotalSearch {
  readonly totals: readonly FoundTotal[];
  /** Columns whose values stand only in the first row of each block. */
  readonly filledDown: readonly string[];
  readonly data: TotalData;
}

/** Finds rows and columns that repeat what others already hold: by value, names only lend weight. */
export function findTotals(built: BuiltTable, source: TableSource): TotalSearch {
  const { total } = built.footer;
  const last: FoundTotal[] = total === null ? [] : [{ total, example: null, exceptions: [], lone: 0, within: null }];
  const coded = totalData(built, source);
  const blank = filledDownColumns(coded, source.names);
  const whole = filledDown(coded, blank);
  const averages = findAverageRows(whole);
  const data = withoutRows(whole, rowsOf(averages));
  const rows = findTotalRows(data);
  const inFile = rowNumbers(whole, rowsOf(averages));
  const blocks = findBlockTotals(data, totalledRows(data, rows)).map((found) => withNumbers(found, inFile));
  return {
    totals: [
      ...rows,
      ...blocks,
      ...averages,
      ...findTotalColumns(data),
      ...findRunningColumns(withoutRows(whole, rowsOf([...averages, ...blocks]))),
      ...findShareColumns(built, source, whole),
      ...last,
    ],
    filledDown: blank.map(({ name }) => name),
    data: whole,
  };
}

function rowsOf(totals: readonly FoundTotal[]): ReadonlySet<number> {
  return new Set(totals.flatMap(({ total }) => total.rowIndexes ?? []));
}

/** The numbers, in the whole table, of the rows that are left without some. */
function rowNumbers(data: TotalData, without: ReadonlySet<number>): readonly number[] {
  return Array.from({ length: data.rowCount }, (_, row) => row).filter((row) => !without.has(row));
}

function withNumbers(found: FoundTotal, inFile: readonly number[]): FoundTotal {
  const rowIndexes = found.total.rowIndexes?.map((row) => inFile[row] ?? row) ?? [];
  return { ...found, total: { ...found.total, rowIndexes } };
}

/** The table without some rows, which would hide what holds for the others. */
function withoutRows(data: TotalData, rows: ReadonlySet<number>): TotalData {
  return rows.size === 0 ? data : { ...restrictRows(data, (row) => !rows.has(row), null), depth: data.depth };
}

/** The rows that `found` says are totals. */
function totalledRows(data: TotalData, found: readonly FoundTotal[]): ReadonlySet<number> {
  const rows = new Set<number>();
  for (const { total } of found) {
    const dimension = data.dimensions.find(({ name }) => name === total.column);
    const code = dimension?.values.indexOf(total.value ?? "") ?? -1;
    dimension?.codes.forEach((other, row) => other === code && rows.add(row));
  }
  return rows;
}
