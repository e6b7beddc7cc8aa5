import { expect, test } from "vitest";
import { coverage, gain, recall } from "./retrieval-score.ts";

test("the relevant document first is worth one, second less, missing nothing", () => {
  const relevant = new Map([["a", 1]]);
  expect([gain(["a", "b"], relevant), gain(["b", "a"], relevant), gain(["b"], relevant)]).toEqual([
    1,
    1 / Math.log2(3),
    0,
  ]);
});

test("recall counts relevant documents among the first", () => {
  const relevant = new Map([
    ["a", 1],
    ["b", 1],
    ["c", 0],
  ]);
  expect([recall(["x", "a", "b"], relevant, 2), recall(["a", "b", "c"], relevant, 5)]).toEqual([0.5, 1]);
});

test("what two passages cover together counts once, what lies elsewhere only against precision", () => {
  const found = [
    [0, 60],
    [40, 100],
  ] as const;
  expect(coverage(found, [[50, 150]], 80)).toEqual({ recall: 0.5, precision: 0.25 });
});
