import { nearlyEqual } from "./find-footer.ts";
import type { Dimension, FoundTotal, Measure, TotalData } from "./total-data.ts";

const mostRows = 5000;
const mostGroups = 500;
const fewestSteps = 4;
const running = /累计|累積|累计值|cumul|(^|[^a-z])(cum|ytd|running|to[ _-]date)([^a-z]|$)|kumul|acumul/iu;

/** The rows, in order, as they follow each other within groups. */
function sequences(data: TotalData, by: Dimension | null): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < Math.min(data.rowCount, mostRows); row += 1) {
    const code = by?.codes[row] ?? 0;
    const rows = groups.get(code);
    if (rows === undefined) {
      groups.set(code, [row]);
    } else {
      rows.push(row);
    }
  }
  return [...groups.values()];
}

/** A row behind another: what stands before it, in it, and what should have been added. */
interface Step {
  readonly last: number;
  readonly value: number;
  readonly more: number;
}

/** The steps of a sequence that tell something: nothing is missing, nothing is zero, and the sum does not begin anew. */
function stepsOf(whole: Measure, step: Measure, sequence: readonly number[]): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 1; at < sequence.length; at += 1) {
    const row = sequence[at] ?? 0;
    const last = whole.numbers[sequence[at - 1] ?? 0] ?? Number.NaN;
    const value = whole.numbers[row] ?? Number.NaN;
    const more = step.numbers[row] ?? Number.NaN;
    if (!Number.isNaN(last + value + more) && more !== 0 && last !== 0 && value !== more) {
      steps.push({ last, value, more });
    }
  }
  return steps;
}

/** Each value of `whole` is the one before it and that of `step`; it may begin anew. */
function runsUp(
  whole: Measure,
  step: Measure,
  rows: readonly (readonly number[])[],
): { tested: number; matched: number } {
  const different = new Set<number>();
  let tested = 0;
  let matched = 0;
  for (const sequence of rows) {
    for (const { last, value, more } of stepsOf(whole, step, sequence)) {
      tested += 1;
      if (nearlyEqual(value, last + more, 2)) {
        matched += 1;
        different.add(more);
      } else if (tested - matched > 3 && matched < tested * 0.9) {
        return { tested, matched: 0 };
      }
    }
  }
  const telling = different.size >= fewestSteps && [...different].some((value) => Math.abs(value) >= 8);
  return { tested, matched: telling ? matched : 0 };
}

function isRising({ numbers }: Measure, rows: readonly (readonly number[])[]): boolean {
  let rises = 0;
  for (const sequence of rows) {
    for (let at = 1; at < sequence.length; at += 1) {
      const difference = (numbers[sequence[at] ?? 0] ?? 0) - (numbers[sequence[at - 1] ?? 0] ?? 0);
      if (difference < 0 || Number.isNaN(difference)) {
        return false;
      }
      rises += difference > 0 ? 1 : 0;
    }
  }
  return rises >= fewestSteps;
}

interface Sequenced {
  readonly by: Dimension | null;
  readonly rows: readonly (readonly number[])[];
}

function find(whole: Measure, data: TotalData, ways: readonly Sequenced[]): FoundTotal | null {
  for (const { by, rows } of ways) {
    for (const step of data.measures) {
      const { tested, matched } = step === whole ? { tested: 0, matched: 0 } : runsUp(whole, step, rows);
      if (matched >= Math.max(fewestSteps, tested * 0.95)) {
        return describe(whole, [step.name], { by, tested, matched, rows });
      }
    }
    if (running.test(whole.name) && isRising(whole, rows)) {
      return describe(whole, [], { by, tested: 0, matched: 0, rows });
    }
  }
  return null;
}

function describe(
  { name, numbers }: Measure,
  parts: readonly string[],
  found: Sequenced & { readonly tested: number; readonly matched: number },
): FoundTotal {
  const add = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + (numbers[row] || 0), 0);
  const counted = found.rows.reduce((sum, rows) => sum + add(rows), 0);
  const largest = (rows: readonly number[]): number => rows.reduce((most, row) => Math.max(most, numbers[row] || 0), 0);
  const right = found.rows.reduce((sum, rows) => sum + largest(rows), 0);
  const total = {
    kind: "running-column" as const,
    column: name,
    value: null,
    measures: [name],
    groupBy: found.by === null ? [] : [found.by.name],
    parts: [...parts],
    matchedGroups: found.matched,
    groups: found.tested,
    sums: [{ measure: name, group: "", counted, right }],
  };
  return { total, example: null, exceptions: [], lone: 0, within: null };
}

/** Finds columns that add up another from row to row, in the order of the file or against it, within groups perhaps. */
export function findRunningColumns(data: TotalData): FoundTotal[] {
  const groups = data.dimensions.filter(({ carrier, values }) => carrier && values.length <= mostGroups).slice(0, 6);
  const forward = [null, ...groups].map((by) => ({ by, rows: sequences(data, by) }));
  const ways = [...forward, ...forward.map(({ by, rows }) => ({ by, rows: rows.map((row) => row.toReversed()) }))];
  const measures = data.measures.slice(0, 20);
  return measures.flatMap((whole) => {
    const found = find(whole, { ...data, measures }, ways);
    return found === null ? [] : [found];
  });
}
