import { expect, test } from "vitest";
import { fuseScores } from "./fuse-scores.ts";

interface Hit {
  readonly passage: number;
  readonly score: number;
}

const hit = (passage: number, score: number): Hit => ({ passage, score });

/** Fuses words with vectors of 1,000 passages whose cosines spread by 0.05 around 0.1. */
function fuse(text: readonly Hit[], cosines: readonly Hit[], missing: readonly number[] = []): readonly number[] {
  const known = new Map(cosines.map(({ passage, score }) => [passage, score]));
  const scoreOf = (passage: number): number | null => (missing.includes(passage) ? null : (known.get(passage) ?? 0.1));
  const best = cosines.toSorted((left, right) => right.score - left.score);
  const fused = fuseScores({ text, vectors: { best, count: 1000, mean: 0.1, deviation: 0.05, scoreOf } });
  return fused.map(({ passage }) => passage);
}

test("of two that words hold equal, the one nearer in meaning comes first", () => {
  expect(fuse([hit(1, 10), hit(2, 10)], [hit(2, 0.5)])).toEqual([2, 1]);
});

test("a passage that only meaning finds stands among those that words find", () => {
  expect(fuse([hit(1, 10), hit(2, 1)], [hit(3, 0.5)])).toEqual([1, 3, 2]);
});

test("where nothing stands out more than by chance, words alone decide", () => {
  expect(fuse([hit(1, 10), hit(2, 9.9)], [hit(2, 0.25), hit(3, 0.25)])).toEqual([1, 2, 3]);
});

test("a passage that has no vector yet loses nothing against one that has a usual one", () => {
  expect(fuse([hit(1, 10), hit(2, 9)], [hit(2, 0.45), hit(3, 0.5)], [1])[0]).toBe(1);
});

test("meaning alone answers where words find nothing", () => {
  expect(fuse([], [hit(7, 0.45), hit(8, 0.5)])).toEqual([8, 7]);
});
