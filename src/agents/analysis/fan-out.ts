import type { TableJoin } from "../protocol/table-join.ts";

const merges = /\.merge\(|\bmerge\(|\.join\(/u;
const narrows = /\.groupby\(|\.drop_duplicates\(|\.agg\(|\.pivot_table\(|\.nunique\(|validate\s*=/u;
const addsUp = /\.(?:sum|mean|count|size|shape)\b|\blen\(|\bsum\(/u;

/**
 * Joins that code makes by columns which bring several rows of each file to one of the other, without narrowing either
 * file or checking, and adds up afterwards: every amount then counts as often as it finds a partner.
 */
export function fanOutJoins(code: string, joins: readonly TableJoin[]): readonly TableJoin[] {
  const at = code.search(merges);
  if (at < 0 || !addsUp.test(code.slice(at)) || narrows.test(code)) {
    return [];
  }
  const names = (column: string): boolean => [`"${column}"`, `'${column}'`].some((quoted) => code.includes(quoted));
  return joins.filter(
    ({ cardinality, left, right, also }) =>
      cardinality === "many-to-many" && also === undefined && names(left.column) && names(right.column),
  );
}
