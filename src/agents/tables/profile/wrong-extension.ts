import { extname } from "node:path";
import type { TableWarning } from "../../protocol/table-profile.ts";

/** Extensions under which a format is expected. */
const extensions: Readonly<Record<string, readonly string[]>> = {
  csv: ["", ".csv", ".txt", ".dat", ".data", ".tsv", ".psv", ".tab", ".log", ".asc"],
  tsv: ["", ".tsv", ".txt", ".tab", ".csv", ".dat", ".data"],
  psv: ["", ".psv", ".txt", ".csv", ".dat", ".data"],
  txt: ["", ".txt", ".dat", ".data", ".prn", ".asc", ".csv", ".tab"],
  xlsx: [".xlsx", ".xlsm", ".xltx", ".xltm"],
  xlsb: [".xlsb"],
  xls: [".xls", ".xlt"],
  ods: [".ods", ".ots"],
  json: [".json", ".geojson", ".topojson"],
  jsonl: [".jsonl", ".ndjson", ".jsonlines"],
  parquet: [".parquet", ".pq", ".parq"],
  html: [".html", ".htm", ".xhtml"],
};

/** Says that the extension promises another format than the file has; `null` when it does not. */
export function extensionWarning(name: string, format: string): TableWarning | null {
  const extension = extname(name).toLowerCase();
  const expected = extensions[format];
  if (expected === undefined || expected.includes(extension)) {
    return null;
  }
  return {
    code: "wrong-extension",
    severity: "warning",
    message: `The name ends in "${extension}", but the content is ${format}. It was read as ${format}.`,
    columns: [],
    values: { extension, format },
  };
}
