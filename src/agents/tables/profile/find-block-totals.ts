import { nearlyEqual } from "./find-footer.ts";
import type { Dimension, FoundTotal, Measure, TotalData } from "./total-data.ts";
import { namesTotal } from "./total-words.ts";

const mostRows = 20_000;
const mostAnchors = 8;
const mostNames = 50;
const mostIndexes = 500;
/** Share of rows that must stand in some block where no name says which rows are totals. */
const leastCover = 0.9;

/** A row that is the sum of the `children` rows or totals beside it. */
interface Block {
  readonly row: number;
  readonly children: readonly number[];
}

/** Rows in the order in which totals follow what they total. */
interface Walk {
  readonly measure: Measure;
  readonly order: readonly number[];
  readonly mayTotal: (row: number) => boolean;
  /** A total may have one part. */
  readonly named: boolean;
}

const rounded = (sum: number): number => Math.round(sum * 1e4);

/**
 * Walks the rows with those on a stack that no total has taken yet. A row that equals the sum of the last of them is
 * their total and takes their place, so that totals of totals are found too.
 */
function blocksOf({ measure, order, mayTotal, named }: Walk): Block[] {
  const stack: number[] = [];
  const sums: number[] = [0];
  const places = new Map<number, number[]>([[0, [0]]]);
  const blocks: Block[] = [];
  const push = (row: number): void => {
    const value = measure.numbers[row] ?? Number.NaN;
    const sum = (sums.at(-1) ?? 0) + (Number.isNaN(value) ? 0 : value);
    stack.push(row);
    sums.push(sum);
    const known = places.get(rounded(sum));
    if (known === undefined) {
      places.set(rounded(sum), [stack.length]);
    } else {
      known.push(stack.length);
    }
  };
  const pop = (): void => {
    const sum = sums.pop() ?? 0;
    places.get(rounded(sum))?.pop();
    stack.pop();
  };
  for (const row of order) {
    const value = measure.numbers[row] ?? Number.NaN;
    const before = (sums.at(-1) ?? 0) - value;
    const [from] = Number.isNaN(value) || value === 0 || !mayTotal(row) ? [] : (places.get(rounded(before)) ?? []);
    const count = from === undefined ? 0 : stack.length - from;
    if (from !== undefined && count >= (named ? 1 : 2)) {
      blocks.push({ row, children: stack.slice(from) });
      for (let left = count; left > 0; left -= 1) {
        pop();
      }
    }
    push(row);
  }
  return blocks;
}

/** Decimals with which a measure is written, at most 4, by its first values. */
function decimalsOf({ numbers }: Measure): number {
  let most = 0;
  for (const value of numbers.subarray(0, 100)) {
    most = Math.max(most, /\.(\d+)$/u.exec(String(value))?.[1]?.length ?? 0);
  }
  return Math.min(most, 4);
}

/** How unlikely the blocks are by chance, in bits, and the measures for which they hold. */
function weigh(blocks: readonly Block[], data: TotalData): { bits: number; measures: Measure[] } {
  let bits = 0;
  const measures = data.measures.filter((measure) => {
    const quanta = 10 ** decimalsOf(measure);
    let tested = 0;
    let matched = 0;
    let weight = 0;
    for (const { row, children } of blocks) {
      const said = measure.numbers[row] ?? Number.NaN;
      const sum = children.reduce((all, child) => all + (measure.numbers[child] || 0), 0);
      if (!Number.isNaN(said) && (said !== 0 || sum !== 0)) {
        tested += 1;
        const equal = nearlyEqual(said, sum, children.length);
        matched += equal ? 1 : 0;
        weight += equal ? Math.max(0, Math.log2(1 + Math.abs(said) * quanta) - Math.log2(1 + data.rowCount / 4)) : 0;
      }
    }
    const holds = tested > 0 && matched >= tested * 0.8;
    bits += holds ? weight : 0;
    return holds;
  });
  return { bits, measures };
}

function nameOfRow(data: TotalData, row: number): string | null {
  for (const { carrier, codes, values } of data.dimensions) {
    const text = carrier ? (values[codes[row] ?? 0] ?? "") : "";
    if (namesTotal(text)) {
      return text;
    }
  }
  return null;
}

interface Attempt {
  readonly blocks: readonly Block[];
  readonly measures: readonly Measure[];
  readonly bits: number;
}

