import type { TableProfile } from "../protocol/table-profile.ts";
import { csvReading } from "./reading-csv.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import type { OpenedFile } from "./readers/file-bytes.ts";
import type { TableSource } from "./readers/table-source.ts";
import { standardCsv } from "./standard-library-csv.ts";
import { documentReading } from "./reading-document.ts";
import { workbookReading } from "./reading-workbook.ts";

/** Says how Python reads the same table: with pandas, and with nothing but the standard library. */
export function readingCall(source: TableSource, built: BuiltTable, file: OpenedFile): TableProfile["reading"] {
  switch (source.dialect.format) {
    case "xlsx":
    case "xlsb":
    case "xls":
    case "ods":
      return workbookReading(source, built, file);
    case "json":
    case "jsonl":
    case "parquet":
    case "html":
      return documentReading(source, built);
    default:
      return {
        pandas: csvReading(source, built, file),
        packages: ["pandas"],
        standardLibrary: standardCsv(source, built),
      };
  }
}
