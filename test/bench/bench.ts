/** One measured figure and the bound it must keep. */
export interface BenchFigure {
  readonly name: string;
  /** Of `median`, `p99` and `bound`: `ms`, `ratio`, `bytes`, `MB`. */
  readonly unit: string;
  readonly median: number;
  readonly p99: number;
  /** What is compared with `bound`: the median, or the median of ratios taken within each round. */
  readonly ratio: number;
  readonly bound: number;
  readonly ok: boolean;
}

/** What could not be measured on this machine: said, and no failure. */
export interface MissingFigure {
  readonly name: string;
  /** Why, for a person. */
  readonly missing: string;
}

/** A group of figures that are measured together. */
export interface Bench {
  readonly name: string;
  /** Runs only when it is named: it takes minutes, or writes files. */
  readonly onRequest?: true;
  run(): Promise<readonly (BenchFigure | MissingFigure)[]>;
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value that 99 of 100 stay at or under (nearest rank). */
export function p99(values: readonly number[]): number {
  const sorted = [...values].toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? Number.NaN;
}

/** Runs `round` one after the other, after `warmUps` rounds that do not count. */
export async function rounds<T>(count: number, warmUps: number, round: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for await (const result of repeat(count + warmUps, round)) {
    results.push(result);
  }
  return results.slice(warmUps);
}

async function* repeat<T>(count: number, round: () => Promise<T>): AsyncGenerator<T> {
  for (let index = 0; index < count; index++) {
    yield round();
  }
}

/** A figure in milliseconds, bytes or another unit, bounded in its median. */
export function figure(name: string, unit: string, values: readonly number[], bound: number): BenchFigure {
  const middle = median(values);
  return {
    name,
    unit,
    median: rounded(middle),
    p99: rounded(p99(values)),
    ratio: rounded(middle),
    bound,
    ok: middle <= bound,
  };
}

/** A figure that compares: each pair is ours and theirs, measured right after one another. */
export function ratioFigure(
  name: string,
  pairs: readonly (readonly [ours: number, theirs: number])[],
  bound: number,
): BenchFigure {
  return figure(
    name,
    "ratio",
    pairs.map(([ours, theirs]) => ours / theirs),
    bound,
  );
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
