import type { TableWarning } from "../../protocol/table-profile.ts";
import type { NumberStyle } from "../readers/table-source.ts";
import { isNumericType, type ColumnReading } from "./column-reading.ts";
import { parseAmount } from "./parse-cell.ts";

const fewestNumbers = 10;
/** A value this many times the next one, far above the quartiles, is doubtful. */
const jump = 8;
const farQuartiles = 10;
const sentinel = /^-?9{2,}$|^-1$/u;

/** The different numbers of a column, ascending; `null` where they are too many to be known. */
function numbersOf({ values, missing }: ColumnReading, style: NumberStyle): readonly number[] | null {
  if (values === null) {
    return null;
  }
  const numbers = values
    .filter((value) => !missing.has(String(value)))
    .map((value) => (typeof value === "string" ? (parseAmount(value, style) ?? Number.NaN) : Number(value)))
    .filter((value) => Number.isFinite(value));
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

function spread({ profile }: ColumnReading): { low: number; high: number; range: number } | null {
  const { quartiles } = profile;
  return quartiles === null
    ? null
    : { low: quartiles[0], high: quartiles[2], range: Math.max(quartiles[2] - quartiles[0], 1e-12) };
}

/** A number such as -999 or 9999 that stands for "missing": at the end of the range, often, and far from the others. */
function sentinels(reading: ColumnReading, numbers: readonly number[]): TableWarning[] {
  const { name, top, mean } = reading.profile;
  const around = spread(reading);
  if (around === null) {
    return [];
  }
  return [numbers.at(-1), numbers[0]].flatMap((value, index) => {
    const count = top.find((entry) => Number(entry.value) === value)?.count ?? 1;
    const neighbour = index === 0 ? numbers.at(-2) : numbers[1];
    if (value === undefined || neighbour === undefined || !sentinel.test(String(value))) {
      return [];
    }
    const others = index === 0 ? neighbour - (numbers[0] ?? 0) : (numbers.at(-1) ?? 0) - neighbour;
    const distance = Math.abs(value - neighbour);
    const often = count >= (Math.abs(value) >= 999 ? 1 : 3);
    const negative = value < 0 && neighbour >= 0 && (numbers.at(-1) ?? 0) >= 10;
    const far =
      value === -1
        ? negative && count >= 3 && neighbour >= 2
        : distance > Math.max(others, 2 * around.range) || (negative && distance > around.range);
    return often && far
      ? [
          {
            code: "sentinel-values",
            severity: "warning" as const,
            message: `In ${name}, ${value} (${count} ${count === 1 ? "time" : "times"}) lies far from all other values and probably means missing. It is part of the mean ${mean === null ? "" : Number(mean.toPrecision(6))} and of every sum: leave it out first.`,
            columns: [name],
            values: { column: name, value, count, neighbour },
          },
        ]
      : [];
  });
}

/** Few values that lie far beyond all others. */
function outliers(reading: ColumnReading, numbers: readonly number[]): TableWarning[] {
  const { name, mean, sum, distinct } = reading.profile;
  const around = spread(reading);
  const count = reading.evidence.numbers.count;
  if (around === null || mean === null || sum === null || distinct < fewestNumbers || count < fewestNumbers) {
    return [];
  }
  for (const places of [1, 2, 3]) {
    const [extreme, next] = [numbers.at(-places), numbers.at(-places - 1)];
    if (extreme === undefined || next === undefined) {
      return [];
    }
    if (next > 0 && extreme >= next * jump && extreme > around.high + farQuartiles * around.range) {
      const [largest = extreme] = numbers.slice(-1);
      return [
        {
          code: "outliers",
          severity: "info",
          message: `${name} has ${places === 1 ? "a value" : `${places} values`} far beyond the others: up to ${largest}, while the next is ${next}. Is that right, or another unit or a slip? It moves the mean (${Number(mean.toPrecision(6))}); the median is ${reading.profile.quartiles?.[1] ?? ""}.`,
          columns: [name],
          values: { column: name, value: largest, next, count: places, median: reading.profile.quartiles?.[1] ?? 0 },
        },
      ];
    }
  }
  return [];
}

/** Numbers that are probably no measurements: codes for missing, slips, other units. */
export function numberDoubts(reading: ColumnReading, style: NumberStyle): TableWarning[] {
  const { type } = reading.profile;
  if (!isNumericType(type) || reading.profile.approximate === true) {
    return [];
  }
  const numbers = numbersOf(reading, style);
  if (numbers === null || numbers.length < 4) {
    return [];
  }
  const found = sentinels(reading, numbers);
  return found.length > 0 || type === "year" ? found : outliers(reading, numbers);
}
