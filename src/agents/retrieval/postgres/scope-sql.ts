import type { PassageScope } from "../../ports/passage-index.ts";

/** Values of a statement, and the names that they have in it. */
export interface Values {
  readonly list: readonly unknown[];
  /** Adds a value. @returns its name, such as `$3` */
  add(value: unknown): string;
}

/** Begins the values of a statement. */
export function statementValues(): Values {
  const list: unknown[] = [];
  return {
    list,
    add: (value) => {
      list.push(value);
      return `$${list.length}`;
    },
  };
}

/** The condition that a file is of a folder, or the file itself, by its path; the empty path is the root. */
export function pathSql(path: string, values: Values): string {
  if (path === "") {
    return "true";
  }
  const name = `${values.add(path)}::text`;
  return `(file.path = ${name} OR starts_with(file.path, ${name} || '/'))`;
}

/** The condition that a passage lies within one of the scopes; `null` where all do. */
export function scopeSql(within: readonly PassageScope[], values: Values): string | null {
  if (within.length === 0 || within.some(({ path, lines }) => path === "" && lines === undefined)) {
    return null;
  }
  const conditions = within.map(({ path, lines }) => {
    const ofPath = pathSql(path, values);
    return lines === undefined
      ? ofPath
      : `(${ofPath} AND passage.start_line <= ${values.add(lines.last)}::integer AND passage.end_line >= ${values.add(lines.first)}::integer)`;
  });
  return `(${conditions.join(" OR ")})`;
}
