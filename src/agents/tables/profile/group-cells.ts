import type { Dimension, TotalData } from "./total-data.ts";

/** One value in one group: the rows that share both. */
export interface Cells {
  /** Cell of each row. */
  readonly cellOfRow: Int32Array;
  /** Value code of each cell. */
  readonly value: readonly number[];
  /** Cells of each group. */
  readonly groups: readonly (readonly number[])[];
  /** A row of each group, to name it. */
  readonly groupRow: readonly number[];
}

/** Numbers keys in the order in which they come. */
interface Numbering {
  /** The number of a key; a new one for a new key. */
  of(key: number): number;
}

const densestKeys = 500_000;

/** Numbers keys below `space`: by an array where that fits, by a map where not. */
function numbering(space: number): Numbering {
  let next = 0;
  if (space <= densestKeys) {
    const numbers = new Int32Array(space);
    return {
      of: (key) => {
        const known = numbers[key] ?? 0;
        if (known > 0) {
          return known - 1;
        }
        next += 1;
        numbers[key] = next;
        return next - 1;
      },
    };
  }
  const numbers = new Map<number, number>();
  return {
    of: (key) => {
      const known = numbers.get(key);
      if (known !== undefined) {
        return known;
      }
      numbers.set(key, next);
      next += 1;
      return next - 1;
    },
  };
}

/** The group of every row, numbered. */
function groupNumbers(rowCount: number, by: readonly Dimension[]): { of: Int32Array; count: number } {
  let of = new Int32Array(rowCount);
  let count = 1;
  for (const { codes, values } of by) {
    const numbers = numbering(count * values.length);
    const finer = new Int32Array(rowCount);
    let most = -1;
    for (let row = 0; row < rowCount; row += 1) {
      const group = numbers.of((of[row] ?? 0) * values.length + (codes[row] ?? 0));
      finer[row] = group;
      most = group > most ? group : most;
    }
    of = finer;
    count = most + 1;
  }
  return { of, count };
}

/** Groups the rows by the columns `by`, and within each group by the values of `carrier`. */
export function cellsOf(data: TotalData, carrier: Dimension, by: readonly Dimension[]): Cells {
  const cellOfRow = new Int32Array(data.rowCount);
  const value: number[] = [];
  const grouped = groupNumbers(data.rowCount, by);
  const groups: number[][] = Array.from({ length: grouped.count }, () => []);
  const groupRow: number[] = [];
  const cells = numbering(grouped.count * carrier.values.length);
  for (let row = 0; row < data.rowCount; row += 1) {
    const group = grouped.of[row] ?? 0;
    const code = carrier.codes[row] ?? 0;
    const cell = cells.of(group * carrier.values.length + code);
    cellOfRow[row] = cell;
    if (cell === value.length) {
      value.push(code);
      groups[group]?.push(cell);
    }
    groupRow[group] ??= row;
  }
  return { cellOfRow, value, groups, groupRow };
}
