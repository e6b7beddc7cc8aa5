import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonEncoding, pythonText } from "./python-text.ts";
import { nameList } from "./reading-columns.ts";
import type { TableSource } from "./readers/table-source.ts";

function readerArguments({ dialect, layout }: TableSource): string {
  const found: string[] = [];
  if (dialect.delimiter !== null && dialect.delimiter !== ",") {
    found.push(`delimiter=${pythonText(dialect.delimiter)}`);
  }
  if (dialect.quote === null) {
    found.push("quoting=csv.QUOTE_NONE");
  } else if (dialect.quote !== '"') {
    found.push(`quotechar=${pythonText(dialect.quote)}`);
  }
  if (layout.escape !== null) {
    found.push(`escapechar=${pythonText(layout.escape)}`);
  }
  if (layout.skipInitialSpace) {
    found.push("skipinitialspace=True");
  }
  return found.map((argument) => `, ${argument}`).join("");
}

/** How the records come out of the open file. */
function recordLines(source: TableSource): string[] {
  const { dialect, layout, notes } = source;
  const delimiter = dialect.delimiter ?? ",";
  if (delimiter === "\\s+") {
    return ["    records = [line.split() for line in file]"];
  }
  if (delimiter.startsWith("\\s")) {
    return [`    records = [re.split(r"${delimiter}", line.strip()) for line in file]`];
  }
  const lines = notes.nulBytes ? '(line.replace("\\0", "") for line in file)' : "file";
  const reader = `csv.reader(${lines}${readerArguments(source)})`;
  const skipped =
    layout.skippedRecords > 0
      ? [`    records = list(${reader})[${layout.skippedRecords}:]`]
      : [`    records = list(${reader})`];
  const { comment } = layout;
  return comment === null
    ? skipped
    : [
        ...skipped,
        `records = [record for record in records if not (record and record[0].startswith(${pythonText(comment)}))]`,
      ];
}

/**
 * Statements of Python's standard library that leave the table as a list of dictionaries in `rows`, every cell as text
 * and empty cells as `None`.
 */
export function standardCsv(source: TableSource, built: BuiltTable): string {
  const { dialect, layout, names } = source;
  const encoding = pythonEncoding(dialect.encoding ?? "utf-8", layout.marked);
  const errors = layout.lenient ? ', errors="replace"' : "";
  const wide = (dialect.delimiter ?? "").startsWith("\\s{");
  const start = layout.names === "made-up" ? 0 : 1;
  return [
    wide ? "import re" : "import csv",
    ...(dialect.delimiter === "\\s+" ? [] : wide ? [] : ["csv.field_size_limit(2**30)"]),
    `with open(path, encoding=${pythonText(encoding)}, newline=""${errors}) as file:`,
    ...recordLines(source),
    "records = [record for record in records if any(record)]",
    `names = ${nameList(names)}`,
    `rows = [dict(zip(names, [cell or None for cell in record] + [None] * len(names))) for record in records[${start}:${start + built.rowCount}]]`,
  ].join("\n");
}
