/**
 * File types that the context menus offer to analyse, without the dot. Others, such as `.txt`, are mostly no tables: the
 * palette and the file picker take them.
 */
export const tableExtensions = [
  "csv",
  "tsv",
  "tab",
  "psv",
  "xlsx",
  "xlsm",
  "xls",
  "xlsb",
  "ods",
  "parquet",
  "arrow",
  "feather",
  "json",
  "jsonl",
  "ndjson",
  "geojson",
  "sqlite",
  "sqlite3",
  "db",
];

/** Of these the menus offer what is packed by gzip, as in `sales.csv.gz`. */
export const packedExtensions = [
  "csv",
  "tsv",
  "tab",
  "psv",
  "txt",
  "json",
  "jsonl",
  "ndjson",
  "geojson",
  "parquet",
  "xlsx",
];
