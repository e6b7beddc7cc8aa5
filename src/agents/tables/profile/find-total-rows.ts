import { nearlyEqual } from "./find-footer.ts";
import type { Dimension, FoundTotal, Measure, TotalData } from "./total-data.ts";
import { restrictRows } from "./total-data.ts";
import { namesTotal } from "./total-words.ts";

/** One value in one group: the rows that share both. */
interface Cells {
  /** Cell of each row. */
  readonly cellOfRow: Int32Array;
  /** Value code of each cell. */
  readonly value: readonly number[];
  /** Cells of each group. */
  readonly groups: readonly (readonly number[])[];
  /** A row of each group, to name it. */
  readonly groupRow: readonly number[];
}

/** How a value fares as the total of the others, over one measure. */
interface Trial {
  groups: number;
  matched: number;
  /** Groups with at least two parts that are not zero. */
  tested: number;
  testedMatched: number;
  /** How unlikely the matches are by chance, in bits. */
  bits: number;
  readonly sums: Set<number>;
  example: { group: number; counted: number; right: number } | null;
}

/** A value that totals the others under one grouping. */
interface Finding {
  readonly carrier: Dimension;
  readonly code: number;
  readonly by: readonly Dimension[];
  readonly trials: ReadonlyMap<string, Trial>;
  readonly score: number;
  readonly cells: Cells;
}

const mostGroupings = 24;
/** Looking at one row for one measure costs about 20 ns; this bounds the search to a fraction of a second. */
const mostLooks = 4_000_000;

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

