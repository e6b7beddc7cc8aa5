import { pythonString, readingCode } from "../analysis/reading-code.ts";
import { type SqlSettings, sqlDialect } from "./sql-dialect.ts";
import type { NamedTable } from "./table-names.ts";

/** Rows that one statement may bring into Python. */
export const mostRows = 100_000;

/** The cell that makes a table of every file. The engine can then read these, and nothing else. */
export function setupCode(tables: readonly NamedTable[], settings: SqlSettings): string {
  const lines = tables.flatMap(({ name, profile }) => (readingCode(profile, true, `_${name}`) ?? "").split("\n"));
  const imports = [...new Set(lines.filter(isImport))];
  const readings = lines.filter((line) => !isImport(line));
  const setup =
    settings.engine === "spark"
      ? sparkSetup({ imports, readings }, tables, settings.sparkRemote)
      : duckdbSetup({ imports, readings }, tables);
  return `${setup}\nprint(${pythonString(`Tables: ${tables.map(({ name }) => name).join(", ")}`)})`;
}

function isImport(line: string): boolean {
  return /^import \w/u.test(line);
}

interface Readings {
  readonly imports: readonly string[];
  readonly readings: readonly string[];
}

function duckdbSetup({ imports, readings }: Readings, tables: readonly NamedTable[]): string {
  return [
    "import duckdb",
    ...imports,
    "",
    ...readings,
    "",
    "duck = duckdb.connect()",
    'duck.execute("SET pandas_analyze_sample = 10000000")',
    'duck.execute("SET python_enable_replacements = false")',
    ...tables.map(({ name }) => `duck.register(${pythonString(name)}, df_${name})`),
    "# From here on SQL reaches these tables, and no file.",
    'duck.execute("SET enable_external_access = false")',
    'duck.execute("SET lock_configuration = true")',
  ].join("\n");
}

function sparkSetup({ imports, readings }: Readings, tables: readonly NamedTable[], remote: string): string {
  const where = remote === "" ? 'master("local[*]")' : `remote(${pythonString(remote)})`;
  const local = [
    '    .config("spark.ui.enabled", "false")',
    '    .config("spark.ui.showConsoleProgress", "false")',
    '    .config("spark.sql.warehouse.dir", os.path.join(tempfile.gettempdir(), "byzer-spark"))',
  ];
  return [
    // Without them the client of a server ends without an error.
    ...(remote === "" ? ["import os", "import tempfile"] : ["import grpc_status", "import zstandard"]),
    ...imports,
    "from pyspark.sql import SparkSession",
    "",
    ...readings,
    "",
    "spark = (",
    "    SparkSession.builder",
    `    .${where}`,
    '    .appName("Byzer Agent")',
    ...(remote === "" ? local : []),
    '    .config("spark.sql.execution.arrow.pyspark.enabled", "true")',
    "    .getOrCreate()",
    ")",
    ...(remote === "" ? ['spark.sparkContext.setLogLevel("OFF")'] : []),
    ...tables.flatMap(({ name }) => [
      `for column in df_${name}.columns[df_${name}.dtypes == object]:`,
      `    df_${name}[column] = df_${name}[column].map(str, na_action="ignore")`,
      `spark.createDataFrame(df_${name}).createOrReplaceTempView(${pythonString(sqlDialect("spark").quote(name))})`,
    ]),
  ].join("\n");
}

/** What a statement does, as far as the code that runs it differs. */
export type StatementKind = "query" | "change" | "copy";

/** What a verdict says of a statement; one that only reads where it says nothing. */
export function statementKind(kind: unknown): StatementKind {
  return kind === "change" || kind === "copy" ? kind : "query";
}

/** The cell that runs one statement: a query leaves its rows in `result`, which is shown. */
export function statementCode(
  sql: string,
  kind: StatementKind,
  { engine, tables }: { readonly engine: SqlSettings["engine"]; readonly tables: readonly NamedTable[] },
): string {
  const text = pythonText(sql);
  if (kind === "copy" && engine === "duckdb") {
    // The connection that answers questions cannot reach files.
    return [
      "writing = duckdb.connect()",
      'writing.execute("SET pandas_analyze_sample = 10000000")',
      ...tables.map(({ name }) => `writing.register(${pythonString(name)}, df_${name})`),
      `written = writing.execute(${text}).fetchone()`,
      "writing.close()",
      'print("Rows written:", written[0] if written else 0)',
    ].join("\n");
  }

  if (kind === "query") {
    return engine === "spark" ? sparkQuery(text) : duckdbQuery(text);
  }

  return engine === "spark" ? `spark.sql(${text})` : `duck.execute(${text})\nprint("Done.")`;
}

function duckdbQuery(text: string): string {
  return [
    `answer = duck.execute(${text})`,
    `result = pd.DataFrame(answer.fetchmany(${mostRows}), columns=[column[0] for column in answer.description], dtype=object)`,
    ...cutNotice("answer.fetchone() is not None"),
  ].join("\n");
}

function sparkQuery(text: string): string {
  return [
    `answer = spark.sql(${text})`,
    `result = pd.DataFrame(answer.take(${mostRows + 1}), columns=answer.columns, dtype=object)`,
    ...cutNotice(`len(result) > ${mostRows}`),
  ].join("\n");
}

function cutNotice(condition: string): readonly string[] {
  return [`if ${condition}:`, `    print("There are more than ${mostRows} rows: only these were fetched.")`, "result"];
}

/** A Python literal of a statement that keeps its lines, where it can. */
export function pythonText(text: string): string {
  const bare = text.trim();
  const readsAsItIs = /^[^\\\p{Cc}\p{Cf}]*$/u.test(bare.replaceAll(/[\n\t]/gu, " "));
  return readsAsItIs && !bare.includes('"""') ? `"""\n${bare}\n"""` : pythonString(bare);
}
