/** The most frequent number of cells, and the share of records that have it. */
export function usualWidth(widths: readonly number[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const width of widths) {
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  let best = { width: 0, count: 0 };
  for (const [width, count] of counts) {
    if (count > best.count || (count === best.count && width > best.width)) {
      best = { width, count };
    }
  }
  return { width: best.width, share: widths.length === 0 ? 0 : best.count / widths.length };
}

/** The rows of a text that make up its table, by how many cells they have. */
export interface TableRegion {
  readonly width: number;
  /** Index of the first and of the last row of that width. */
  readonly first: number;
  readonly last: number;
  /** Share of the rows from the first to the last that have the width. */
  readonly share: number;
  /** Share of all rows that have the width. */
  readonly coverage: number;
}

/** Finds the rows that belong together: those of one width above 1, wherever titles and remarks stand around them. */
export function tableRegion(widths: readonly number[]): TableRegion {
  const found = new Map<number, { first: number; last: number; count: number }>();
  widths.forEach((width, index) => {
    const entry = found.get(width);
    if (entry === undefined) {
      found.set(width, { first: index, last: index, count: 1 });
    } else {
      entry.last = index;
      entry.count += 1;
    }
  });
  let best: TableRegion = { width: 1, first: 0, last: Math.max(0, widths.length - 1), share: 1, coverage: 1 };
  let most = 0;
  for (const [width, { first, last, count }] of found) {
    const share = count / (last - first + 1);
    const coverage = count / widths.length;
    const value = width < 2 ? 0 : share * coverage ** 0.7 * (1 - 0.1 / width);
    if (value > most) {
      most = value;
      best = { width, first, last, share, coverage };
    }
  }
  return best;
}
