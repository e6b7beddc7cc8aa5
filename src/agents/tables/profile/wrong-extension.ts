import { extname } from "node:path";
import type { TableDialect, TableWarning } from "../../protocol/table-profile.ts";

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
  xml: [".xml"],
  json: [".json", ".geojson", ".topojson"],
  jsonl: [".jsonl", ".ndjson", ".jsonlines"],
  geojson: [".geojson", ".json", ".geojsonl", ".geojsons", ".jsonl", ".ndjson"],
  parquet: [".parquet", ".pq", ".parq"],
  arrow: [".arrow", ".feather", ".ipc", ".arrows", ".fea", ".ft"],
  sqlite: [".sqlite", ".sqlite3", ".db", ".db3", ".s3db", ".gpkg", ".mbtiles"],
  html: [".html", ".htm", ".xhtml", ".mht", ".mhtml"],
};

const packings: Readonly<Record<string, readonly string[]>> = {
  gzip: [".gz", ".gzip", ".tgz"],
  zip: [".zip"],
};

function warning(extension: string, format: string): TableWarning {
  return {
    code: "wrong-extension",
    severity: "warning",
    message: `The name ends in "${extension}", but the content is ${format}. It was read as ${format}.`,
    columns: [],
    values: { extension, format },
  };
}

/** Says that the extension promises another format, or packing, than the file has; `null` when it does not. */
export function extensionWarning(
  name: string,
  { format, compression }: Pick<TableDialect, "format" | "compression">,
): TableWarning | null {
  const extension = extname(name).toLowerCase();
  if (compression !== undefined && !(packings[compression] ?? []).includes(extension)) {
    return warning(extension, compression);
  }
  if (compression === "zip") {
    return null;
  }
  const inner = compression === undefined ? extension : extname(name.slice(0, -extension.length)).toLowerCase();
  const expected = extensions[format];
  return expected === undefined || expected.includes(inner) || (compression !== undefined && inner === "")
    ? null
    : warning(inner, format);
}
