import type { TableCell, TableOutput } from "./cell-output.ts";

/** Text that a spreadsheet would calculate, or run. */
const formulaStart = /^[=+\-@\t\r]/u;
const plainNumber = /^[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\s?%?$/u;

/**
 * A table as RFC 4180 with the separator given; a tab pastes into a spreadsheet. Text that a spreadsheet would take for
 * a formula begins with an apostrophe, since what stands in a file may have been written by anybody.
 */
export function toDelimited(
  columns: readonly Pick<TableOutput["columns"][number], "name">[],
  rows: readonly (readonly TableCell[])[],
  separator: "," | "\t",
): string {
  const cell = (value: TableCell): string => {
    const text = typeof value === "string" ? withoutFormula(value) : String(value ?? "");
    return /["\r\n]/u.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map((column) => column.name), ...rows].map((row) => row.map(cell).join(separator)).join("\r\n");
}

/** A negative number in a text column is none. */
function withoutFormula(text: string): string {
  return formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}
