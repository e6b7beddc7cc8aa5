import type { SqlTable } from "../ports/interpreter.ts";
import type { SqlDialect } from "./sql-dialect.ts";

const mismatch = /(?:argument types '|function call ")([^\n]+?)\((.*?)\)['"]\. /u;
const isText = /\bVARCHAR\b/u;
const isDate = /\b(?:DATE|TIME|TIMESTAMP|INTERVAL)\b/u;
const isNumber = /\b(?:TINYINT|SMALLINT|INTEGER(?:_LITERAL)?|BIGINT|HUGEINT|FLOAT|DOUBLE|DECIMAL)\b/u;

/** What to do where a function was given text in place of a date or a number; `undefined` where that is not the reason. */
export function castReason(
  reason: string,
  tables: readonly SqlTable[],
  { quote }: Pick<SqlDialect, "quote">,
): string | undefined {
  const [, name = "", types = ""] = mismatch.exec(reason) ?? [];
  if (!isText.test(types)) {
    return undefined;
  }

  const named = textColumns(reason, tables);
  const column = quote(named[0] ?? "the_column");
  const columns = named.length === 0 ? "" : ` (${named.map(quote).join(", ")})`;
  return wantsDate(reason, types)
    ? `${name} takes a date, and is given text${columns}. Cast it first: CAST(${column} AS DATE) where dates are written 2024-01-31, else strptime(${column}, '%d/%m/%Y') in the order in which they are written; TRY_CAST and try_strptime give NULL where one is none.`
    : `${name} is given text${columns}. Cast it first: TRY_CAST(${column} AS DOUBLE), once signs that are no part of a number are replaced.`;
}

/** By the other arguments; where they do not tell, by what the function takes. */
function wantsDate(reason: string, types: string): boolean {
  if (isDate.test(types) || isNumber.test(types)) {
    return isDate.test(types);
  }

  const taken = [...reason.matchAll(/^\t\S+?\((.*)\) -> /gmu)].map(([, list = ""]) => list).join("\n");
  return isDate.test(taken) && !isNumber.test(taken);
}

/** The columns of text in the line of the statement that the engine points at. */
function textColumns(reason: string, tables: readonly SqlTable[]): readonly string[] {
  const [, line = ""] = /LINE \d+: (.*)/u.exec(reason) ?? [];
  const columns = tables.flatMap((table) => table.columns).filter(({ type }) => isText.test(type));
  const words = new Set((line.match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).map(bare));
  return [...new Set(columns.map(({ name }) => name))].filter((name) => words.has(name.toLowerCase()));
}

function bare(word: string): string {
  return word.replaceAll(/^"|"$/gu, "").replaceAll('""', '"').toLowerCase();
}
