import type { TableJoin } from "../../protocol/table-join.ts";
import type { TableProfile } from "../../protocol/table-profile.ts";
import type { JoinPair } from "./join-expression.ts";

const longestSuffix = 24;

/** What both files call by one name and a join keeps twice. */
export type JoinCollisions = NonNullable<TableJoin["collisions"]>;

/**
 * Columns that both files have, but for keys that become one column, and what is put behind the names of those of the
 * right file: left to itself, pandas renames the columns of both, and code that knows their names fails.
 */
export function joinCollisions(
  left: Pick<TableProfile, "columns">,
  right: Pick<TableProfile, "columns" | "name">,
  pairs: readonly JoinPair[],
): JoinCollisions | null {
  const joined = new Set(pairs.flatMap((pair) => (becomesOne(pair) ? [pair.left.profile.name] : [])));
  const here = new Set(left.columns.map(({ name }) => name));
  const there = new Set(right.columns.map(({ name }) => name));
  const columns = [...there].filter((name) => here.has(name) && !joined.has(name));
  if (columns.length === 0) {
    return null;
  }
  const isFree = (suffix: string): boolean =>
    suffix !== "_" && !columns.some((name) => here.has(name + suffix) || there.has(name + suffix));
  const suffixes = [suffixOf(right.name), "_right", "_2", "_right_2"];
  return { columns, suffix: suffixes.find(isFree) ?? "_of_the_right_file" };
}

/** Two keys of one name that are compared as they are. */
function becomesOne({ left, right, normalise }: JoinPair): boolean {
  return normalise.length === 0 && left.profile.name === right.profile.name;
}

/** The name of a file as a part of a column's name. */
function suffixOf(name: string): string {
  const stem = name.replace(/(?<=.)\..*$/u, "");
  return `_${stem
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .slice(0, longestSuffix)
    .replaceAll(/^_|_$/gu, "")}`;
}
