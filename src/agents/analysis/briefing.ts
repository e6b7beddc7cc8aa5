import type { TableCell } from "../protocol/cell-output.ts";
import type { TableJoin } from "../protocol/table-join.ts";
import { type ReadingCheck, fileWarnings } from "../protocol/reading-check.ts";
import type { ColumnProfile, ColumnType, TableProfile, TableWarning } from "../protocol/table-profile.ts";
import { joinLines } from "./join-lines.ts";
import { pythonString, readingCode } from "./reading-code.ts";
import { daskAdvice } from "./dask-advice.ts";
import { daskReading } from "./dask-reading.ts";
import { sizeAdvice } from "./size-advice.ts";
import { type TableRoom, gigabytes, heldBytes } from "./table-room.ts";
import { tableWay } from "./table-way.ts";

const columnsDescribed = 60;
const columnsNamed = 400;
const rowsShown = 5;
const cellWidth = 60;
const orderedTypes = new Set<ColumnType>([
  "integer",
  "decimal",
  "money",
  "percent",
  "year",
  "date",
  "time",
  "datetime",
]);
const measureTypes = new Set<ColumnType>(["integer", "decimal", "money", "percent"]);

export interface BriefingOptions {
  readonly hasPandas: boolean;
  /** Ends the names of the variables, so that the files of one session do not overwrite each other; 0 for none. */
  readonly fileNumber?: number;
  /** Packages that Python has, by import name. */
  readonly packages?: readonly string[];
  /** Joins with the files before this one. */
  readonly joins?: readonly TableJoin[];
  /** What came of trying the reading call. */
  readonly check?: ReadingCheck | null;
  /** What Python can hold, where that is known. */
  readonly room?: TableRoom;
}

/** What every agent is told of a file: how to read it, its columns, its first rows, and what would go wrong. */
export function fileBriefing(profile: TableProfile, options: BriefingOptions): string {
  const { dialect } = profile;
  const facts = [
    dialect.format,
    dialect.encoding,
    dialect.delimiter === null ? null : `delimiter ${JSON.stringify(dialect.delimiter)}`,
    dialect.sheet === null ? null : `sheet ${JSON.stringify(dialect.sheet)}`,
  ];
  return [
    `File: ${oneLine(profile.name, 200)} (${facts.filter((fact) => fact !== null).join(", ")}), ${profile.rowCount} rows, ${profile.columns.length} columns${profile.complete ? "" : " read so far"}, ${profile.duplicateRowsEstimated === true ? "about " : ""}${profile.duplicateRows} duplicate rows.`,
    sheets(profile),
    ...(spreadReading(profile, options) ?? [
      readingCall(profile, options),
      sizeAdvice(profile, options.packages ?? []),
    ]),
    keys(profile),
    "",
    "Columns (name | type | missing | distinct | min | max | mean | most frequent values):",
    ...profile.columns.slice(0, columnsDescribed).map(columnLine),
    ...furtherColumns(profile),
    "",
    `First rows:`,
    ...profile.rows.slice(0, rowsShown).map((row) => row.slice(0, columnsDescribed).map(shown).join(" | ")),
    ...warnings(fileWarnings(profile, options.check)),
    ...joinLines(options.joins ?? []),
  ]
    .filter((line) => line !== null)
    .join("\n");
}

function keys({ keys: found = [] }: TableProfile): string | null {
  const named = found.map((columns) => columns.map((column) => JSON.stringify(oneLine(column, 60))).join(" + "));
  return named.length === 0 ? null : `Each row is told apart by ${named.join(", or by ")}.`;
}

function sheets(profile: TableProfile): string | null {
  if (profile.sheets.length < 2) {
    return null;
  }

  const names = profile.sheets.map(
    ({ name, rowCount, hidden }) =>
      `${JSON.stringify(name)}${rowCount === null ? "" : ` (${rowCount} rows${hidden ? ", hidden" : ""})`}`,
  );
  return `All sheets: ${names.join(", ")}. What follows is about sheet ${JSON.stringify(profile.dialect.sheet)}.`;
}

/** How a table is read that only a cluster can hold, and what then differs; `null` for all others. */
function spreadReading(profile: TableProfile, options: BriefingOptions): readonly string[] | null {
  const { room, fileNumber = 0 } = options;
  if (tableWay(profile, options) !== "dask" || room === undefined) {
    return null;
  }
  const suffix = fileNumber === 0 ? "" : String(fileNumber);
  const call = `Read it exactly like this:\n\`\`\`\n${daskReading(profile, suffix) ?? ""}\n\`\`\``;
  return [call, daskAdvice(gigabytes(heldBytes(profile)), gigabytes(room.memoryBytes), suffix)];
}

function readingCall(profile: TableProfile, { hasPandas, fileNumber = 0 }: BriefingOptions): string {
  if (profile.warnings.some(({ code }) => code === "python-misreads")) {
    return `Python does not read this file right: it leaves cells out without an error. Do not compute from it. Say so, and ask for the workbook saved as .xlsx. Path: ${pythonString(profile.path)}`;
  }

  const code = readingCode(profile, hasPandas, fileNumber === 0 ? "" : String(fileNumber));
  if (code === null) {
    return `pandas is not installed, and Python's standard library alone cannot read this format. Path: ${pythonString(profile.path)}`;
  }

  const how = hasPandas
    ? "Read it exactly like this:"
    : "pandas is not installed. Read it exactly like this, which gives a list of dictionaries, values as text:";
  return `${how}\n\`\`\`\n${code}\n\`\`\``;
}

function columnLine(column: ColumnProfile): string {
  const top = column.top
    .slice(0, column.type === "category" || column.type === "boolean" ? 12 : 3)
    .map(({ value, count }) => `${shown(value)} (${count})`);
  const notes = [
    column.format === undefined ? null : `format ${column.format}`,
    column.unit === undefined ? null : `unit ${column.unit}`,
    column.missingWords === undefined || column.missingWords.length === 0
      ? null
      : `missing is written ${column.missingWords.map((word) => JSON.stringify(word)).join(", ")}`,
  ].filter((note) => note !== null);
  const fields = [
    JSON.stringify(oneLine(column.name, 120)),
    column.type,
    column.nulls,
    column.distinct,
    orderedTypes.has(column.type) ? shown(column.min) : "",
    orderedTypes.has(column.type) ? shown(column.max) : "",
    column.mean !== null && measureTypes.has(column.type) ? rounded(column.mean) : "",
    top.join(", "),
  ];
  return `${fields.join(" | ")}${notes.length === 0 ? "" : ` | ${notes.join("; ")}`}`;
}

function furtherColumns(profile: TableProfile): readonly string[] {
  const further = profile.columns.slice(columnsDescribed);
  if (further.length === 0) {
    return [];
  }

  const names = further.slice(0, columnsNamed).map((column) => JSON.stringify(oneLine(column.name, 40)));
  return [`and ${further.length} further columns: ${names.join(", ")}${further.length > columnsNamed ? ", …" : ""}`];
}

function warnings(found: readonly TableWarning[]): readonly string[] {
  if (found.length === 0) {
    return [];
  }

  return [
    "",
    "Warnings, found by code over the whole file:",
    ...found.slice(0, 20).map((warning) => `- ${oneLine(warning.message, 600)}`),
  ];
}

function shown(cell: TableCell): string {
  if (cell === null) {
    return "";
  }

  return typeof cell === "number" ? rounded(cell) : oneLine(String(cell), cellWidth);
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(8)));
}

function oneLine(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > width ? `${line.slice(0, width)}…` : line;
}
