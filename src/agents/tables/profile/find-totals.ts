import type { TableSource } from "../readers/table-source.ts";
import { findTotalColumns } from "./find-total-columns.ts";
import { findTotalRows } from "./find-total-rows.ts";
import type { BuiltTable } from "./table-builder.ts";
import { totalData, type FoundTotal } from "./total-data.ts";

/** Finds rows and columns that repeat what others already hold: by value, names only lend weight. */
export function findTotals(built: BuiltTable, source: TableSource): FoundTotal[] {
  const { total } = built.footer;
  const last: FoundTotal[] = total === null ? [] : [{ total, example: null, exceptions: [], lone: 0, within: null }];
  const data = totalData(built, source);
  return [...findTotalRows(data), ...findTotalColumns(data), ...last];
}
