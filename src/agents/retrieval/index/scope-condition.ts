import type { SQLInputValue } from "node:sqlite";
import type { PassageScope } from "../../ports/passage-index.ts";

/** A condition for `WHERE`, over the tables `file` and `chunk`, with the values of its question marks. */
export interface ScopeCondition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The condition that a file is of a folder, or the file itself, by its path; the empty path is the root. */
export function pathCondition(path: string): ScopeCondition {
  return path === ""
    ? { sql: "1", values: [] }
    : // What begins with `path/` lies before `path0`: 0 is the character behind the slash.
      { sql: "(file.path = ? OR (file.path > ? AND file.path < ?))", values: [path, `${path}/`, `${path}0`] };
}

/** The condition that a passage lies within one of the scopes; `null` where all do. */
export function scopeCondition(within: readonly PassageScope[]): ScopeCondition | null {
  if (within.length === 0 || within.some(({ path, lines }) => path === "" && lines === undefined)) {
    return null;
  }
  const conditions = within.map(({ path, lines }) => {
    const { sql, values } = pathCondition(path);
    return lines === undefined
      ? { sql, values }
      : {
          sql: `(${sql} AND chunk.start_line <= ? AND chunk.end_line >= ?)`,
          values: [...values, lines.last, lines.first],
        };
  });
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(" OR ")})`,
    values: conditions.flatMap(({ values }) => values),
  };
}
