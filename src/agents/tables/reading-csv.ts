import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonEncoding, pythonText } from "./python-text.ts";
import { columnArguments, nameList } from "./reading-columns.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";

function encodingArguments({ dialect, layout, notes }: TableSource): string[] {
  const encoding = dialect.encoding ?? "utf-8";
  const found =
    encoding === "utf-8" || encoding === "utf-8-sig"
      ? []
      : [`encoding=${pythonText(pythonEncoding(encoding, layout.marked))}`];
  return layout.lenient && notes.replacedCharacters > 0 ? [...found, 'encoding_errors="replace"'] : found;
}

function separatorArguments({ dialect, layout }: TableSource): string[] {
  const found: string[] = [];
  const delimiter = dialect.delimiter ?? ",";
  if (delimiter.startsWith("\\s")) {
    found.push(`sep=r"${delimiter}"`, ...(delimiter === "\\s+" ? [] : ['engine="python"']));
  } else if (delimiter !== ",") {
    found.push(`sep=${pythonText(delimiter)}`);
  }
  if (dialect.quote === null) {
    found.push("quoting=3");
  } else if (dialect.quote !== '"') {
    found.push(`quotechar=${pythonText(dialect.quote)}`);
  }
  if (layout.escape !== null) {
    found.push(`escapechar=${pythonText(layout.escape)}`);
  }
  if (layout.skipInitialSpace) {
    found.push("skipinitialspace=True");
  }
  if (dialect.decimal === ",") {
    found.push('decimal=","');
  }
  if (dialect.thousands !== null) {
    found.push(`thousands=${pythonText(dialect.thousands)}`);
  }
  return found;
}

/** Lines to leave out, before the header and, where a comment character would also cut cells, among the rows. */
function lineArguments({ layout, notes }: TableSource): string[] {
  const before = Array.from({ length: layout.skippedRecords }, (_, index) => index);
  if (layout.comment !== null && notes.commentInside) {
    const records = [...new Set([...before, ...notes.commentRecords])].toSorted((a, b) => a - b);
    return records.length === 0 ? [] : [`skiprows=[${records.join(", ")}]`];
  }
  const comment = layout.comment === null ? [] : [`comment=${pythonText(layout.comment)}`];
  const commented = before.every((record) => notes.commentRecords.includes(record));
  return commented ? comment : [`skiprows=${layout.skippedRecords}`, ...comment];
}

function nameArguments({ layout, names, notes }: TableSource): string[] {
  if (layout.names === "made-up") {
    return ["header=None", `names=${nameList(names)}`];
  }
  if (layout.names === "extended") {
    return ["header=0", `names=${nameList(names)}`];
  }
  if (notes.longRows > 0) {
    return [`on_bad_lines=lambda cells: cells[:${names.length}]`, 'engine="python"', "index_col=False"];
  }
  return notes.trailingDelimiter ? ["index_col=False"] : [];
}

/** The call of `pd.read_csv` that gives the rows and columns of the profile, with no argument that is not needed. */
export function csvReading(source: TableSource, built: BuiltTable, file: OpenedFile): string {
  const rowLimit = built.footer.rows > 0 ? [`nrows=${built.rowCount}`] : [];
  const memory = file.sizeBytes > 64 * 1024 * 1024 ? ["low_memory=False"] : [];
  const parts = [
    "path",
    ...encodingArguments(source),
    ...separatorArguments(source),
    ...lineArguments(source),
    ...nameArguments(source),
    ...rowLimit,
    ...columnArguments(source, built),
    ...memory,
  ];
  const call = `pd.read_csv(${[...new Set(parts)].join(", ")})`;
  return source.layout.names === "row-names" ? `${call}.reset_index()` : call;
}
