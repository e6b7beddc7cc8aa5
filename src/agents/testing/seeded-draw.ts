/** An even whole number from 0 to `below - 1`. */
export type Draw = (below: number) => number;

/* eslint-disable no-bitwise -- random bits */

/** Draws that are the same in every run (mulberry32). */
export function seededDraw(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** One of some values. */
export function pick<T>(draw: Draw, values: readonly T[]): T {
  const value = values[draw(values.length)];
  if (value === undefined) {
    throw new Error("There is nothing to choose from.");
  }
  return value;
}
