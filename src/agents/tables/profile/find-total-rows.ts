import { nearlyEqual } from "./find-footer.ts";
import { closesGroups } from "./closing-rows.ts";
import { cellsOf, type Cells } from "./group-cells.ts";
import type { Dimension, FoundTotal, Measure, TotalData } from "./total-data.ts";
import { restrictRows } from "./total-data.ts";
import { totalSums } from "./total-sums.ts";
import { isTotalWord, namesTotal } from "./total-words.ts";

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
  /** A group that matches, from the middle of the table rather than its beginning. */
  example: { group: number; counted: number; right: number } | null;
  /** How many matches there were at the example. */
  exampleAt: number;
  /** Groups that do not match, the first few. */
  readonly exceptions: { readonly group: number; readonly said: number; readonly parts: number }[];
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

const mostExceptions = 3;
const mostGroupings = 24;
/** Looking at one row for one measure costs about 20 ns; this bounds the search to a fraction of a second. */
const mostLooks = 4_000_000;

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
    trial = {
      groups: 0,
      matched: 0,
      tested: 0,
      testedMatched: 0,
      bits: 0,
      sums: new Set(),
      example: null,
      exampleAt: 0,
      exceptions: [],
    };
    trials.set(code, trial);
  }
  const parts = filled - (sum === 0 ? 0 : 1);
  const right = all - sum;
  trial.groups += 1;
  trial.tested += parts >= 2 ? 1 : 0;
  if (sum === 0 || !nearlyEqual(sum, right, size)) {
    if (trial.exceptions.length < mostExceptions) {
      trial.exceptions.push({ group: index, said: sum, parts: right });
    }
    return;
  }
  trial.matched += 1;
  if (parts >= 2) {
    trial.testedMatched += 1;
    trial.bits += Math.log2(1 + Math.abs(sum));
    trial.sums.add(sum);
  }
  if (trial.example === null || trial.matched === 2 * trial.exampleAt) {
    trial.example = { group: index, counted: all, right: sum };
    trial.exampleAt = trial.matched;
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

/** Every group that has the value matches, and at least two have parts. */
function agreesThroughout(trial: Trial): boolean {
  return trial.matched === trial.groups && trial.testedMatched === trial.tested && trial.tested >= 2;
}

/**
 * Bits of evidence needed before a value is called a total: few where its name, its place or another level says so, and
 * hardly any where it is called a total, nothing else, and every group agrees.
 */
function neededBits(name: string, depth: number, { closing, exact }: { closing: boolean; exact: boolean }): number {
  if (name === "") {
    return closing ? 8 : depth > 0 ? 12 : 25;
  }
  return exact && isTotalWord(name) ? 2 : namesTotal(name) ? (exact ? 4 : 6) : 30;
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

/**
 * A total holds about half of everything; with a name that says so, or where a missing value marks it, it may hold
 * nearly nothing or nearly all, since some groups have totals only and others parts only.
 */
function mayTotal(share: number, name: string): boolean {
  return name === "" ? share < 1 : namesTotal(name) || (share >= 0.25 && share <= 0.75);
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
  const closing = new Map(
    [...codes].map((code) => [code, carrier.values[code] === "" && by.length > 0 && closesGroups(cells, code)]),
  );
  for (const measure of data.measures) {
    for (const [code, trial] of tryValues(cells, measure, codes)) {
      const regular = closing.get(code) === true && agreesThroughout(trial);
      if (regular || holds(trial, carrier.values[code] ?? "", carrier.values.length - 1)) {
        const trials = byCode.get(code) ?? new Map<string, Trial>();
        trials.set(measure.name, trial);
        byCode.set(code, trials);
      }
    }
  }
  const convincing = [...byCode].filter(([code, trials]) => {
    const bits = [...trials.values()].reduce((sum, trial) => sum + trial.bits, 0);
    const exact = [...trials.values()].every(({ matched, groups }) => matched === groups);
    return bits >= neededBits(carrier.values[code] ?? "", data.depth, { closing: closing.get(code) ?? false, exact });
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

/** How a group is named: by its values in the columns that make the groups. */
function groupName({ cells, by }: Finding, group: number): string {
  const row = cells.groupRow[group] ?? 0;
  return by.map((dimension) => dimension.values[dimension.codes[row] ?? 0] || "(missing)").join(", ");
}

/** The values beside which the total stands, and how many groups, with a name, have the total and nothing else. */
function partsOf({ cells, code, by }: Finding): { parts: Set<number>; lone: number } {
  const parts = new Set<number>();
  let lone = 0;
  cells.groups.forEach((group, index) => {
    const codes = group.map((cell) => cells.value[cell] ?? 0);
    if (codes.includes(code)) {
      const row = cells.groupRow[index] ?? 0;
      const named = by.every((dimension) => dimension.values[dimension.codes[row] ?? 0] !== "");
      lone += named && codes.length === 1 ? 1 : 0;
      codes.filter((other) => other !== code).forEach((other) => parts.add(other));
    }
  });
  return { parts, lone };
}

/**
 * Columns that part the groups and whose missing values mark the totals of another level: a total of this level stands
 * among those rows.
 */
function levelsOf(finding: Finding, all: readonly Finding[]): readonly string[] {
  const { cells, code } = finding;
  const rows = cells.groups.flatMap((group, index) =>
    group.length > 1 && group.some((cell) => cells.value[cell] === code) ? [cells.groupRow[index] ?? 0] : [],
  );
  const marked = new Set(
    all.filter((other) => other.carrier.values[other.code] === "").map(({ carrier }) => carrier.name),
  );
  return finding.by
    .filter(({ name, codes, values }) => marked.has(name) && rows.every((row) => values[codes[row] ?? 0] === ""))
    .map(({ name }) => name);
}

function describe(finding: Finding, all: readonly Finding[], data: TotalData): FoundTotal {
  const { carrier, code, by, trials } = finding;
  const tried = [...trials];
  const [measure, worst] = tried.reduce((a, b) => (b[1].matched / b[1].groups < a[1].matched / a[1].groups ? b : a));
  const example = tried[0]?.[1].example ?? null;
  const levels = levelsOf(finding, all);
  const named = { ...finding, by: by.filter(({ name }) => !levels.includes(name)) };
  const { parts, lone } = partsOf(named);
  return {
    total: {
      kind: "rows",
      column: carrier.name,
      value: carrier.values[code] === "" ? null : (carrier.values[code] ?? null),
      measures: [...trials.keys()],
      groupBy: named.by.map(({ name }) => name),
      parts: [...parts].slice(0, 50).map((part) => carrier.values[part] ?? ""),
      matchedGroups: worst.matched,
      groups: worst.groups,
      sums: totalSums(
        finding.cells,
        code,
        data.measures.filter(({ name }) => trials.has(name)),
        (group) => groupName(named, group),
      ),
    },
    example:
      example === null
        ? null
        : { group: groupName(named, example.group), counted: example.counted, right: example.right },
    exceptions: worst.exceptions.map(({ group, said, parts: sum }) => ({
      group: groupName(named, group),
      measure,
      said,
      parts: sum,
    })),
    lone,
    within: levels[0] ?? null,
  };
}

/**
 * Finds values whose rows equal the sum of the other rows of their group. Where a missing value marks the totals of a
 * finer level, the coarser level is looked for among those rows.
 */
export function findTotalRows(data: TotalData): FoundTotal[] {
  if (data.rowCount < 3 || data.measures.length === 0) {
    return [];
  }
  const found: FoundTotal[] = [];
  const findings = withoutEchoes(bestFindings(data));
  for (const finding of findings) {
    found.push(describe(finding, findings, data));
    if (data.depth < 2) {
      const coarser = restrictRows(data, (row) => finding.carrier.codes[row] === finding.code, finding.carrier);
      for (const other of findTotalRows(coarser)) {
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
