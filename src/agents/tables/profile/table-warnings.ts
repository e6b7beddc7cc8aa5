import type { TableWarning } from "../../protocol/table-profile.ts";
import type { TableSource } from "../readers/table-source.ts";
import { columnWarnings } from "./column-warnings.ts";
import type { BuiltTable } from "./table-builder.ts";
import type { TotalSearch } from "./find-totals.ts";
import { shapeDoubts } from "./shape-doubts.ts";
import { totalWarning } from "./total-warning.ts";
import { extensionWarning } from "./wrong-extension.ts";

/** All that warnings are made from. */
export interface WarningFacts {
  readonly built: BuiltTable;
  readonly source: TableSource;
  readonly search: TotalSearch;
  /** Line of a quote that never closes. */
  readonly quoteLine: number | null;
  /** The file changed while it was read. */
  readonly changed: boolean;
  /** File name. */
  readonly name: string;
}

function warn(
  code: string,
  severity: TableWarning["severity"],
  message: string,
  values: TableWarning["values"] = {},
): TableWarning {
  return { code, severity, message, columns: [], values };
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

function shapeWarnings({ source, quoteLine }: WarningFacts): TableWarning[] {
  const { notes } = source;
  const found: TableWarning[] = [];
  if (quoteLine !== null) {
    const message = `A quote that opens on line ${quoteLine} never closes. Quotes were read as ordinary characters; check line ${quoteLine}.`;
    found.push(warn("unclosed-quote", "error", message, { line: quoteLine }));
  }
  if (notes.shortRows > 0) {
    const message = `${many(notes.shortRows, "row")} with too few cells: what is missing at the end was read as missing values (first on line ${notes.firstRaggedLine ?? 0}).`;
    found.push(warn("short-rows", "warning", message, { rows: notes.shortRows, line: notes.firstRaggedLine ?? 0 }));
  }
  if (notes.longRows > 0) {
    const message = `${many(notes.longRows, "row")} with more cells than there are columns: what is beyond the last column was left out (first on line ${notes.firstRaggedLine ?? 0}). A delimiter inside a cell may lack its quotes.`;
    found.push(warn("long-rows", "error", message, { rows: notes.longRows, line: notes.firstRaggedLine ?? 0 }));
  }
  if (notes.headerCopies > 0) {
    const message = `The header comes again in ${many(notes.headerCopies, "row")}, as between files or pages that were put together. These rows were left out.`;
    found.push(warn("repeated-headers", "info", message, { rows: notes.headerCopies }));
  }
  if (notes.nulBytes) {
    found.push(
      warn(
        "nul-bytes",
        "warning",
        "The file holds NUL characters, which some programs cannot read. It may be damaged.",
      ),
    );
  }
  if (notes.replacedCharacters > 0) {
    const message = `${many(notes.replacedCharacters, "character")} could not be read and became "\ufffd". The encoding may be another than ${source.dialect.encoding ?? "text"}, or the text is damaged.`;
    found.push(warn("replaced-characters", "warning", message, { characters: notes.replacedCharacters }));
  }
  return found;
}

function headerWarnings({ source, built }: WarningFacts): TableWarning[] {
  const found: TableWarning[] = [];
  if (source.layout.names === "made-up") {
    found.push(
      warn("no-header", "info", "The first row looks like data, so the columns were named column_1, column_2, …"),
    );
  }
  if (source.layout.names === "extended") {
    found.push(
      warn(
        "narrow-header",
        "warning",
        "The header has fewer names than the rows have cells. The rest got made-up names.",
      ),
    );
  }
  const blank = source.names.filter((name) => /^Unnamed: \d+$/u.test(name));
  if (blank.length > 0 && source.layout.names === "header") {
    const message = `${many(blank.length, "column")} without a name in the header got made-up names (${blank.slice(0, 5).join(", ")}).`;
    found.push({ ...warn("unnamed-columns", "info", message, { count: blank.length }), columns: blank.slice(0, 20) });
  }
  const repeated = source.names.filter((name, index) => {
    const base = /^(.+)\.\d+$/u.exec(name)?.[1];
    return base !== undefined && source.names.indexOf(base) >= 0 && source.names.indexOf(base) < index;
  });
  if (repeated.length > 0 && source.layout.names === "header") {
    const message = `Several columns have the same name; the later ones were renamed (${repeated.slice(0, 5).join(", ")}).`;
    found.push({
      ...warn("duplicate-headers", "warning", message, { count: repeated.length }),
      columns: repeated.slice(0, 20),
    });
  }
  if (built.rowCount === 0) {
    found.push(warn("no-rows", "warning", "The table has a header and no rows."));
  }
  return found;
}

/** The last row is no total that disagrees where it was found to be one of those that total others. */
function lastRowIsTotal({ built, search }: WarningFacts): boolean {
  return search.totals.some(({ total }) => total.rowIndexes?.includes(built.rowCount - 1) === true);
}

function duplicateRows(built: BuiltTable, severity: TableWarning["severity"]): TableWarning {
  const { duplicateRows: rows, duplicateRowsEstimated: estimated } = built;
  const count = `${estimated ? "About " : ""}${many(rows, "row")}`;
  const message = `${count} ${rows === 1 ? "repeats" : "repeat"} an earlier row in every column. Counting or summing would count them again.`;
  return warn("duplicate-rows", severity, message, { rows, ...(estimated ? { about: "about" } : {}) });
}

function rowWarnings(facts: WarningFacts): TableWarning[] {
  const { built, source, changed } = facts;
  const found: TableWarning[] = [];
  if (built.duplicateRows > 0) {
    found.push(duplicateRows(built, source.names.length === 1 ? "info" : "warning"));
  }
  if (built.footer.total === null && built.footer.rows > 0) {
    const message = `The last ${built.footer.rows === 1 ? "line is a remark or an average" : `${built.footer.rows} lines are remarks or averages`}, no data; left out of the table.`;
    found.push(warn("footer-lines", "info", message, { rows: built.footer.rows }));
  }
  for (const { column, said, sum } of lastRowIsTotal(facts) ? [] : built.footer.disagreements.slice(0, 3)) {
    const { doubtful } = built.footer;
    const message =
      doubtful === null
        ? `The total line says ${said} for ${column}, the rows add up to ${sum}.`
        : `The last row is named "${doubtful}" and says ${said} for ${column}, but the rows above add up to ${sum}. It was kept as a row: leave it out before summing, or find out which is right.`;
    const values = { column, said, sum, ...(doubtful === null ? {} : { label: doubtful }) };
    found.push({ ...warn("total-disagrees", "warning", message, values), columns: [column] });
  }
  if (built.kept.length < built.rowCount) {
    const message = `Totals were looked for in the first ${built.kept.length} of ${built.rowCount} rows.`;
    found.push(warn("totals-in-part", "info", message, { rows: built.kept.length, all: built.rowCount }));
  }
  if (changed) {
    found.push(
      warn("file-changed", "warning", "The file changed while it was read. Read it again to see it as it is now."),
    );
  }
  return found;
}

/** Says what would go wrong if nobody knew, most serious first. */
export function tableWarnings(facts: WarningFacts): TableWarning[] {
  const rank = { error: 0, warning: 1, info: 2 } as const;
  const extension = extensionWarning(facts.name, facts.source.dialect);
  return [
    ...facts.search.totals.map((found) => totalWarning(found, facts.built.footer.rows)),
    ...facts.source.warnings,
    ...shapeWarnings(facts),
    ...(extension === null ? [] : [extension]),
    ...headerWarnings(facts),
    ...rowWarnings(facts),
    ...shapeDoubts(facts.built, facts.search.filledDown),
    ...columnWarnings(facts.built, facts.source),
  ].toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}
