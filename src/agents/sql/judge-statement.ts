import type { SqlCheck, SqlTable } from "../ports/interpreter.ts";
import type { StatementKind } from "./sql-code.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import { castReason } from "./cast-reason.ts";
import { fileTableChange } from "./file-table-change.ts";
import { nearestName } from "./nearest-name.ts";

/** What a statement may do: run, run once the person says yes, or not run. */
export type StatementVerdict =
  | { readonly verdict: "approved"; readonly kind: StatementKind; readonly comment: string }
  | { readonly verdict: "rejected"; readonly comment: string };

/** What a statement is judged by. */
export interface StatementCase {
  readonly sql: string;
  /** Names of the tables that show files. */
  readonly files: readonly string[];
  readonly check: Extract<SqlCheck, { status: "checked" }>;
  readonly tables: readonly SqlTable[];
  readonly dialect: SqlDialect;
}

const changes = new Set(["create", "insert", "update", "delete", "drop", "alter", "merge", "merge_into", "truncate"]);

/** Judges a statement by what the engine said of it. The comments are for the model that wrote it. */
export function judgeStatement({ sql, files, check, tables, dialect }: StatementCase): StatementVerdict {
  const { kinds, reason } = check;
  if (kinds.length > 1) {
    return rejected(`These are ${kinds.length} statements. Write one; use WITH for intermediate results.`);
  }

  const change = fileTableChange(sql, files, dialect);
  if (change !== undefined) {
    return rejected(change);
  }

  if (reason !== null) {
    return rejected(engineReason(reason, tables, dialect));
  }

  const [kind] = kinds;
  if (kind === undefined) {
    return rejected("There is no statement. Write one.");
  }

  if (kind === "select") {
    return { verdict: "approved", kind: "query", comment: "It reads the tables and changes nothing." };
  }

  if (kind === "copy" && dialect.variable === "duck") {
    return { verdict: "approved", kind: "copy", comment: "It writes a file." };
  }

  return changes.has(kind)
    ? { verdict: "approved", kind: "change", comment: `It changes what the engine holds (${kind.toUpperCase()}).` }
    : rejected(
        `A statement of this kind (${kind.toUpperCase()}) is not run here. Write a query over the tables that are listed.`,
      );
}

function rejected(comment: string): StatementVerdict {
  return { verdict: "rejected", comment };
}

/** What the engine said, with the names that were probably meant. */
function engineReason(reason: string, tables: readonly SqlTable[], dialect: SqlDialect): string {
  const said = reason.replace(/\n\s*LINE \d+:[^]*$/u, "").trim();
  const column = named(reason, unknownColumn);
  if (column !== undefined) {
    return `There is no column ${dialect.quote(column)} here.${nearestColumns(column, tables, dialect)}`;
  }

  const table = named(reason, unknownTable);
  if (table !== undefined) {
    const list = tables.map(({ name }) => dialect.quote(name)).join(", ");
    const near = nearestName(
      table,
      tables.map(({ name }) => name),
    );
    const meant = near === undefined ? "" : ` ${dialect.quote(near)} was probably meant.`;
    return `There is no table ${dialect.quote(table)}.${meant} The tables are: ${list}.`;
  }

  if (/file system operations are disabled|LocalFileSystem|Cannot access file/iu.test(reason)) {
    return "SQL reaches no files here, by path or by function: use the tables that are listed.";
  }

  const cast = castReason(reason, tables, dialect);
  if (cast !== undefined) {
    return cast;
  }

  return /Values were not provided|UNBOUND_SQL_PARAMETER/u.test(reason)
    ? "The statement has a placeholder. Write the values themselves."
    : said;
}

const unknownColumn = [
  /Referenced column "((?:[^"]|"")+)" not found/u,
  /does not have a column named "((?:[^"]|"")+)"/u,
  /parameter with name ((?:`(?:[^`]|``)+`\.?)+) cannot be resolved/u,
];
const unknownTable = [
  /Table with name (.+?) does not exist/u,
  /Referenced table "((?:[^"]|"")+)" not found/u,
  /The table or view `((?:[^`]|``)+)` cannot be found/u,
];

function named(reason: string, patterns: readonly RegExp[]): string | undefined {
  const found = patterns.map((pattern) => pattern.exec(reason)?.[1]).find((name) => name !== undefined);
  // Spark names the table too.
  return found?.replace(/^.*`\.(?=`)/u, "").replaceAll(/^`|`$/gu, "");
}

/** The nearest of each table, the best first; all columns where none is near and there are few. */
function nearestColumns(column: string, tables: readonly SqlTable[], { quote }: SqlDialect): string {
  const near = tables.flatMap(({ name, columns }) => {
    const found = nearestName(
      column,
      columns.map((other) => other.name),
    );
    return found === undefined ? [] : [`${quote(found)} of table ${quote(name)}`];
  });
  if (near.length > 0) {
    return ` Nearest: ${near.join(", ")}.`;
  }

  const all = tables.map(
    ({ name, columns }) =>
      `${quote(name)} has ${columns
        .slice(0, 40)
        .map((other) => quote(other.name))
        .join(", ")}`,
  );
  return ` ${all.join("; ")}.`;
}
