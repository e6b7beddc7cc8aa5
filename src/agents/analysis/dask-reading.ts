import { withImports } from "../protocol/python-imports.ts";
import type { ColumnProfile, TableProfile } from "../protocol/table-profile.ts";
import { pythonString } from "./reading-code.ts";

/** Arguments of pandas that Dask does not take, or that need the whole file. */
const unsplittable = /\b(?:nrows|skipfooter|index_col|chunksize|iterator|squeeze)=/u;
/** Whose line ends are no single byte. */
const wideEncodings = /^(?:utf-16|utf-32|ucs-2)/iu;
const typedColumnsAtMost = 60;
const blockSize = "64MB";

/**
 * The statements by which code reads a file with Dask, so that its parts lie all over a cluster; with the rows and columns
 * of the reading call of pandas.
 *
 * @param suffix Ends the names of the variables, so that several files do not overwrite each other.
 * @returns `null` for a file that cannot be read in parts.
 */
export function daskReading(profile: TableProfile, suffix = ""): string | null {
  const { imports, code } = withImports(profile.reading.pandas);
  const call = splitCall(profile, code.replace(/\bpath\b/u, `path${suffix}`), suffix);
  if (call === null) {
    return null;
  }
  return [
    "import pandas as pd",
    ...imports,
    "import ray",
    "import dask, dask.dataframe as dd",
    "from ray.util.dask import ray_dask_get",
    'ray.init(address="auto", log_to_driver=False, logging_level="ERROR", ignore_reinit_error=True)',
    // As enable_dask_on_ray, which names the second by a key that Dask warns of in every cell.
    'dask.config.set({"scheduler": ray_dask_get, "dataframe.shuffle.method": "tasks"})',
    `path${suffix} = ${pythonString(profile.path)}`,
    `df${suffix} = ${call}`,
  ].join("\n");
}

function splitCall({ dialect, columns }: TableProfile, code: string, suffix: string): string | null {
  if (dialect.compression !== undefined || unsplittable.test(code)) {
    return null;
  }
  const [, reader, given] = /^pd\.(read_parquet|read_csv)\(path\d*((?:, .*)?)\)$/su.exec(code) ?? [];
  if (reader === "read_parquet") {
    return `dd.read_parquet(path${suffix}${given})`;
  }
  if (reader === undefined || wideEncodings.test(dialect.encoding ?? "")) {
    return null;
  }
  return `dd.read_csv(path${suffix}, blocksize="${blockSize}"${withTypes(given ?? "", columns)})`;
}

/** Dask guesses types from the first rows alone: what the profile knows of all rows is said. */
function withTypes(given: string, columns: readonly ColumnProfile[]): string {
  if (columns.length > typedColumnsAtMost) {
    return `${given}, assume_missing=True`;
  }
  const [named, dtype = ""] = /\bdtype=\{([^}]*)\}/u.exec(given) ?? [];
  // Names of all columns say nothing of their types.
  const elsewhere = given.replace(/\bnames=(?:\[[^\]]*\]|\S+)/u, "");
  const types = columns.flatMap((column) => {
    const type = typeOf(column);
    const isSaid = elsewhere.includes(pythonString(column.name));
    return type === null || isSaid ? [] : [`${pythonString(column.name)}: "${type}"`];
  });
  const all = [...(dtype === "" ? [] : [dtype]), ...types].join(", ");
  if (all === "") {
    return given;
  }
  return named === undefined ? `${given}, dtype={${all}}` : given.replace(named, () => `dtype={${all}}`);
}

function typeOf({ type, nulls }: ColumnProfile): string | null {
  switch (type) {
    case "integer":
    case "year":
      return nulls > 0 ? "float64" : "int64";
    case "decimal":
      return "float64";
    case "category":
    case "identifier":
    case "text":
    case "mixed":
    case "date":
    case "time":
    case "datetime":
      return "string";
    default:
      return null;
  }
}
