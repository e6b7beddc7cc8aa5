import type { TableDialect, TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";

/** What the parts of a file are called. */
export type PartKind = "sheet" | "table" | "member";

const workbooks: ReadonlySet<string> = new Set(["xlsx", "xlsm", "xlsb", "xls", "ods"]);
/** Formats whose rows and columns need no guessing. */
const selfDescribing: ReadonlySet<string> = new Set([
  "json",
  "jsonl",
  "geojson",
  "parquet",
  "arrow",
  "feather",
  "sqlite",
]);
const plainFormats: ReadonlySet<string> = new Set(["csv", "tsv", "psv", "txt"]);

/** What can be chosen of how a file is read. */
export interface ChangeableDialect {
  readonly encoding: boolean;
  readonly delimiter: boolean;
  readonly header: boolean;
  readonly numbers: boolean;
}

/** Which parts of a reading were guessed, and so may be wrong. */
export function changeableIn({ format, encoding, delimiter }: TableDialect): ChangeableDialect {
  const isPlain = plainFormats.has(format) || delimiter !== null;
  return {
    encoding: encoding !== null,
    delimiter: isPlain,
    header: !selfDescribing.has(format),
    numbers: isPlain,
  };
}

/** What the parts of this file are. */
export function partKindOf({ format, compression }: TableDialect): PartKind {
  if (compression === "zip" && !workbooks.has(format)) {
    return "member";
  }

  return workbooks.has(format) ? "sheet" : "table";
}

/** How a file was read, such as `UTF-8 · comma`, or `XLSX · sheet Sales · header in line 3`; what is usual is left out. */
export function describeDialect(profile: TableProfile, strings: Strings, format: Format): string {
  const { dialect } = profile;
  const parts = [
    ...formatParts(dialect, strings),
    ...partParts(profile, strings),
    ...headerParts(dialect, strings, format),
    dialect.decimal === "," ? strings.decimalComma : null,
    thousandsPart(dialect, strings),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function formatParts({ format, encoding, delimiter, compression }: TableDialect, strings: Strings): (string | null)[] {
  return [
    compression === undefined ? null : compression,
    plainFormats.has(format) && encoding !== null ? null : format.toUpperCase(),
    encoding === null ? null : encodingName(encoding),
    delimiter === null ? null : (strings.delimiters[delimiter] ?? strings.delimiterOf(delimiter)),
  ];
}

/** The name of an encoding as people write it. */
export function encodingName(encoding: string): string {
  return encoding.toUpperCase().replace("-SIG", " BOM").replaceAll("_", "-");
}

function partParts({ dialect, sheets }: TableProfile, strings: Strings): (string | null)[] {
  const { sheet } = dialect;
  return [sheet === null || sheets.length > 1 ? null : strings.partNamed[partKindOf(dialect)](sheet)];
}

function headerParts(dialect: TableDialect, strings: Strings, format: Format): (string | null)[] {
  const { headerRow, headerRows = 1 } = dialect;
  if (!changeableIn(dialect).header) {
    return [];
  }

  if (headerRow === null) {
    return [strings.noHeader];
  }

  return [
    headerRow === 0 ? null : strings.headerIn(format.number(headerRow + 1)),
    headerRows === 1 ? null : strings.headerRowsCount(format.number(headerRows)),
  ];
}

function thousandsPart({ thousands, decimal }: TableDialect, strings: Strings): string | null {
  const isUsual = thousands === null || (thousands === "," && decimal !== ",");
  return isUsual ? null : strings.thousandsMark(strings.marks[thousands] ?? thousands);
}
