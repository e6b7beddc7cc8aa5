import type { ColumnProfile, ColumnType, TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import { isCodeName, isLineName, isYearName } from "./column-names.ts";

const measureTypes: ReadonlySet<ColumnType> = new Set(["integer", "decimal", "money", "percent"]);
const mostCategories = 60;

/** Whether the values of a column are keys, codes or years: digits that are no quantity, whatever they look like. */
export function isCodeColumn(column: ColumnProfile): boolean {
  const { type, name } = column;
  return type === "identifier" || type === "year" || isCodeName(name) || (type === "integer" && isYearName(name));
}

/** Whether a column can be added up or compared: numbers that are neither codes nor a count of the lines. */
export function isMeasure(column: ColumnProfile, rowCount: number): boolean {
  const countsLines = column.type === "integer" && column.distinct === rowCount && isLineName(column.name);
  return measureTypes.has(column.type) && column.distinct > 1 && !isCodeColumn(column) && !countsLines;
}

/** Whether rows are grouped by a column. */
export function isCategory(column: ColumnProfile): boolean {
  const few = column.distinct > 1 && column.distinct <= mostCategories;
  return column.type === "category" || (column.type === "text" && few);
}

/** What the table is about: a column that its totals add up, else the number with the most values; if any. */
export function mainMeasure(profile: TableProfile): ColumnProfile | undefined {
  const totalled = new Set(profile.totals.flatMap(({ measures }) => measures));
  const measures = profile.columns.filter((column) => isMeasure(column, profile.rowCount));
  return (
    measures.find(({ name }) => totalled.has(name)) ??
    measures.toSorted((left, right) => right.distinct - left.distinct)[0]
  );
}
