import { expect, test } from "vitest";
import { factsOf, missingFacts } from "./score.ts";

test("finds numbers in any grouping, and words", () => {
  expect(
    missingFacts("1901 年共 **200,018** 人死亡，最多的是 Drought（11,731,294）。", [200018, "drought", 11731294]),
  ).toEqual([]);
});

test("does not take a part of a number for it", () => {
  expect(missingFacts("It was 2000180 in all.", [200018])).toEqual([200018]);
});

test("takes the scalars out of a nested answer", () => {
  expect(factsOf({ years: [1904], first: [1900, 12] })).toEqual([1904, 1900, 12]);
});
