import { expect, test } from "vitest";
import { choosePassages } from "./choose-passages.ts";

function term(rarity: number, ...passages: readonly number[]): { rarity: number; passages: Uint32Array } {
  return { rarity, passages: Uint32Array.from(passages) };
}

const size = { least: 2, most: 3 };

function chosen(...[terms, within]: [Parameters<typeof choosePassages>[0], (readonly number[])?]): readonly number[] {
  const scope = within === undefined ? null : new Uint8Array(100).map((_, at) => (within.includes(at) ? 1 : 0));
  return Array.from(choosePassages(terms, size, scope).keys()).toSorted((left, right) => left - right);
}

test("passages with the rarest terms together are chosen, up to the most where they are worth the same", () => {
  expect(chosen([term(3, 1, 5, 9), term(2, 5, 9, 20), term(1, 9)])).toEqual([5, 9]);
  expect(chosen([term(3, 1, 5, 9), term(1, 2, 3)])).toEqual([1, 5, 9]);
  expect(chosen([term(3, 1, 2, 3, 4, 5, 6)])).toEqual([1, 2, 3]);
});

test("a passage with one rare term goes before those with several frequent ones", () => {
  expect(chosen([term(5, 7), term(1, 1, 2, 3), term(1, 1, 2, 3)])).toEqual([1, 2, 7]);
  expect(chosen([term(5, 7, 8), term(1, 1, 2), term(1, 1, 2)])).toEqual([7, 8]);
});

test("what is chosen lies within the scope, and nothing is left over for the next question", () => {
  expect(chosen([term(3, 1, 5, 9), term(2, 5, 9, 20)], [1, 20])).toEqual([1, 20]);
  expect(chosen([term(3, 1)])).toEqual([1]);
  expect(chosen([])).toEqual([]);
});

test("the worth of a passage is the sum of the rarities of its terms", () => {
  const worth = choosePassages([term(3, 1, 5), term(1.5, 5)], { least: 5, most: 5 }, null);
  expect(worth.get(5)).toBeCloseTo(4.5, 2);
  expect(worth.get(1)).toBeCloseTo(3, 2);
});
