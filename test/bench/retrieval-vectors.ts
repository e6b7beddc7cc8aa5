import type { Embedder } from "../../src/agents/ports/embedder.ts";
import type { ThreadedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { createVectorKernel, type VectorKernel } from "../../src/agents/retrieval/vectors/vector-kernel.ts";
import { type BenchFigure, figure, p99, ratioFigure, rounds } from "./bench.ts";
import { questions } from "./retrieval-questions.ts";

const never = new AbortController().signal;
const dimensions = 384;
const kernelProgram = new URL("../../dist/vector-kernel.wasm", import.meta.url);
const kernelRows = 100_000;

/** Words thrown into places by what they are: as spread as a model's vectors, at no cost. */
function embeddingOf(text: string): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[a-z]{3,}/g) ?? ["none"]) {
    let state = 17;
    for (let at = 0; at < word.length; at += 1) {
      state = Math.imul(state, 31) + word.charCodeAt(at);
    }
    for (let part = 0; part < 12; part += 1) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + part;
      const place = (state >>> 8) % dimensions;
      vector[place] = (vector[place] ?? 0) + (state % 2 === 0 ? 1 : -1);
    }
  }
  vector[0] = (vector[0] ?? 0) + 0.5;
  return vector;
}

const embedder: Embedder = {
  id: "bench",
  model: "bench",
  place: "here",
  maxBatch: 256,
  embed: (texts) => Promise.resolve(texts.map(embeddingOf)),
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** What questions cost by words and meaning, over an index that is there. */
export async function vectorFigures(index: ThreadedPassageIndex, root: string): Promise<readonly BenchFigure[]> {
  index.useEmbedder(embedder);
  await index.whenEmbedded(root, never);
  let asked = 0;
  const queries = await rounds(10 * questions.length, questions.length, () => {
    const text = questions[asked % questions.length] ?? "";
    asked += 1;
    return timed(() => index.search({ root, text, top: 10 }, never));
  });
  index.useEmbedder(null);
  const [simd, plain] = [kernelMs(createVectorKernel(kernelProgram)), kernelMs(createVectorKernel(missing))];
  return [
    figure("100k passages × 384: a question by words and meaning", "ms", queries, 25),
    figure("100k passages × 384: a question by words and meaning, 99 of 100", "ms", [p99(queries)], 60),
    figure("100k × 384: comparing all vectors", "ms", simd, 15),
    ratioFigure(
      "100k × 384: comparing all vectors, against plain JavaScript",
      simd.map((ours, at) => [ours, plain[at] ?? Number.NaN] as const),
      0.3,
    ),
  ];
}

const missing = new URL("missing.wasm", kernelProgram);

/** Compares 100,000 vectors with one, seven times. */
function kernelMs(kernel: VectorKernel): readonly number[] {
  const head = 1024;
  const [factors, scores] = [head + kernelRows * dimensions, head + kernelRows * (dimensions + 4)];
  kernel.grow(scores + kernelRows * 4);
  const bytes = new Int8Array(kernel.buffer(), 0, factors);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = (at * 7919) % 251;
  }
  kernel.measure(head, kernelRows, dimensions, factors);
  return Array.from({ length: 7 }, () => {
    const startedMs = performance.now();
    kernel.scan(head, kernelRows, dimensions, 0, factors, scores);
    return performance.now() - startedMs;
  });
}
