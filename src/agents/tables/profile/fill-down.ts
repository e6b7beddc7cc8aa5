import type { Dimension, TotalData } from "./total-data.ts";

const leastMissing = 0.3;

/** Each value stands once, in the first row of its block, and the rows below it are left blank. */
function isFilledDown(dimension: Dimension): boolean {
  const { codes, values, carrier } = dimension;
  const missing = values.indexOf("");
  if (!carrier || missing < 0 || values.length < 3 || codes[0] === missing) {
    return false;
  }
  const times = new Int32Array(values.length);
  codes.forEach((code) => {
    times[code] = (times[code] ?? 0) + 1;
  });
  const blank = times[missing] ?? 0;
  const once = times.every((count, code) => code === missing || count === 1);
  return once && blank >= codes.length * leastMissing;
}

/** The first columns of a table whose values stand only in the first row of each block, as merged cells leave them. */
export function filledDownColumns(data: TotalData, names: readonly string[]): readonly Dimension[] {
  const found: Dimension[] = [];
  for (const name of names) {
    const dimension = data.dimensions.find((other) => other.name === name);
    if (dimension === undefined || !isFilledDown(dimension)) {
      break;
    }
    found.push(dimension);
  }
  const behind = data.dimensions.filter(({ name }) => names.indexOf(name) >= found.length);
  const detailed = behind.some(({ codes, values, carrier }) => {
    const missing = values.indexOf("");
    return carrier && (missing < 0 || codes.filter((code) => code === missing).length <= codes.length * 0.1);
  });
  return detailed ? found : [];
}

/** The table with these columns filled down, so that every row names its block. */
export function filledDown(data: TotalData, columns: readonly Dimension[]): TotalData {
  return {
    ...data,
    dimensions: data.dimensions.map((dimension) => {
      if (!columns.includes(dimension)) {
        return dimension;
      }
      const missing = dimension.values.indexOf("");
      const codes = Int32Array.from(dimension.codes);
      codes.forEach((code, row) => {
        codes[row] = code === missing && row > 0 ? (codes[row - 1] ?? code) : code;
      });
      return { ...dimension, codes };
    }),
  };
}
