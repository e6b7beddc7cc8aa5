import type { TableProfile } from "../protocol/table-profile.ts";
import { csvReading } from "./reading-csv.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { packedReading } from "./python-source.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";
import { standardCsv } from "./standard-library-csv.ts";
import { arrowReading, parquetReading, sqliteReading } from "./reading-document.ts";
import { jsonReading } from "./reading-json.ts";
import { pageReading } from "./reading-page.ts";
import { workbookReading } from "./reading-workbook.ts";

function plainReading(source: TableSource, built: BuiltTable, file: OpenedFile): TableProfile["reading"] {
  switch (source.dialect.format) {
    case "xlsx":
    case "xlsb":
    case "xls":
    case "ods":
    case "xml":
      return workbookReading(source, built);
    case "json":
    case "jsonl":
    case "geojson":
      return jsonReading(source, built);
    case "parquet":
      return parquetReading(built);
    case "arrow":
      return arrowReading(source, built);
    case "sqlite":
      return sqliteReading(source, built);
    case "html":
      return pageReading(source, built);
    default:
      return {
        pandas: csvReading(source, built, file),
        packages: ["pandas"],
        standardLibrary: standardCsv(source, built),
      };
  }
}

/** Says how Python reads the same table: with pandas, and with nothing but the standard library. */
export function readingCall(source: TableSource, built: BuiltTable, file: OpenedFile): TableProfile["reading"] {
  return packedReading(plainReading(source, built, file), source.layout.packing, file);
}
