/** What runs SQL in the session's Python. */
export type SqlEngine = "duckdb" | "spark";

/** How the person wants SQL to be run. */
export interface SqlSettings {
  readonly engine: SqlEngine;
  /** Address of a Spark Connect server, such as `sc://host:15002`; empty for a Spark on this machine. */
  readonly sparkRemote: string;
}

/** What differs between the engines. */
export interface SqlDialect {
  /** As a person and a model know it. */
  readonly title: string;
  /** The variable in Python that holds the connection. */
  readonly variable: string;
  /** How a statement begins that makes a table of a query. */
  readonly making: string;
  /** A name as it stands in a statement. */
  readonly quote: (name: string) => string;
  /** What a model must know to write it, one line each. */
  readonly rules: readonly string[];
}

const duckdb: SqlDialect = {
  title: "DuckDB",
  variable: "duck",
  making: "CREATE OR REPLACE TABLE",
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  rules: [
    `Names of columns and tables stand in double quotes, exactly as listed: "Total Deaths". Text stands in single quotes: 'Flood'; a quote inside text is doubled: 'it''s'.`,
    "Useful: QUALIFY, COUNT(*) FILTER (WHERE …), date_trunc('month', d), year(d), strptime(text, '%Y-%m-%d'), TRY_CAST(x AS INTEGER), regexp_extract, median, quantile_cont(x, 0.9).",
    'Functions of dates take no text: where a column with dates is VARCHAR, write year(CAST("day" AS DATE)), or strptime("day", \'%d/%m/%Y\') as its dates are written.',
    `The tables show files and cannot be changed: where the user wants rows added, changed or removed, make a new table, CREATE OR REPLACE TABLE "orders_changed" AS SELECT …, and say so. A file is written by COPY (SELECT …) TO 'name.csv' (HEADER).`,
    "/ divides exactly; // divides whole numbers. Comparing text is case-sensitive; use ILIKE or lower() otherwise.",
  ],
};

const spark: SqlDialect = {
  title: "Spark SQL",
  variable: "spark",
  making: "CREATE OR REPLACE TEMP VIEW",
  quote: (name) => `\`${name.replaceAll("`", "``")}\``,
  rules: [
    "Names of columns and tables stand in backticks, exactly as listed: `Total Deaths`. Text stands in single quotes: 'Flood'; a quote inside text is written \\'.",
    "Useful: date_trunc('MONTH', d), year(d), to_date(text, 'yyyy-MM-dd'), try_cast(x AS INT), regexp_extract(x, pattern, 1), percentile_approx(x, 0.5), count_if(condition).",
    "The tables show files and cannot be changed: where the user wants rows added, changed or removed, make a new one, CREATE OR REPLACE TEMP VIEW `orders_changed` AS SELECT …, and say so.",
    "/ divides exactly; x div y divides whole numbers. Comparing text is case-sensitive; use ILIKE or lower() otherwise.",
  ],
};

/** The dialect of an engine. */
export function sqlDialect(engine: SqlEngine): SqlDialect {
  return engine === "spark" ? spark : duckdb;
}
