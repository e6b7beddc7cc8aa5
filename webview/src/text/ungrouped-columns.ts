import type { TableOutput } from "../../../src/agents/protocol/cell-output.ts";
import { isCodeName, isLineName, isYearName } from "./column-names.ts";

/** Columns whose numbers read wrongly with a thousands mark in them: years, decades, keys and codes. */
export function ungroupedColumns(table: TableOutput): readonly boolean[] {
  return table.columns.map(
    ({ name }, index) => isNamedSo(name) || areYears(table.rows.map((row) => row[index] ?? null)),
  );
}

function isNamedSo(name: string): boolean {
  return isCodeName(name) || isLineName(name) || isYearName(name);
}

/** Whole numbers of four digits that could all be years lose nothing without a mark. */
function areYears(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== null);
  return present.length > 0 && present.every((value) => Number.isInteger(value) && isYear(Number(value)));
}

function isYear(value: number): boolean {
  return value >= 1000 && value <= 2999;
}