/** Every row but the outermost totals stands in a block, and no block is so small that chance would do. */
function convinces({ blocks, bits }: Attempt, rowCount: number, named: boolean): boolean {
  const inside = new Set(blocks.flatMap(({ children }) => children));
  const outermost = blocks.filter(({ row }) => !inside.has(row)).length;
  if (named) {
    return bits >= 8;
  }
  return (
    blocks.length > 0 &&
    rowCount >= 6 &&
    inside.size + outermost >= rowCount * leastCover &&
    outermost <= Math.max(1, rowCount / 4) &&
    bits >= (blocks.length === 1 ? 10 : 22) &&
    bits / blocks.length >= 7
  );
}

function attempt(data: TotalData, named: boolean, totals: ReadonlySet<number>): Attempt | null {
  const forward = Array.from({ length: data.rowCount }, (_, row) => row);
  let best: Attempt | null = null;
  for (const measure of data.measures.slice(0, mostAnchors)) {
    for (const order of [forward, forward.toReversed()]) {
      const blocks = blocksOf({ measure, order, mayTotal: (row) => !named || totals.has(row), named });
      const tried = { blocks, ...weigh(blocks, data) };
      if (convinces(tried, data.rowCount, named) && tried.bits > (best?.bits ?? 0)) {
        best = tried;
      }
    }
  }
  return best;
}

/** The column that names the totals: words that say so, else the first that has a value in nearly all of these rows. */
function namingColumn(data: TotalData, rows: readonly number[]): Dimension | null {
  const carriers = data.dimensions.filter(({ carrier }) => carrier);
  const filled = (test: (text: string) => boolean, dimension: Dimension): number =>
    rows.filter((row) => test(dimension.values[dimension.codes[row] ?? 0] ?? "")).length;
  const said = carriers.toSorted((a, b) => filled(namesTotal, b) - filled(namesTotal, a))[0];
  if (said !== undefined && filled(namesTotal, said) > 0) {
    return said;
  }
  return carriers.find((dimension) => filled((text) => text !== "", dimension) >= rows.length * 0.9) ?? null;
}

/**
 * Finds rows that are the sum of the rows right before or right behind them: subtotals between blocks, a grand total
 * over them, a country before its regions before its towns. Rows in `known` are totals that were found otherwise.
 */
export function findBlockTotals(data: TotalData, known: ReadonlySet<number>): FoundTotal[] {
  if (data.rowCount < 4 || data.rowCount > mostRows || data.measures.length === 0) {
    return [];
  }
  const named = new Set<number>();
  for (let row = 0; row < data.rowCount; row += 1) {
    if (nameOfRow(data, row) !== null) {
      named.add(row);
    }
  }
  const few = named.size > 0 && named.size <= data.rowCount / 2;
  const found = (few ? attempt(data, true, named) : null) ?? attempt(data, false, named);
  if (found === null) {
    return [];
  }
  const rows = found.blocks.map(({ row }) => row).toSorted((a, b) => a - b);
  return rows.every((row) => known.has(row)) ? [] : [describe(data, found, rows)];
}

function describe(data: TotalData, { blocks, measures }: Attempt, rows: readonly number[]): FoundTotal {
  const naming = namingColumn(data, rows);
  const names = rows.map((row) => naming?.values[naming.codes[row] ?? 0] ?? "").filter((name) => name !== "");
  const totals = new Set(rows);
  const sums = measures.map(({ name, numbers }) => {
    let counted = 0;
    let right = 0;
    for (let row = 0; row < data.rowCount; row += 1) {
      const value = numbers[row] || 0;
      counted += value;
      right += totals.has(row) ? 0 : value;
    }
    return { measure: name, group: "", counted, right };
  });
  const [first] = sums;
  return {
    total: {
      kind: "subtotal-rows",
      column: naming?.name ?? "",
      value: null,
      measures: measures.map(({ name }) => name),
      groupBy: [],
      parts: [],
      matchedGroups: blocks.length,
      groups: blocks.length,
      values: [...new Set(names)].slice(0, mostNames),
      rowIndexes: rows.slice(0, mostIndexes),
      sums,
    },
    example: first === undefined ? null : { group: "", counted: first.counted, right: first.right },
    exceptions: [],
    lone: 0,
    within: null,
  };
}
