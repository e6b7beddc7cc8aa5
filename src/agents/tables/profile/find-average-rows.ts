import type { FoundTotal, TotalData } from "./total-data.ts";
import { isAverageWord } from "./total-words.ts";

const mostIndexes = 500;

/** Equal as far as the rounding of a written mean goes. */
function roundsTo(mean: number, said: number): boolean {
  const decimals = /\.(\d+)$/u.exec(String(said))?.[1]?.length ?? 0;
  return Math.abs(mean - said) <= 0.5 * 10 ** -Math.min(decimals, 9) * (1 + 1e-9) + 1e-9 * Math.abs(said);
}

function meanOf(numbers: Float64Array, rows: readonly number[]): number {
  const filled = rows.map((row) => numbers[row] ?? Number.NaN).filter((value) => !Number.isNaN(value));
  return filled.reduce((sum, value) => sum + value, 0) / filled.length;
}

/** Finds rows named as an average that are the mean of all others, or of those since the last such row. */
export function findAverageRows(data: TotalData): FoundTotal[] {
  for (const { name, carrier, codes, values } of data.dimensions) {
    const words = new Set(values.flatMap((value, code) => (isAverageWord(value) ? [code] : [])));
    if (!carrier || words.size === 0) {
      continue;
    }
    const rows = [...codes.keys()];
    const named = rows.filter((row) => words.has(codes[row] ?? -1));
    const others = rows.filter((row) => !words.has(codes[row] ?? -1));
    const blockOf = (row: number): readonly number[] => {
      const before = named.findLast((other) => other < row) ?? -1;
      return others.filter((other) => other > before && other < row);
    };
    const measures = data.measures.filter(
      ({ numbers }) =>
        named.every((row) => {
          const said = numbers[row] ?? Number.NaN;
          const near = (group: readonly number[]): boolean =>
            group.length >= 2 && roundsTo(meanOf(numbers, group), said);
          return Number.isNaN(said) || near(others) || near(blockOf(row));
        }) && named.some((row) => !Number.isNaN(numbers[row] ?? Number.NaN)),
    );
    if (measures.length > 0) {
      const sums = measures.map(({ name: measure, numbers }) => {
        const add = (some: readonly number[]): number => some.reduce((sum, row) => sum + (numbers[row] || 0), 0);
        return { measure, group: "", counted: add(rows), right: add(others) };
      });
      const total = {
        kind: "average-rows" as const,
        column: name,
        value: values[codes[named[0] ?? 0] ?? 0] ?? null,
        measures: measures.map(({ name: measure }) => measure),
        groupBy: [],
        parts: [],
        matchedGroups: named.length,
        groups: named.length,
        rowIndexes: named.slice(0, mostIndexes),
        sums,
      };
      return [{ total, example: null, exceptions: [], lone: 0, within: null }];
    }
  }
  return [];
}
