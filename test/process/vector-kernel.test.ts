import { expect, test } from "vitest";
import { createVectorKernel, type KernelFunctions } from "../../src/agents/retrieval/vectors/vector-kernel.ts";

const built = new URL("../../dist/vector-kernel.wasm", import.meta.url);
const rows = 37;
const width = 96;
const place = { query: 0, rows: 1024, factors: 8192, scores: 8704 };

/**
 * Numbers that look like chance, the same in each run.
 *
 * @yields without end
 */
function* numbers(): Generator<number> {
  for (let state = 12_345; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield (state % 255) - 127;
  }
}

/** Puts the same vectors into a kernel and lets it do all that it can. */
function everything(kernel: KernelFunctions): readonly (readonly number[])[] {
  kernel.grow(65_536);
  const draw = numbers();
  const bytes = new Int8Array(kernel.buffer(), place.rows, rows * width);
  bytes.forEach((_, at) => (bytes[at] = draw.next().value));
  bytes.fill(0, 5 * width, 6 * width);
  bytes.fill(-127, 6 * width, 7 * width);
  const query = new Int16Array(kernel.buffer(), place.query, width);
  query.forEach((_, at) => (query[at] = draw.next().value));
  kernel.measure(place.rows, rows, width, place.factors);
  kernel.scan(place.rows, rows, width, place.query, place.factors, place.scores);
  const read = (at: number, count: number): number[] => Array.from(new Float32Array(kernel.buffer(), at, count));
  return [read(place.factors, rows), read(place.scores, rows)];
}

test("the assembled kernel and the one in JavaScript say the same", () => {
  const fast = createVectorKernel(built);
  const slow = createVectorKernel(new URL("missing.wasm", built));
  expect([fast.kind, slow.kind]).toEqual(["simd", "plain"]);
  const [factors = [], scores = []] = everything(fast);
  const [slowFactors = [], slowScores = []] = everything(slow);
  factors.forEach((factor, at) => expect(factor).toBeCloseTo(slowFactors[at] ?? Number.NaN, 6));
  expect(factors[5]).toBe(0);
  scores.forEach((score, at) => expect(score).toBeCloseTo(slowScores[at] ?? Number.NaN, 2));
});
