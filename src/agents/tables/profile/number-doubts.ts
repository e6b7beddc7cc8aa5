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

/** The quartiles of a column and how far they are apart. */
interface Spread {
  readonly low: number;
  readonly high: number;
  readonly range: number;
  readonly median: number;
}

function spreadOf({ profile }: ColumnReading): Spread | null {
  if (profile.quartiles === null) {
    return null;
  }
  const [low, median, high] = profile.quartiles;
  return { low, high, median, range: Math.max(high - low, 1e-12) };
}

/** A value at an end of the range, and what lies beside it. */
interface End {
  readonly value: number;
  readonly neighbour: number;
  /** The other end. */
  readonly opposite: number;
  readonly count: number;
}

function endsOf({ profile }: ColumnReading, numbers: readonly number[]): readonly End[] {
  const [first, second] = numbers;
  const [last, before] = [numbers.at(-1), numbers.at(-2)];
  if (first === undefined || second === undefined || last === undefined || before === undefined) {
    return [];
  }
  const countOf = (value: number): number => profile.top.find((entry) => Number(entry.value) === value)?.count ?? 1;
  return [
    { value: last, neighbour: before, opposite: first, count: countOf(last) },
    { value: first, neighbour: second, opposite: last, count: countOf(first) },
  ];
}

/** -1 among counts, or nines far from everything else. */
function isSentinel({ value, neighbour, opposite, count }: End, { low, high, range }: Spread): boolean {
  const negative = value < 0 && neighbour >= 0 && opposite >= 10;
  if (value === -1) {
    return negative && count >= 3 && neighbour >= 2;
  }
  const distance = Math.abs(value - neighbour);
  const others = Math.abs(neighbour - opposite);
  // So often that a quartile lies among them: the quartiles say nothing of the others.
  const frequent = value < neighbour ? low < neighbour : high > neighbour;
  const far = frequent
    ? distance > 5 * others
    : distance > Math.max(others, 2 * range) || (negative && distance > range);
  return far && count >= (Math.abs(value) >= 999 ? 1 : 3);
}

/** Prices like to end in nines: one more is no sign. */
function endsInNine(numbers: readonly number[]): boolean {
  const others = numbers.filter((value) => !sentinel.test(String(value)));
  return others.filter((value) => String(value).endsWith("9")).length >= Math.max(2, others.length * 0.4);
}

/** A number such as -999 or 9999 that stands for "missing": at the end of the range, often, and far from the others. */
function sentinels(reading: ColumnReading, numbers: readonly number[], spread: Spread): TableWarning[] {
  const { name, mean } = reading.profile;
  const prices = endsInNine(numbers) || reading.profile.type === "money";
  const found = endsOf(reading, numbers).filter(
    (end) => sentinel.test(String(end.value)) && !(prices && end.value > 0) && isSentinel(end, spread),
  );
  return found.map(({ value, count, neighbour }) => ({
    code: "sentinel-values",
    severity: "warning",
    message: `In ${name}, ${value} (${count} ${count === 1 ? "time" : "times"}) lies far from all other values and probably means missing. It is part of the mean${mean === null ? "" : ` ${Number(mean.toPrecision(6))}`} and of every sum: leave it out first.`,
    columns: [name],
    values: { column: name, value, count, neighbour },
  }));
}

/** How many of the largest values lie far beyond all others, at most three. */
function farAbove(numbers: readonly number[], { high, range }: Spread): number {
  return (
    [1, 2, 3].find((places) => {
      const [extreme = 0, next = 0] = [numbers.at(-places), numbers.at(-places - 1)];
      return next > 0 && extreme >= next * jump && extreme > high + farQuartiles * range;
    }) ?? 0
  );
}

/** Few values that lie far beyond all others. */
function outliers(reading: ColumnReading, numbers: readonly number[], spread: Spread): TableWarning[] {
  const { name, mean } = reading.profile;
  const count = reading.evidence.numbers.count >= fewestNumbers ? farAbove(numbers, spread) : 0;
  const [largest, next] = [numbers.at(-1), numbers.at(-count - 1)];
  if (count === 0 || numbers.length < fewestNumbers || largest === undefined || next === undefined || mean === null) {
    return [];
  }
  return [
    {
      code: "outliers",
      severity: "info",
      message: `${name} has ${count === 1 ? "a value" : `${count} values`} far beyond the others: up to ${largest}, while the next is ${next}. Is that right, or another unit or a slip? It moves the mean (${Number(mean.toPrecision(6))}); the median is ${spread.median}.`,
      columns: [name],
      values: { column: name, value: largest, next, count, median: spread.median },
    },
  ];
}

/** Numbers that are probably no measurements: codes for missing, slips, other units. */
export function numberDoubts(reading: ColumnReading, style: NumberStyle): TableWarning[] {
  const { type, approximate } = reading.profile;
  const numbers = isNumericType(type) && approximate !== true ? numbersOf(reading, style) : null;
  const spread = spreadOf(reading);
  if (numbers === null || spread === null || numbers.length < 4) {
    return [];
  }
  const found = sentinels(reading, numbers, spread);
  return found.length > 0 || type === "year" ? found : outliers(reading, numbers, spread);
}
