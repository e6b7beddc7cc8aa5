import type { SqlTable } from "../ports/interpreter.ts";
import type { TableCell } from "../protocol/cell-output.ts";
import type { TableJoin } from "../protocol/table-join.ts";
import type { ColumnProfile, TableProfile } from "../protocol/table-profile.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import type { NamedTable } from "./table-names.ts";

const columnsDescribed = 60;
const rowsShown = 3;
const warningsTold = 12;
const mostJoins = 4;
const cellWidth = 50;
/** Columns with fewer different values have all of the frequent ones told. */
const fewDistinct = 40;

/** What a model is told of the tables: as the engine has them, with what is known of the files. */
export function schemaText(
  tables: readonly NamedTable[],
  held: readonly SqlTable[],
  { dialect, joins }: { readonly dialect: SqlDialect; readonly joins: readonly TableJoin[] },
): string {
  const described = held.map((table) => {
    const known = tables.find(({ name }) => name === table.name);
    return tableText(table, known?.profile, dialect);
  });
  return [
    `Tables in ${dialect.title}. Each column: its name as it is written in SQL | type | rows without a value | different values | smallest | largest | most frequent values (how often)`,
    ...described,
    ...joinText(joins, tables, dialect),
  ].join("\n\n");
}

function tableText({ name, columns }: SqlTable, profile: TableProfile | undefined, { quote }: SqlDialect): string {
  const from = profile === undefined ? "" : ` (${place(profile)}, ${profile.rowCount} rows)`;
  const lines = columns.slice(0, columnsDescribed).map((column, index) => {
    const known = profile?.columns.find((other, at) => other.name === column.name && at === index);
    return columnText(quote(column.name), column.type, known);
  });
  const further = columns.slice(columnsDescribed).map((column) => quote(column.name));
  return [
    `Table ${quote(name)}${from}`,
    ...lines,
    ...(further.length === 0 ? [] : [`and further columns: ${further.join(", ")}`]),
    ...rowsText(profile),
    ...warningsText(profile),
  ].join("\n");
}

function place({ name, sheets, dialect }: TableProfile): string {
  return oneLine(sheets.length > 1 && dialect.sheet !== null ? `${name}, ${dialect.sheet}` : name);
}

function columnText(name: string, type: string, known: ColumnProfile | undefined): string {
  if (known === undefined) {
    return `${name} | ${type}`;
  }

  const top = known.top
    .slice(0, known.distinct <= fewDistinct ? 12 : 3)
    .map(({ value, count }) => `${shown(value)} (${count})`);
  const notes = [known.format === undefined ? "" : `written ${known.format}`, known.unit ?? ""].filter(Boolean);
  const facts = [name, type, known.nulls, known.distinct, shown(known.min), shown(known.max), top.join(", "), ...notes];
  return facts.join(" | ");
}

function rowsText(profile: TableProfile | undefined): readonly string[] {
  const rows = (profile?.rows ?? []).slice(0, rowsShown);
  return rows.length === 0
    ? []
    : ["First rows:", ...rows.map((row) => row.slice(0, columnsDescribed).map(shown).join(" | "))];
}

function warningsText(profile: TableProfile | undefined): readonly string[] {
  const found = profile?.warnings.slice(0, warningsTold) ?? [];
  return found.length === 0
    ? []
    : ["Found by code over the whole table:", ...found.map(({ message }) => `- ${oneLine(message, 500)}`)];
}

function joinText(
  joins: readonly TableJoin[],
  tables: readonly NamedTable[],
  { quote }: SqlDialect,
): readonly string[] {
  const nameOf = (path: string) => tables.find(({ profile }) => profile.path === path)?.name;
  const lines = joins.slice(0, mostJoins).flatMap(({ left, right, also = [], cardinality, normalise }) => {
    const [one, other] = [nameOf(left.path), nameOf(right.path)];
    const pairs = [{ left: left.column, right: right.column }, ...also].map(
      (pair) => `${quote(one ?? "")}.${quote(pair.left)} = ${quote(other ?? "")}.${quote(pair.right)}`,
    );
    const notes = [
      cardinality,
      ...(normalise.length === 0 ? [] : [`made equal first in: ${normalise.join(", ")}`]),
      ...(cardinality === "many-to-many" ? ["multiplies rows: add up before joining"] : []),
    ];
    return one === undefined || other === undefined ? [] : [`- ${pairs.join(" AND ")} (${notes.join("; ")})`];
  });
  return lines.length === 0 ? [] : [["Joins that fit by value:", ...lines].join("\n")];
}

function shown(cell: TableCell): string {
  if (cell === null) {
    return "";
  }

  return typeof cell === "number" ? String(Number(cell.toPrecision(10))) : oneLine(String(cell));
}

function oneLine(text: string, width = cellWidth): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > width ? `${line.slice(0, width)}…` : line;
}
