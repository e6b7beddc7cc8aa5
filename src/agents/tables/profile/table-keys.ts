import type { ColumnReading } from "./column-reading.ts";
import { isIdName } from "./column-type.ts";
import type { BuiltTable } from "./table-builder.ts";
import type { Dimension, TotalData } from "./total-data.ts";

const mostKeys = 3;
const mostParts = 8;
const noKeys = new Set(["decimal", "money", "percent", "boolean", "time", "empty", "mixed"]);

function mayBeKey({ profile }: ColumnReading): boolean {
  return profile.nulls === 0 && !noKeys.has(profile.type) && profile.approximate !== true;
}

/** Whole numbers of any size happen to be different; what is named as an identifier, or is text, is so on purpose. */
function meansToBe({ profile, decided }: ColumnReading): boolean {
  return profile.type !== "integer" || decided.whole === true || isIdName(profile.name);
}

function pairIsKey(a: Dimension, b: Dimension, rowCount: number): boolean {
  if (a.values.length * b.values.length < rowCount) {
    return false;
  }
  const seen = new Set<number>();
  for (let row = 0; row < rowCount; row += 1) {
    const key = (a.codes[row] ?? 0) * b.values.length + (b.codes[row] ?? 0);
    if (seen.has(key)) {
      return false;
    }
    seen.add(key);
  }
  return true;
}

/** Columns, or else pairs of columns, that tell every row from every other. */
export function tableKeys({ columns, rowCount }: BuiltTable, data: TotalData): string[][] {
  if (rowCount < 2) {
    return [];
  }
  const single = columns
    .filter((column) => mayBeKey(column) && meansToBe(column) && column.profile.distinct === rowCount)
    .map(({ profile }) => [profile.name]);
  if (single.length > 0 || data.rowCount < rowCount) {
    return single.slice(0, mostKeys);
  }
  const parts = data.dimensions
    .filter(({ name, values }) => {
      const column = columns.find(({ profile }) => profile.name === name);
      return column !== undefined && mayBeKey(column) && meansToBe(column) && !values.includes("");
    })
    .slice(0, mostParts);
  const pairs = parts.flatMap((a, at) =>
    parts.slice(at + 1).flatMap((b) => (pairIsKey(a, b, rowCount) ? [[a.name, b.name]] : [])),
  );
  return pairs.slice(0, mostKeys);
}
