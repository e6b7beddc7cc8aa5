import type { Cells } from "./group-cells.ts";

/** What is known of the rows of a group while they are walked through. */
interface GroupWalk {
  readonly first: number;
  last: number;
  count: number;
  /** The one row that holds the value; -1 for none, -2 for several. */
  marked: number;
}

/**
 * Says whether a value stands once in every group of two rows or more, and always in the last row of its group, or always
 * in the first: that is how people write subtotals, and not how values happen to be missing.
 */
export function closesGroups({ cellOfRow, value, groups }: Cells, code: number): boolean {
  const groupOfCell = new Int32Array(value.length);
  groups.forEach((cells, group) => cells.forEach((cell) => (groupOfCell[cell] = group)));
  const walks = new Map<number, GroupWalk>();
  cellOfRow.forEach((cell, row) => {
    const group = groupOfCell[cell] ?? 0;
    const walk = walks.get(group) ?? { first: row, last: row, count: 0, marked: -1 };
    walk.last = row;
    walk.count += 1;
    walk.marked = value[cell] === code ? (walk.marked === -1 ? row : -2) : walk.marked;
    walks.set(group, walk);
  });
  const several = [...walks.values()].filter(({ count }) => count >= 2);
  const together = several.every(({ first, last, count }) => last - first + 1 === count);
  const atEnd = several.every(({ last, marked }) => marked === last);
  const atBeginning = several.every(({ first, marked }) => marked === first);
  return several.length >= 2 && together && (atEnd || atBeginning);
}
