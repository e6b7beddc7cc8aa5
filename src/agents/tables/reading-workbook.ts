import type { TableProfile } from "../protocol/table-profile.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonText } from "./python-text.ts";
import { columnArguments, nameList } from "./reading-columns.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";

const packages: Readonly<Record<string, string>> = { xlsx: "openpyxl", xlsb: "pyxlsb", xls: "xlrd", ods: "odfpy" };
const engines: Readonly<Record<string, string>> = { xlsx: "openpyxl", xlsb: "pyxlsb", xls: "xlrd", ods: "odf" };

/** How Python reads a sheet of a workbook. */
export function workbookReading(source: TableSource, built: BuiltTable, file: OpenedFile): TableProfile["reading"] {
  const { dialect, layout, names, sheets } = source;
  const first = sheets[0]?.name === dialect.sheet;
  const named = file.name.toLowerCase().endsWith(`.${dialect.format}`);
  const parts = [
    "path",
    ...(first && sheets.length === 1 ? [] : [`sheet_name=${pythonText(dialect.sheet ?? "")}`]),
    ...(layout.skippedRecords > 0 ? [`skiprows=${layout.skippedRecords}`] : []),
    ...(layout.names === "made-up" ? ["header=None", `names=${nameList(names)}`] : []),
    ...(built.footer.rows > 0 ? [`nrows=${built.rowCount}`] : []),
    ...(layout.firstColumn > 0 ? [`usecols=range(${layout.firstColumn}, ${layout.firstColumn + names.length})`] : []),
    ...columnArguments(source, built),
    ...(named ? [] : [`engine=${pythonText(engines[dialect.format] ?? "openpyxl")}`]),
  ];
  return {
    pandas: `pd.read_excel(${parts.join(", ")})${layout.blankRows ? '.dropna(how="all")' : ""}`,
    packages: ["pandas", packages[dialect.format] ?? "openpyxl"],
    standardLibrary: null,
  };
}
