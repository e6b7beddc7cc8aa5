import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonEncoding, pythonText } from "./python-text.ts";
import { nameList } from "./reading-columns.ts";
import { splittingPattern } from "./readers/line-splitting.ts";
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

/** How a line of the open file becomes a record, where it is split as a whole; `null` where the csv module does it. */
function lineExpression({ layout }: TableSource): string | null {
  const { splitting } = layout;
  if (splitting === null) {
    return null;
  }
  if (splitting.kind === "blanks") {
    return "shlex.split(line)";
  }
  return splitting.kind === "columns"
    ? `[line[a:b].strip() for a, b in [${splitting.columns.map(([from, to]) => `(${from}, ${to})`).join(", ")}]]`
    : splitting.kind === "drawn" && splitting.escaped
      ? `[cell.replace("\\\\|", "|") for cell in re.split(r"${splittingPattern(splitting) ?? ""}", line.strip())]`
      : `re.split(r"${splittingPattern(splitting) ?? ""}", line.strip())`;
}

/** How the records come out of the open file. */
function recordLines(source: TableSource): string[] {
  const { layout, notes } = source;
  const line = lineExpression(source);
  const lines = notes.nulBytes ? '(line.replace("\\0", "") for line in file)' : "file";
  const reader = line === null ? `csv.reader(${lines}${readerArguments(source)})` : `[${line} for line in file]`;
  const { comment } = layout;
  const records = [...(comment === null ? [] : notes.commentRecords), ...notes.skippedRecords];
  const among = [...new Set(records)].filter((record) => record >= layout.skippedRecords).toSorted((a, b) => a - b);
  const listed = comment !== null && notes.commentRecords.length < 1000;
  const skipped = layout.skippedRecords > 0 ? `[${layout.skippedRecords}:]` : "";
  const plain =
    among.length === 0
      ? `    records = list(${reader})${skipped}`
      : `    records = [record for i, record in enumerate(${reader}) if i >= ${layout.skippedRecords} and i not in {${among.join(", ")}}]`;
  return comment === null || listed
    ? [plain]
    : [
        plain,
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
  const errors = layout.cut === true ? ', errors="ignore"' : layout.lenient ? ', errors="replace"' : "";
  const start = layout.names === "header" || layout.names === "row-names" ? 1 : 0;
  const { splitting, usedColumns } = layout;
  const [from, to] = usedColumns ?? [0, names.length];
  const cells = from === 0 ? "record" : `record[${from}:${to}]`;
  return [
    ...(splitting === null ? ["import csv", "csv.field_size_limit(2**30)"] : []),
    ...(splitting?.kind === "blanks" ? ["import shlex"] : []),
    ...(splitting !== null && splittingPattern(splitting) !== null && splitting.kind !== "blanks" ? ["import re"] : []),
    `with open(path, encoding=${pythonText(encoding)}, newline=""${errors}) as file:`,
    ...recordLines(source),
    "records = [record for record in records if any(cell.strip() for cell in record)]",
    `names = ${nameList(names)}`,
    `rows = [dict(zip(names, [cell or None for cell in ${cells}] + [None] * len(names))) for record in records[${start}:${start + built.rowCount}]]`,
  ].join("\n");
}
