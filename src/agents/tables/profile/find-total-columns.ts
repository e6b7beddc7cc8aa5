import { nearlyEqual } from "./find-footer.ts";
import type { FoundTotal, Measure, TotalData } from "./total-data.ts";
import { namesTotal } from "./total-words.ts";

const mostRows = 20_000;
const mostForPairs = 24;
/** So many different sums are no constant. */
const enoughSums = 4;

/** How a column fares as the sum of others. */
interface ColumnTrial {
  readonly parts: readonly Measure[];
  readonly tested: number;
  readonly matched: number;
  readonly bits: number;
  /** Different sums that match. */
  readonly sums: number;
}

function tryParts(whole: Measure, parts: readonly Measure[], rowCount: number): ColumnTrial {
  let tested = 0;
  let matched = 0;
  let bits = 0;
  const sums = new Set<number>();
  for (let row = 0; row < Math.min(rowCount, mostRows); row += 1) {
    const said = whole.numbers[row] ?? Number.NaN;
    if (Number.isNaN(said)) {
      continue;
    }
    let sum = 0;
    let filled = 0;
    for (const part of parts) {
      const number = part.numbers[row] ?? Number.NaN;
      if (!Number.isNaN(number) && number !== 0) {
        sum += number;
        filled += 1;
      }
    }
    if (filled < 2) {
      continue;
    }
    tested += 1;
    if (nearlyEqual(said, sum, parts.length)) {
      matched += 1;
      bits += Math.log2(1 + Math.abs(said));
      if (sums.size < enoughSums) {
        sums.add(said);
      }
    } else if (tested - matched > 2 && matched < tested * 0.8) {
      return { parts, tested, matched, bits, sums: sums.size };
    }
  }
  return { parts, tested, matched, bits, sums: sums.size };
}

function convinces(trial: ColumnTrial, name: string): boolean {
  const share = trial.tested === 0 ? 0 : trial.matched / trial.tested;
  return namesTotal(name)
    ? share >= 0.9 && trial.bits >= 8 && trial.tested >= 2
    : share >= 0.98 && trial.bits >= 36 && trial.tested >= 6 && trial.sums >= enoughSums;
}

/** Columns right before or behind `index`, in runs of at least two, short ones first; any two; and all others. */
function runs(measures: readonly Measure[], index: number): (readonly Measure[])[] {
  const found: (readonly Measure[])[] = [];
  for (let length = 2; length < measures.length; length += 1) {
    if (index - length >= 0) {
      found.push(measures.slice(index - length, index));
    }
    if (index + length < measures.length) {
      found.push(measures.slice(index + 1, index + 1 + length));
    }
  }
  const others = measures.filter((_, at) => at !== index);
  const pairs = others.length > mostForPairs ? [] : others.flatMap((a, at) => others.slice(at + 1).map((b) => [a, b]));
  return others.length >= 2 ? [...found, ...pairs, others] : found;
}

/** Finds columns that are the sum of neighbouring columns. */
export function findTotalColumns(data: TotalData): FoundTotal[] {
  const found: FoundTotal[] = [];
  data.measures.forEach((whole, index) => {
    for (const parts of runs(data.measures, index)) {
      const trial = tryParts(whole, parts, data.rowCount);
      if (convinces(trial, whole.name)) {
        found.push({
          total: {
            kind: "column",
            column: whole.name,
            value: null,
            measures: [whole.name],
            groupBy: [],
            parts: trial.parts.map((part) => part.name),
            matchedGroups: trial.matched,
            groups: trial.tested,
          },
          example: null,
          exceptions: [],
          lone: 0,
          within: null,
        });
        return;
      }
    }
  });
  return found;
}
