/** A row of a sheet as a line of text. */
export interface SheetLine {
  /** As the sheet counts its rows, from one. */
  readonly number: number;
  readonly text: string;
}

const longestName = 80;
const isFigure = /^[-+(]?[\d.,\s%$€£¥]*\d[\d.,\s%$€£¥)]*$|^\d{4}-\d\d-\d\d/u;

interface Header {
  readonly names: readonly string[];
}

const filled = (row: readonly string[] | undefined): number => (row ?? []).filter((cell) => cell !== "").length;

/** Says whether a row names the columns of those below: texts, none twice, over at least one row as wide. */
function isHeader(rows: readonly (readonly string[])[], index: number): boolean {
  const names = (rows[index] ?? []).filter((cell) => cell !== "");
  return (
    names.length >= 2 &&
    names.every((name) => !isFigure.test(name) && name.length <= longestName) &&
    new Set(names).size === names.length &&
    filled(rows[index + 1]) >= Math.max(1, names.length / 2) &&
    !(rows[index + 1] ?? []).every((cell, at) => cell === "" || rows[index]?.[at] === "")
  );
}

/**
 * Says the rows of a sheet one by one: `Name: Ada | Born: 1815`. A row that names columns is not said itself but before
 * each cell; it is looked for where the cells begin and behind each blank row. Cells without a name stand alone.
 *
 * @param rows cells as text, blank rows included
 */
export function sheetLines(rows: readonly (readonly string[])[]): readonly SheetLine[] {
  const lines: SheetLine[] = [];
  let header: Header | null = null;
  let mayBegin = true;
  rows.forEach((row, index) => {
    const count = filled(row);
    if (count === 0) {
      mayBegin = true;
      return;
    }
    if (mayBegin && isHeader(rows, index)) {
      header = { names: row };
      mayBegin = false;
      return;
    }
    // Titles and notes stand above a table.
    mayBegin &&= count < 2;
    lines.push({ number: index + 1, text: lineOf(row, count < 2 ? null : header) });
  });
  return lines.length === 0 && header !== null ? headerOnly(rows) : lines;
}

/** A sheet that has names of columns and nothing below them. */
function headerOnly(rows: readonly (readonly string[])[]): readonly SheetLine[] {
  return rows.flatMap((row, index) => (filled(row) === 0 ? [] : [{ number: index + 1, text: lineOf(row, null) }]));
}

function lineOf(row: readonly string[], header: Header | null): string {
  return row
    .map((cell, column) => {
      const name = header?.names[column] ?? "";
      return cell === "" ? "" : name === "" ? cell : `${name}: ${cell}`;
    })
    .filter((cell) => cell !== "")
    .join(" | ");
}
