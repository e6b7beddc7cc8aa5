import type { TableSource } from "../readers/table-source.ts";
import type { BuiltTable } from "./table-builder.ts";
import { numbersOf, type Dimension, type FoundTotal, type Measure, type TotalData } from "./total-data.ts";

const mostRows = 5000;
/** Share of the rows that must be right. */
const leastShare = 0.95;
const shareName = /%|％|占比|比重|比例|份额|share|pct|percent|proportion|(^|[^a-z])(fraction|anteil|part)([^a-z]|$)/iu;

/** Columns that may be shares: percentages, and numbers from 0 to 1 or 100 whose name says so. */
function shareColumns(built: BuiltTable, source: TableSource): Measure[] {
  return built.columns.flatMap(({ profile }, index) => {
    const { type, name, min, max } = profile;
    const within = typeof min === "number" && typeof max === "number" && min >= 0 && max <= 100;
    const shares = type === "percent" || ((type === "decimal" || type === "integer") && shareName.test(name));
    const column = within && shares ? numbersOf(built, source, index) : null;
    return column === null ? [] : [column];
  });
}

/** The sum of a measure in each group of `by`, by row. */
function sumsByRow({ numbers }: Measure, by: Dimension | null): (row: number) => number {
  const sums = new Float64Array(by?.values.length ?? 1);
  numbers.forEach((value, row) => {
    const group = by?.codes[row] ?? 0;
    sums[group] = (sums[group] ?? 0) + (value || 0);
  });
  return (row) => sums[by?.codes[row] ?? 0] ?? 0;
}

function decimalsOf({ numbers }: Measure): number {
  let most = 0;
  for (const value of numbers.subarray(0, 200)) {
    most = Math.max(most, /\.(\d+)$/u.exec(String(value))?.[1]?.length ?? 0);
  }
  return Math.min(most, 8);
}

interface Attempt {
  /** 100 for percentages. */
  readonly scale: number;
  /** 2 where the sum counts everything twice, since a total is among the rows. */
  readonly counted: number;
  readonly tolerance: number;
  readonly sumOf: (row: number) => number;
}

interface Matches {
  readonly tested: number;
  readonly matched: number;
}

/** How many shares are those of the measure in its sum; `null` where too few are. */
function tryShares(share: Measure, measure: Measure, { scale, counted, tolerance, sumOf }: Attempt): Matches | null {
  const rowCount = Math.min(share.numbers.length, mostRows);
  const mostWrong = rowCount * (1 - leastShare);
  let tested = 0;
  let matched = 0;
  const different = new Set<number>();
  for (let row = 0; row < rowCount && tested - matched <= mostWrong; row += 1) {
    const said = share.numbers[row] ?? Number.NaN;
    const value = measure.numbers[row] ?? Number.NaN;
    if (Number.isNaN(said + value) || (said === 0 && value === 0)) {
      continue;
    }
    tested += 1;
    if (Math.abs(said - (scale * value * counted) / sumOf(row)) <= tolerance) {
      matched += 1;
      different.add(said);
    }
  }
  const enough = tested >= 4 && matched >= tested * leastShare && different.size >= 3;
  return enough ? { tested, matched } : null;
}

function matches(share: Measure, measure: Measure, by: Dimension | null): Matches {
  const sumOf = sumsByRow(measure, by);
  const tolerance = 0.5 * 10 ** -decimalsOf(share) * (1 + 1e-6) + 1e-9;
  for (const scale of [100, 1].filter((size) => tolerance < size * 0.01)) {
    for (const counted of [1, 2]) {
      const found = tryShares(share, measure, { scale, counted, tolerance, sumOf });
      if (found !== null) {
        return found;
      }
    }
  }
  return { tested: 0, matched: 0 };
}

/** Finds columns that say each row's share in the sum of another column, of all rows or within groups. */
export function findShareColumns(built: BuiltTable, source: TableSource, data: TotalData): FoundTotal[] {
  const groups = data.dimensions.filter(({ values }) => values.length <= data.rowCount / 2).slice(0, 6);
  const found: FoundTotal[] = [];
  for (const share of shareColumns(built, source).slice(0, 8)) {
    const whole = data.measures
      .filter(({ name }) => name !== share.name)
      .slice(0, 20)
      .flatMap((measure) => [null, ...groups].map((by) => ({ measure, by, ...matches(share, measure, by) })))
      .find(({ matched }) => matched > 0);
    if (whole !== undefined) {
      const total = {
        kind: "share-column" as const,
        column: share.name,
        value: null,
        measures: [share.name],
        groupBy: whole.by === null ? [] : [whole.by.name],
        parts: [whole.measure.name],
        matchedGroups: whole.matched,
        groups: whole.tested,
      };
      found.push({ total, example: null, exceptions: [], lone: 0, within: null });
    }
  }
  return found;
}
