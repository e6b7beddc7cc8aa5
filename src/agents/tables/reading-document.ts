import type { TableProfile } from "../protocol/table-profile.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonModule } from "./python-source.ts";
import { pythonText } from "./python-text.ts";
import { emptyWords } from "./reading-words.ts";
import type { TableSource } from "./readers/table-source.ts";

type Reading = TableProfile["reading"];

const head = (built: BuiltTable): string => (built.footer.rows > 0 ? `.head(${built.rowCount})` : "");

/** How Python reads a Parquet file. */
export function parquetReading(built: BuiltTable): Reading {
  return {
    pandas: `pd.read_parquet(path)${head(built)}${emptyWords(built)}`,
    packages: ["pandas", "pyarrow"],
    standardLibrary: null,
  };
}

/** How Python reads an Arrow file, or a stream of Arrow messages. */
export function arrowReading({ layout }: TableSource, built: BuiltTable): Reading {
  const call =
    layout.part === "stream"
      ? `${pythonModule("pyarrow")}.ipc.open_stream(open(path, "rb")).read_pandas()`
      : "pd.read_feather(path)";
  return {
    pandas: `${call}${head(built)}${emptyWords(built)}`,
    packages: ["pandas", "pyarrow"],
    standardLibrary: null,
  };
}

/** The database as it lies there: nothing is written beside it. */
function connection(pathlib: string, sqlite3: string): string {
  const address = `${pathlib}.Path(path).absolute().as_uri() + "?mode=ro&immutable=1"`;
  return `${sqlite3}.connect(${address}, uri=True)`;
}

/** How Python reads a table of a SQLite database. */
export function sqliteReading({ layout }: TableSource, built: BuiltTable): Reading {
  const query = pythonText(`SELECT * FROM "${(layout.part ?? "").replaceAll('"', '""')}"`);
  const call = `pd.read_sql_query(${query}, ${connection(pythonModule("pathlib"), pythonModule("sqlite3"))})`;
  const limit = built.footer.rows > 0 ? `[:${built.rowCount}]` : "";
  return {
    pandas: `${call}${head(built)}${emptyWords(built)}`,
    packages: ["pandas"],
    standardLibrary: [
      "import pathlib",
      "import sqlite3",
      `connection = ${connection("pathlib", "sqlite3")}`,
      "connection.row_factory = sqlite3.Row",
      `rows = [dict(row) for row in connection.execute(${query})]${limit}`,
      "connection.close()",
    ].join("\n"),
  };
}
