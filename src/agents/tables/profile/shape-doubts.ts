import type { TableWarning } from "../../protocol/table-profile.ts";
import type { ColumnReading } from "./column-reading.ts";
import { isIdName } from "./column-type.ts";
import type { BuiltTable } from "./table-builder.ts";
import { inWords } from "./total-warning.ts";

const fewestPeriods = 4;
const fewestRows = 20;
const period =
  /^[^\p{L}\d]*(?:FY|CY|Y|年)?\s*((?:18|19|20)\d{2})(?:\s*年?度?|\s*[-/._ ]?\s*(?:Q[1-4]|H[12]|[第]?[一二三四1-4]季度?|(?:0?[1-9]|1[0-2])月?))?[^\p{L}\d]*$|^(?:Q[1-4]|H[12])[-/ _.']?(?:(?:19|20)?\d{2})$/iu;

/** Columns that are periods, one beside the other: years, quarters or months as headers. */
function widePeriods(columns: readonly ColumnReading[]): TableWarning[] {
  const periods = columns.filter(({ profile }) => period.test(profile.name));
  const others = columns.filter((column) => !periods.includes(column));
  const [first, last] = [periods[0]?.profile.name ?? "", periods.at(-1)?.profile.name ?? ""];
  if (periods.length < fewestPeriods || others.length === 0) {
    return [];
  }
  return [
    {
      code: "wide-periods",
      severity: "info",
      message: `${periods.length} columns are periods (${first} to ${last}). To group, filter or draw by time, melt them first: df.melt(id_vars=[…], var_name="period", value_name="value").`,
      columns: periods.slice(0, 50).map(({ profile }) => profile.name),
      values: { count: periods.length, first, last },
    },
  ];
}

function constants({ columns, rowCount }: BuiltTable): TableWarning[] {
  const names = columns
    .filter(({ profile }) => profile.distinct === 1 && profile.nulls === 0 && rowCount >= fewestRows)
    .map(({ profile }) => profile.name);
  return names.length === 0
    ? []
    : [
        {
          code: "constant-columns",
          severity: "info",
          message: `${inWords(names)} ${names.length === 1 ? "has" : "have"} one value in all rows.`,
          columns: names.slice(0, 50),
          values: { columns: names.length },
        },
      ];
}

/** Numbers that should tell rows apart and nearly do. */
function repeatedKeys({ columns, rowCount, duplicateRows }: BuiltTable): TableWarning[] {
  return columns.flatMap(({ profile }) => {
    const { name, distinct, nulls, approximate, type } = profile;
    const repeats = rowCount - nulls - distinct;
    const identifies = isIdName(name) && ["identifier", "integer", "text", "category"].includes(type);
    const nearly = rowCount >= fewestRows && repeats > duplicateRows && repeats <= (rowCount - nulls) * 0.05;
    return identifies && nearly && approximate !== true
      ? [
          {
            code: "repeated-keys",
            severity: "warning" as const,
            message: `${name} is different in all but ${repeats} of ${rowCount - nulls} rows. If it identifies a row, counting or joining by it counts those again.`,
            columns: [name],
            values: { column: name, repeats, rows: rowCount - nulls },
          },
        ]
      : [];
  });
}

/** Columns whose values stand only in the first row of each block. */
function filledDownWarning(names: readonly string[]): TableWarning[] {
  const calls = names.slice(0, 3).map((name) => `df[${JSON.stringify(name)}].ffill()`);
  return names.length === 0
    ? []
    : [
        {
          code: "filled-down",
          severity: "warning",
          message: `${inWords(names)} stands only in the first row of each block; the rows below belong to it. Grouping loses them unless it is filled down first: ${calls.join(", ")}.`,
          columns: [...names],
          values: { columns: names.slice(0, 5).join(", ") },
        },
      ];
}

/** Says what the shape of a table would do to a computation. */
export function shapeDoubts(built: BuiltTable, filledDown: readonly string[]): TableWarning[] {
  return [...filledDownWarning(filledDown), ...widePeriods(built.columns), ...constants(built), ...repeatedKeys(built)];
}
