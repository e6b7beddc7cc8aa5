import type { TableProfile } from "../protocol/table-profile.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonModule } from "./python-source.ts";
import { pythonList, pythonText } from "./python-text.ts";
import { columnArguments, nameList } from "./reading-columns.ts";
import type { TableSource } from "./readers/table-source.ts";

/** What reads a format: as `read_excel` calls it, and the package that brings it. */
interface Engine {
  readonly name: string;
  readonly packageName: string;
}

const openpyxl: Engine = { name: "openpyxl", packageName: "openpyxl" };
const calamine: Engine = { name: "calamine", packageName: "python-calamine" };

const engines: Readonly<Record<string, Engine>> = {
  xlsx: openpyxl,
  xlsb: calamine,
  xls: calamine,
  ods: { name: "odf", packageName: "odfpy" },
};

/** Columns whose merged cells are filled down, once they are read. */
function filling({ layout }: TableSource): string {
  const entries = layout.filledDown.map((name) => `${pythonText(name)}: lambda df: df[${pythonText(name)}].ffill()`);
  return entries.length === 0 ? "" : `.assign(**{${entries.join(", ")}})`;
}

function nameArguments({ layout, names, dialect }: TableSource): string[] {
  switch (layout.names) {
    case "made-up":
    case "joined":
      return ["header=None", `names=${nameList(names)}`];
    case "given":
      return ["header=0", `names=${pythonList(names)}`];
    default:
      return dialect.headerRow === null ? ["header=None"] : [];
  }
}

/** Rows of the sheet before the names, or before the data where the names are given. */
function skippedRows({ dialect, layout }: TableSource): number {
  return layout.skippedRecords + (layout.names === "joined" ? (dialect.headerRows ?? 1) : 0);
}

function sheetReading(source: TableSource, built: BuiltTable): TableProfile["reading"] {
  const { dialect, layout, names, sheets } = source;
  const engine = engines[dialect.format] ?? openpyxl;
  const limit = built.footer.rows > 0 || layout.limited;
  const skipped = skippedRows(source);
  const cut = layout.firstColumn > 0 || layout.limited;
  const parts = [
    "path",
    ...(sheets.length === 1 ? [] : [`sheet_name=${pythonText(layout.part ?? "")}`]),
    ...(skipped > 0 ? [`skiprows=${skipped}`] : []),
    ...nameArguments(source),
    ...(limit ? [`nrows=${layout.sheetSpan?.(built.rowCount) ?? built.rowCount}`] : []),
    ...(cut ? [`usecols=range(${layout.firstColumn}, ${layout.firstColumn + names.length})`] : []),
    ...columnArguments(source, built),
    // Which one pandas takes by itself changes with its version, and it warns of that in every output.
    `engine=${pythonText(engine.name)}`,
  ];
  return {
    pandas: `pd.read_excel(${parts.join(", ")})${layout.blankRows ? '.dropna(how="all")' : ""}${filling(source)}`,
    packages: ["pandas", engine.packageName],
    standardLibrary: null,
  };
}

const mark = (name: string): string => pythonText(`{urn:schemas-microsoft-com:office:spreadsheet}${name}`);

/**
 * A spreadsheet of Office 2003 as XML, which pandas does not read: its rows by the places of their cells, then what are
 * numbers as numbers.
 */
function xmlReading(source: TableSource, built: BuiltTable): TableProfile["reading"] {
  const { layout, names } = source;
  const tree = `${pythonModule("xml.etree.ElementTree")}.etree.ElementTree.parse(path)`;
  const sheet = `next(s for s in ${tree}.iter(${mark("Worksheet")}) if s.get(${mark("Name")}) == ${pythonText(layout.part ?? "")})`;
  const ends = `${pythonModule("itertools")}.accumulate(row, lambda end, cell: int(cell.get(${mark("Index")}) or end + 1) + int(cell.get(${mark("MergeAcross")}) or 0), initial=0)`;
  const cells = `{end - int(cell.get(${mark("MergeAcross")}) or 0): "".join(cell.find(${mark("Data")}).itertext()) for end, cell in zip(list(${ends})[1:], row) if cell.find(${mark("Data")}) is not None}`;
  const rows = `[row for row in ([cell for cell in line if cell.tag == ${mark("Cell")}] for line in ${sheet}.iter(${mark("Row")})) if any("".join(cell.itertext()).strip() for cell in row)]`;
  const first = layout.firstRow;
  const columns = `range(${layout.firstColumn + 1}, ${layout.firstColumn + names.length + 1})`;
  const numeric = built.columns.filter(({ profile }) => profile.sum !== null).map(({ profile }) => profile.name);
  const numbers =
    numeric.length === 0
      ? ""
      : `.assign(**{${numeric.map((name) => `${pythonText(name)}: lambda df: pd.to_numeric(df[${pythonText(name)}], errors="coerce")`).join(", ")}})`;
  return {
    pandas: `pd.DataFrame([${cells} for row in ${rows}[${first}:${first + built.rowCount}]], columns=${columns}).set_axis(${nameList(names)}, axis=1)${numbers}${filling(source)}`,
    packages: ["pandas"],
    standardLibrary: null,
  };
}

/** How Python reads a sheet of a workbook. */
export function workbookReading(source: TableSource, built: BuiltTable): TableProfile["reading"] {
  return source.dialect.format === "xml" ? xmlReading(source, built) : sheetReading(source, built);
}
