import type { TableProfile } from "../protocol/table-profile.ts";

const manyRows = 1_000_000;
const manyBytes = 200 * 1024 * 1024;

/** How a large file is read without filling the memory, given the packages that Python has; `null` for other files. */
export function sizeAdvice(profile: TableProfile, packages: readonly string[]): string | null {
  const { rowCount, sizeBytes, dialect, complete } = profile;
  if (rowCount <= manyRows && sizeBytes <= manyBytes) {
    return null;
  }
  const columnar = dialect.format === "parquet" || dialect.format === "arrow";
  const text = ["csv", "tsv", "psv", "txt"].includes(dialect.format);
  const plain = text && (dialect.encoding === "utf-8" || dialect.encoding === "utf-8-sig") && dialect.decimal !== ",";
  const ways = [
    ...(packages.includes("duckdb") && (dialect.format === "parquet" || plain)
      ? [`duckdb.sql("SELECT … FROM '" + path + "'").df(), which adds up without loading the file`]
      : []),
    ...(packages.includes("polars") && (dialect.format === "parquet" || plain)
      ? [`pl.scan_${dialect.format === "parquet" ? "parquet" : "csv"}(path), lazily, with collect() at the end`]
      : []),
    ...(columnar ? ["the reading call with columns=[…] for the few columns needed"] : []),
    ...(text
      ? ['the reading call with usecols=[…] for the few columns needed, and dtype="category" for repeated words']
      : []),
    ...(text ? ["the same with chunksize=500_000, adding up chunk by chunk"] : []),
  ];
  const size = `${Math.round(sizeBytes / 1024 / 1024)} MB, ${complete ? "" : "at least "}${rowCount} rows`;
  const advice = ways.length === 0 ? "keep only the columns you need" : ways.join("; or ");
  return `Large file (${size}). Do not hold all of it in memory: ${advice}. Read it once and keep the small result.`;
}
