import type { SqlDialect } from "./sql-dialect.ts";

const comment = String.raw`--[^\n]*\n\s*|/\*[^]*?\*/\s*`;
const name = String.raw`"(?:[^"]|"")+"|${"`"}(?:[^${"`"}]|${"``"})+${"`"}|[\p{L}_][\p{L}\p{N}_]*`;
const ways = [
  String.raw`create\s+(?:or\s+replace\s+)?(?:(?:local|global)\s+)?(?:temp(?:orary)?\s+)?(?:table|view)\s+(?:if\s+not\s+exists\s+)?`,
  String.raw`delete\s+from\s+`,
  String.raw`update\s+`,
  String.raw`insert\s+(?:or\s+\w+\s+)?(?:into|overwrite)\s+(?:table\s+)?`,
  String.raw`merge\s+into\s+`,
  String.raw`truncate\s+(?:table\s+)?`,
  String.raw`alter\s+(?:table|view)\s+(?:if\s+exists\s+)?`,
];
const changed = new RegExp(
  String.raw`^\s*(?:${comment})*(?:${ways.join("|")})(?:(?:${name})\s*\.\s*){0,2}(?<target>${name})`,
  "iu",
);

/**
 * What to write instead of a statement that would change a table that shows a file; `undefined` where it does not. Engines
 * refuse most of them; another table of its name is made, but leaves the old one in force.
 *
 * @param files Names of the tables that show files.
 */
export function fileTableChange(
  sql: string,
  files: readonly string[],
  { quote, making }: Pick<SqlDialect, "quote" | "making">,
): string | undefined {
  const target = plainName(changed.exec(sql)?.groups?.["target"] ?? "").toLowerCase();
  const file = files.find((known) => known.toLowerCase() === target);
  return file === undefined
    ? undefined
    : `${quote(file)} shows a file of the user: it cannot be changed or replaced. Make a table of another name, ${making} ${quote(`${file}_changed`)} AS SELECT … FROM ${quote(file)} ….`;
}

function plainName(written: string): string {
  const mark = written.slice(0, 1);
  return mark === '"' || mark === "`" ? written.slice(1, -1).replaceAll(mark + mark, mark) : written;
}
