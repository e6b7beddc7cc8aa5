import type { TableProfile } from "../protocol/table-profile.ts";
import type { ColumnReading } from "./profile/column-reading.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonList, pythonText } from "./python-text.ts";
import type { TableSource } from "./readers/table-source.ts";

function jsonPath(path: readonly string[]): string {
  return path.map((key) => `[${pythonText(key)}]`).join("");
}

function jsonExpression({ layout, dialect }: TableSource): string {
  const encoding =
    dialect.encoding === null || dialect.encoding.startsWith("utf-8")
      ? ""
      : `, encoding=${pythonText(dialect.encoding)}`;
  const plain = ", dtype=False, convert_dates=False";
  if (layout.recordPath.length > 0) {
    const records = `pd.read_json(path, typ="series"${plain}${encoding})${jsonPath(layout.recordPath)}`;
    return layout.nested ? `pd.json_normalize(${records})` : `pd.DataFrame(${records})`;
  }
  const lines = dialect.format === "jsonl" ? ", lines=True" : "";
  if (layout.nested) {
    return `pd.json_normalize(pd.read_json(path${lines}${plain}${encoding}).to_dict("records"))`;
  }
  return `pd.read_json(path${lines}${plain}${encoding})`;
}

const wordsOf = (column: ColumnReading): string[] => [...(column.hasEmptyText ? [""] : []), ...column.missing];

/** Text that means missing here, where the format itself has another way to say so. */
function emptyWords({ columns }: BuiltTable): string {
  const words = [...new Set(columns.flatMap(wordsOf))];
  if (words.length === 0) {
    return "";
  }
  if (!columns.some(({ evidence }) => /^[[{]/u.test(evidence.textExample ?? ""))) {
    return `.replace(${pythonList(words)}, None)`;
  }
  // pandas compares lists with words and fails: only the columns of words are asked.
  const columnsOfWords = columns.filter((column) => wordsOf(column).length > 0);
  const entries = columnsOfWords.map((column) => {
    const name = pythonText(column.profile.name);
    return `${name}: lambda df: df[${name}].replace(${pythonList(wordsOf(column))}, None)`;
  });
  return `.assign(**{${entries.join(", ")}})`;
}

/** How Python reads a JSON document, a Parquet file or a table of an HTML page. */
export function documentReading(source: TableSource, built: BuiltTable): TableProfile["reading"] {
  const { format } = source.dialect;
  const empty = emptyWords(built);
  if (format === "parquet") {
    return { pandas: `pd.read_parquet(path)${empty}`, packages: ["pandas", "pyarrow"], standardLibrary: null };
  }
  if (format === "html") {
    const encoding = source.dialect.encoding ?? "utf-8";
    const call = `pd.read_html(path, encoding=${pythonText(encoding)})[0]`;
    return {
      pandas: built.footer.rows > 0 ? `${call}.head(${built.rowCount})` : call,
      packages: ["pandas", "lxml"],
      standardLibrary: null,
    };
  }
  const numbered = source.names.some((name) => /^\d+$/u.test(name)) && source.layout.orientation === "records";
  const ordered = numbered ? `[${pythonList(source.names)}]` : "";
  return {
    pandas: `${jsonExpression(source)}${ordered}${empty}`,
    packages: ["pandas"],
    standardLibrary: standardJson(source),
  };
}

/** Statements that leave the records of a JSON document in `rows`; nested objects stay dictionaries. */
function standardJson({ dialect, layout }: TableSource): string | null {
  if (layout.orientation !== "records") {
    return null;
  }
  const open = `open(path, encoding="${dialect.encoding ?? "utf-8"}")`;
  return dialect.format === "jsonl"
    ? ["import json", `with ${open} as file:`, "    rows = [json.loads(line) for line in file if line.strip()]"].join(
        "\n",
      )
    : ["import json", `with ${open} as file:`, `    rows = json.load(file)${jsonPath(layout.recordPath)}`].join("\n");
}