function cellsOf(data: TotalData, carrier: Dimension, by: readonly Dimension[]): Cells {
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

/** Tries the values `codes` as the total of the others, in every group. */
function tryValues(cells: Cells, measure: Measure, codes: ReadonlySet<number>): Map<number, Trial> {
  const sums = new Float64Array(cells.value.length);
  measure.numbers.forEach((number, row) => {
    if (!Number.isNaN(number)) {
      const cell = cells.cellOfRow[row] ?? 0;
      sums[cell] = (sums[cell] ?? 0) + number;
    }
  });
  const trials = new Map<number, Trial>();
  cells.groups.forEach((group, index) => {
    if (group.length < 2 || !group.some((cell) => codes.has(cells.value[cell] ?? 0))) {
      return;
    }
    let all = 0;
    let filled = 0;
    for (const cell of group) {
      const sum = sums[cell] ?? 0;
      all += sum;
      filled += sum === 0 ? 0 : 1;
    }
    if (filled < 1) {
      return;
    }
    for (const cell of group) {
      const code = cells.value[cell] ?? 0;
      if (codes.has(code)) {
        tryCell({ trials, code, sum: sums[cell] ?? 0, all, filled, index, size: group.length });
      }
    }
  });
  return trials;
}

interface CellTrial {
  readonly trials: Map<number, Trial>;
  readonly code: number;
  readonly sum: number;
  readonly all: number;
  /** Cells of the group whose sum is not zero. */
  readonly filled: number;
  readonly index: number;
  readonly size: number;
}

function tryCell({ trials, code, sum, all, filled, index, size }: CellTrial): void {
  let trial = trials.get(code);
  if (trial === undefined) {
    trial = { groups: 0, matched: 0, tested: 0, testedMatched: 0, bits: 0, sums: new Set(), example: null };
    trials.set(code, trial);
  }
  const parts = filled - (sum === 0 ? 0 : 1);
  const right = all - sum;
  trial.groups += 1;
  trial.tested += parts >= 2 ? 1 : 0;
  if (sum === 0 || !nearlyEqual(sum, right, size)) {
    return;
  }
  trial.matched += 1;
  if (parts >= 2) {
    trial.testedMatched += 1;
    trial.bits += Math.log2(1 + Math.abs(sum));
    trial.sums.add(sum);
  }
  if (trial.example === null || (index === 1 && trial.example.group === 0)) {
    trial.example = { group: index, counted: all, right: sum };
  }
}

/** The matches are too many to be chance in this measure; how much they weigh is asked of all measures together. */
function holds(trial: Trial, name: string, parts: number): boolean {
  const share = trial.tested === 0 ? 0 : trial.testedMatched / trial.tested;
  const all = trial.matched / trial.groups;
  if (name === "") {
    return share >= 0.5 && (trial.sums.size >= 3 || (share >= 0.9 && parts >= 5));
  }
  if (namesTotal(name)) {
    return share >= 0.5 && all >= 0.5 && parts >= 2;
  }
  return share >= 0.95 && all >= 0.9 && trial.testedMatched >= 5 && trial.sums.size >= 4;
}

/** Bits of evidence needed before a value is called a total: few where its name says so. */
function neededBits(name: string): number {
  return name === "" ? 25 : namesTotal(name) ? 6 : 40;
}

/** Ways to group the rows: none, by one column, by two, by all. */
function groupings(data: TotalData, carrier: Dimension): Dimension[][] {
  const others = data.dimensions.filter(
    (dimension) => dimension.name !== carrier.name && dimension.values.length <= data.rowCount - 2,
  );
  const useful = others.filter((dimension) => new Set(dimension.codes).size > 1).slice(0, 8);
  const sets: Dimension[][] = [[], ...useful.map((dimension) => [dimension])];
  for (const [index, first] of useful.entries()) {
    for (const second of useful.slice(index + 1)) {
      sets.push([first, second]);
    }
  }
  if (useful.length > 2) {
    sets.splice(mostGroupings - 1, 0, useful);
  }
  return sets.slice(0, mostGroupings);
}

/** A total holds about half of everything; with a name that says so, it may be a total of few groups. */
function mayTotal(share: number, name: string): boolean {
  if (name === "") {
    return share >= 0.02 && share <= 0.98;
  }
  return namesTotal(name) || (share >= 0.25 && share <= 0.75);
}

/** Values that hold enough of the whole to be its total. */
function candidates(data: TotalData, carrier: Dimension): Set<number> {
  const found = new Set<number>();
  for (const measure of data.measures) {
    const sums = new Float64Array(carrier.values.length);
    let all = 0;
    measure.numbers.forEach((number, row) => {
      if (!Number.isNaN(number)) {
        const code = carrier.codes[row] ?? 0;
        sums[code] = (sums[code] ?? 0) + Math.abs(number);
        all += Math.abs(number);
      }
    });
    sums.forEach((sum, code) => {
      const name = carrier.values[code] ?? "";
      if (sum > 0 && mayTotal(sum / all, name)) {
        found.add(code);
      }
    });
  }
  return found;
}

function findUnder(
  data: TotalData,
  carrier: Dimension,
  by: readonly Dimension[],
  codes: ReadonlySet<number>,
): Finding[] {
  const cells = cellsOf(data, carrier, by);
  if (!cells.groups.some((group) => group.length >= 3)) {
    return [];
  }
  const byCode = new Map<number, Map<string, Trial>>();
  for (const measure of data.measures) {
    for (const [code, trial] of tryValues(cells, measure, codes)) {
      if (holds(trial, carrier.values[code] ?? "", carrier.values.length - 1)) {
        const trials = byCode.get(code) ?? new Map<string, Trial>();
        trials.set(measure.name, trial);
        byCode.set(code, trials);
      }
    }
  }
  const convincing = [...byCode].filter(([code, trials]) => {
    const bits = [...trials.values()].reduce((sum, trial) => sum + trial.bits, 0);
    return bits >= neededBits(carrier.values[code] ?? "");
  });
  return convincing.map(([code, trials]) => {
    const best = [...trials.values()].reduce((a, b) => (b.matched > a.matched ? b : a));
    const score = (trials.size * best.matched * (best.matched / best.groups)) / (1 + 0.15 * Math.max(0, by.length - 1));
    return { carrier, code, by, trials, score, cells };
  });
}

/** Columns in which some value names a total come first. */
function nameRank(dimension: Dimension): number {
  return dimension.values.some((value) => namesTotal(value)) ? 0 : 1;
}

function bestFindings(data: TotalData): Finding[] {
  const best = new Map<string, Finding>();
  let looks = 0;
  const carriers = data.dimensions
    .filter((dimension) => dimension.carrier)
    .toSorted((a, b) => nameRank(a) - nameRank(b));
  for (const carrier of carriers) {
    const codes = candidates(data, carrier);
    if (codes.size === 0 || carrier.values.length < 3) {
      continue;
    }
    for (const by of groupings(data, carrier)) {
      looks += data.rowCount * (6 + by.length + data.measures.length);
      if (looks > mostLooks) {
        break;
      }
      for (const finding of findUnder(data, carrier, by, codes)) {
        const key = `${carrier.name}\0${finding.code}`;
        const known = best.get(key);
        if (known === undefined || finding.score > known.score * 1.01) {
          best.set(key, finding);
        }
      }
    }
  }
  return [...best.values()];
}

/** Columns that code one thing, such as a name and its number, give the same finding: the first is kept. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const seen: Finding[] = [];
  for (const finding of findings) {
    const rows = (other: Finding): string =>
      other.carrier.codes.reduce(
        (text, code, row) => (code === other.code && text.length < 4000 ? `${text},${row}` : text),
        "",
      );
    if (!seen.some((known) => rows(known) === rows(finding))) {
      seen.push(finding);
    }
  }
  return seen;
}

function describe(finding: Finding, within: string | null): FoundTotal {
  const { carrier, code, by, trials, cells } = finding;
  const all = [...trials.values()];
  const worst = all.reduce((a, b) => (b.matched / b.groups < a.matched / a.groups ? b : a));
  const example = all[0]?.example ?? null;
  const row = cells.groupRow[example?.group ?? 0] ?? 0;
  const inGroups = new Set<number>();
  for (const group of cells.groups) {
    const codes = group.map((cell) => cells.value[cell] ?? 0);
    if (codes.includes(code)) {
      codes.filter((other) => other !== code).forEach((other) => inGroups.add(other));
    }
  }
  const group = by.map((dimension) => dimension.values[dimension.codes[row] ?? 0] || "(missing)").join(", ");
  return {
    total: {
      kind: "rows",
      column: carrier.name,
      value: carrier.values[code] === "" ? null : (carrier.values[code] ?? null),
      measures: [...trials.keys()],
      groupBy: by.map((dimension) => dimension.name),
      parts: [...inGroups].slice(0, 50).map((part) => carrier.values[part] ?? ""),
      matchedGroups: worst.matched,
      groups: worst.groups,
    },
    example: example === null ? null : { group, counted: example.counted, right: example.right },
    within,
  };
}

/**
 * Finds values whose rows equal the sum of the other rows of their group. Where a missing value marks the totals of a
 * finer level, the coarser level is looked for among those rows.
 */
export function findTotalRows(data: TotalData, depth = 0): FoundTotal[] {
  if (data.rowCount < 3 || data.measures.length === 0) {
    return [];
  }
  const found: FoundTotal[] = [];
  for (const finding of withoutEchoes(bestFindings(data))) {
    found.push(describe(finding, null));
    if (depth < 2) {
      const coarser = restrictRows(data, (row) => finding.carrier.codes[row] === finding.code, finding.carrier);
      for (const other of findTotalRows(coarser, depth + 1)) {
        const known = found.some(
          (one) => one.total.column === other.total.column && one.total.value === other.total.value,
        );
        if (!known) {
          found.push({ ...other, within: finding.carrier.name });
        }
      }
    }
  }
  return found;
}
