import type { TableProfile } from "../protocol/table-profile.ts";

const textFormats = new Set(["csv", "tsv", "psv", "txt"]);
const manyRows = 1_000_000;
const manyBytes = 200 * 1024 * 1024;

/** How a large file is read without filling the memory, given the packages that Python has; `null` for other files. */
export function sizeAdvice(profile: TableProfile, packages: readonly string[]): string | null {
  const { rowCount, sizeBytes, complete } = profile;
  if (rowCount <= manyRows && sizeBytes <= manyBytes) {
    return null;
  }
  const ways = [...engineWays(profile, packages), ...pandasWays(profile)];
  const size = `${Math.round(sizeBytes / 1024 / 1024)} MB, ${complete ? "" : "at least "}${rowCount} rows`;
  const advice = ways.length === 0 ? "keep only the columns you need" : ways.join("; or ");
  return `Large file (${size}). Do not hold all of it in memory: ${advice}. Read it once and keep the small result.`;
}

/** Engines that read the file themselves: Parquet, and text in UTF-8 with decimal points. */
function engineWays({ dialect }: TableProfile, packages: readonly string[]): readonly string[] {
  const parquet = dialect.format === "parquet";
  const utf8 = dialect.encoding === "utf-8" || dialect.encoding === "utf-8-sig";
  if (!parquet && !(textFormats.has(dialect.format) && utf8 && dialect.decimal !== ",")) {
    return [];
  }
  const scan = parquet ? "scan_parquet" : "scan_csv";
  return [
    ...(packages.includes("duckdb")
      ? [`duckdb.sql("SELECT … FROM '" + path + "'").df(), which adds up without loading the file`]
      : []),
    ...(packages.includes("polars") ? [`pl.${scan}(path), lazily, with collect() at the end`] : []),
  ];
}

function pandasWays({ dialect }: TableProfile): readonly string[] {
  if (dialect.format === "parquet" || dialect.format === "arrow") {
    return ["the reading call with columns=[…] for the few columns needed"];
  }
  return textFormats.has(dialect.format)
    ? [
        'the reading call with usecols=[…] for the few columns needed, and dtype="category" for repeated words',
        "the same with chunksize=500_000, adding up chunk by chunk",
      ]
    : [];
}
