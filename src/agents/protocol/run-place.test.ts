import { expect, test } from "vitest";
import { type RunPlace, isSamePlace, runHere, runPlaceSchema, usualClusterPlace } from "./run-place.ts";

const big: RunPlace = { ...usualClusterPlace, cpus: 4, memoryBytes: 2 ** 34, custom: { fast: 1 } };

test.each<[RunPlace, RunPlace, boolean]>([
  [runHere, { kind: "here" }, true],
  [runHere, usualClusterPlace, false],
  [usualClusterPlace, runHere, false],
  [big, { ...usualClusterPlace, cpus: 4, memoryBytes: 2 ** 34, custom: { fast: 1 } }, true],
  [big, { ...usualClusterPlace, cpus: 4, memoryBytes: 2 ** 34, custom: {} }, false],
  [big, { ...usualClusterPlace, cpus: 4, memoryBytes: 2 ** 34, custom: { fast: 2 } }, false],
  [usualClusterPlace, { ...usualClusterPlace, custom: { fast: 0 } }, true],
  [usualClusterPlace, { ...usualClusterPlace, gpus: 1 }, false],
  [usualClusterPlace, { ...usualClusterPlace, memoryBytes: 1 }, false],
  [usualClusterPlace, { ...usualClusterPlace, cpus: 0.5 }, false],
])("%j and %j are the same: %j", (one, other, same) => {
  expect(isSamePlace(one, other)).toBe(same);
});

test.each([
  { kind: "there" },
  { kind: "cluster", cpus: -1, gpus: 0, memoryBytes: 0, custom: {} },
  { kind: "cluster", cpus: 1, gpus: 0, memoryBytes: 0.5, custom: {} },
  { kind: "cluster", cpus: 1, gpus: 0, memoryBytes: 0, custom: { fast: "1" } },
])("%j is no place", (value) => {
  expect(runPlaceSchema.safeParse(value).success).toBe(false);
});
