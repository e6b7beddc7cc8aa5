import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonEncoding, pythonText } from "./python-text.ts";
import { columnArguments, nameList } from "./reading-columns.ts";
import { splittingPattern } from "./readers/line-splitting.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";

function encodingArguments({ dialect, layout, notes }: TableSource): string[] {
  const encoding = dialect.encoding ?? "utf-8";
  const found =
    (encoding === "utf-8" || encoding === "utf-8-sig") && layout.markedTwice !== true
      ? []
      : [`encoding=${pythonText(pythonEncoding(encoding, layout.marked))}`];
  if (layout.cut === true) {
    return [...found, 'encoding_errors="ignore"'];
  }
  return layout.lenient && notes.replacedCharacters > 0 ? [...found, 'encoding_errors="replace"'] : found;
}

const isAscii = (text: string): boolean => text.length === 1 && text.charCodeAt(0) < 128;

function delimiterArguments({ dialect, layout }: TableSource): string[] {
  const pattern = layout.splitting === null ? null : splittingPattern(layout.splitting);
  if (pattern !== null) {
    return [`sep=r"${pattern}"`, ...(layout.splitting?.kind === "blanks" ? [] : ['engine="python"'])];
  }
  const delimiter = dialect.delimiter ?? ",";
  if (delimiter === ",") {
    return [];
  }
  return [`sep=${pythonText(delimiter)}`, ...(isAscii(delimiter) ? [] : ['engine="python"'])];
}

function separatorArguments(source: TableSource): string[] {
  const { dialect, layout } = source;
  const found = layout.splitting?.kind === "columns" ? [] : delimiterArguments(source);
  if (dialect.quote === null && layout.splitting === null) {
    found.push("quoting=3");
  } else if (dialect.quote !== null && dialect.quote !== '"') {
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
  if (dialect.thousands !== null && isAscii(dialect.thousands)) {
    found.push(`thousands=${pythonText(dialect.thousands)}`);
  }
  return found;
}

/** Lines to leave out, before the header and among the rows. */
function lineArguments({ layout, notes }: TableSource): string[] {
  const before = Array.from({ length: layout.skippedRecords }, (_, index) => index);
  const { comment } = layout;
  // A comment character would also cut cells, and pandas knows no longer marks.
  const listed = comment !== null && (notes.commentInside || comment.length > 1);
  const argument = comment === null || listed ? [] : [`comment=${pythonText(comment)}`];
  const commented = comment !== null && before.every((record) => notes.commentRecords.includes(record));
  if (listed || notes.skippedRecords.length > 0) {
    const among = [...(listed ? notes.commentRecords : []), ...notes.skippedRecords];
    const first = commented && !listed ? 0 : layout.skippedRecords;
    const records = [...new Set(among)].filter((record) => record >= first).toSorted((a, b) => a - b);
    const listing = [...(first > 8 ? [`*range(${first})`] : before.slice(0, first)), ...records];
    return [...(listing.length === 0 ? [] : [`skiprows=[${listing.join(", ")}]`]), ...argument];
  }
  return before.length === 0 || commented ? argument : [`skiprows=${layout.skippedRecords}`, ...argument];
}

function nameArguments({ layout, names, notes }: TableSource): string[] {
  if (layout.usedColumns !== null) {
    const [from, to] = layout.usedColumns;
    const used = `usecols=range(${from === 0 ? to : `${from}, ${to}`})`;
    return notes.longRows > 0 ? [`on_bad_lines=lambda cells: cells[:${to + 1}]`, 'engine="python"', used] : [used];
  }
  if (layout.names === "made-up" || layout.names === "joined" || layout.names === "extended") {
    return ["header=None", `names=${nameList(names)}`];
  }
  if (notes.longRows > 0) {
    return [`on_bad_lines=lambda cells: cells[:${names.length}]`, 'engine="python"', "index_col=False"];
  }
  return notes.trailingDelimiter ? ["index_col=False"] : [];
}

/** Places of fixed columns; the last one is open. */
function columnPlaces({ layout }: TableSource): string[] {
  const columns = layout.splitting?.kind === "columns" ? layout.splitting.columns : [];
  return columns.length === 0 ? [] : [`colspecs=[${columns.map(([from, to]) => `(${from}, ${to})`).join(", ")}]`];
}

/** The call of `pd.read_csv` that gives the rows and columns of the profile, with no argument that is not needed. */
export function csvReading(source: TableSource, built: BuiltTable, file: OpenedFile): string {
  const rowLimit = built.footer.rows > 0 || source.layout.rowLimit !== null ? [`nrows=${built.rowCount}`] : [];
  const memory = file.sizeBytes > 64 * 1024 * 1024 ? ["low_memory=False"] : [];
  const parts = [
    "path",
    ...columnPlaces(source),
    ...encodingArguments(source),
    ...separatorArguments(source),
    ...lineArguments(source),
    ...nameArguments(source),
    ...rowLimit,
    ...columnArguments(source, built),
    ...memory,
  ];
  const reader = source.layout.splitting?.kind === "columns" ? "read_fwf" : "read_csv";
  const call = `pd.${reader}(${[...new Set(parts)].join(", ")})`;
  if (source.layout.splitting?.kind === "drawn" && source.layout.splitting.escaped) {
    return `${call}.replace(r"\\\\\\|", "|", regex=True)`;
  }
  return source.layout.names === "row-names" ? `${call}.reset_index()` : call;
}
