import type { TableProfile } from "../protocol/table-profile.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonText } from "./python-text.ts";
import { columnArguments, nameList } from "./reading-columns.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";

/** What reads a format: as `read_excel` calls it, and the package that brings it. */
interface Engine {
  readonly name: string;
  readonly packageName: string;
  /** pandas takes it by itself for files with the usual extension. */
  readonly usual: boolean;
}

const openpyxl: Engine = { name: "openpyxl", packageName: "openpyxl", usual: true };
const calamine: Engine = { name: "calamine", packageName: "python-calamine", usual: false };

const engines: Readonly<Record<string, Engine>> = {
  xlsx: openpyxl,
  xlsb: calamine,
  xls: calamine,
  ods: { name: "odf", packageName: "odfpy", usual: true },
};

/** How Python reads a sheet of a workbook. */
export function workbookReading(source: TableSource, built: BuiltTable, file: OpenedFile): TableProfile["reading"] {
  const { dialect, layout, names, sheets } = source;
  const first = sheets[0]?.name === dialect.sheet;
  const engine = engines[dialect.format] ?? openpyxl;
  const named = engine.usual && file.name.toLowerCase().endsWith(`.${dialect.format}`);
  const parts = [
    "path",
    ...(first && sheets.length === 1 ? [] : [`sheet_name=${pythonText(dialect.sheet ?? "")}`]),
    ...(layout.skippedRecords > 0 ? [`skiprows=${layout.skippedRecords}`] : []),
    ...(layout.names === "made-up" ? ["header=None", `names=${nameList(names)}`] : []),
    ...(built.footer.rows > 0 ? [`nrows=${built.rowCount}`] : []),
    ...(layout.firstColumn > 0 ? [`usecols=range(${layout.firstColumn}, ${layout.firstColumn + names.length})`] : []),
    ...columnArguments(source, built),
    ...(named ? [] : [`engine=${pythonText(engine.name)}`]),
  ];
  return {
    pandas: `pd.read_excel(${parts.join(", ")})${layout.blankRows ? '.dropna(how="all")' : ""}`,
    packages: ["pandas", engine.packageName],
    standardLibrary: null,
  };
}
