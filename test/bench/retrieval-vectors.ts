import type { ThreadedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { createVectorKernel, type VectorKernel } from "../../src/agents/retrieval/vectors/vector-kernel.ts";
import { type BenchFigure, figure, p99, ratioFigure, rounds } from "./bench.ts";
import { benchEmbedder, dimensions } from "./retrieval-embedder.ts";
import { questions } from "./retrieval-questions.ts";

const never = new AbortController().signal;
const kernelProgram = new URL("../../dist/vector-kernel.wasm", import.meta.url);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** What questions cost by words and meaning. */
export interface VectorFigures {
  readonly figures: readonly BenchFigure[];
  /** Of a question by words and meaning. */
  readonly hybridMs: readonly number[];
  /** Of comparing all vectors with one. */
  readonly compareMs: readonly number[];
}

/** What questions cost by words and meaning, over an index that is there; it has all vectors then. */
export async function vectorFigures(index: ThreadedPassageIndex, root: string): Promise<VectorFigures> {
  index.useEmbedder(benchEmbedder);
  await index.whenEmbedded(root, never);
  let asked = 0;
  const queries = await rounds(10 * questions.length, questions.length, () => {
    const text = questions[asked % questions.length] ?? "";
    asked += 1;
    return timed(() => index.search({ root, text, top: 10 }, never));
  });
  index.useEmbedder(null);
  const usual = { rows: 100_000, width: dimensions };
  const [simd, plain] = [
    kernelMs(createVectorKernel(kernelProgram), usual),
    kernelMs(createVectorKernel(missing), usual),
  ];
  const large = kernelMs(createVectorKernel(kernelProgram), { rows: 200_000, width: 1024 });
  const figures = [
    figure("100k passages × 384: a question by words and meaning", "ms", queries, 25),
    figure("100k passages × 384: a question by words and meaning, 99 of 100", "ms", [p99(queries)], 60),
    figure("100k × 384: comparing all vectors", "ms", simd, 15),
    ratioFigure(
      "100k × 384: comparing all vectors, against plain JavaScript",
      simd.map((ours, at) => [ours, plain[at] ?? Number.NaN] as const),
      0.3,
    ),
    figure("200k × 1024: comparing all vectors", "ms", large, 60),
  ];
  return { figures, hybridMs: queries, compareMs: simd };
}

const missing = new URL("missing.wasm", kernelProgram);

/** Compares many vectors with one, seven times. */
function kernelMs(
  kernel: VectorKernel,
  { rows, width }: { readonly rows: number; readonly width: number },
): readonly number[] {
  const head = 2 * width;
  const [factors, scores] = [head + rows * width, head + rows * (width + 4)];
  kernel.grow(scores + rows * 4);
  const bytes = new Int8Array(kernel.buffer(), 0, factors);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = (at * 7919) % 251;
  }
  kernel.measure(head, rows, width, factors);
  return Array.from({ length: 7 }, () => {
    const startedMs = performance.now();
    kernel.scan(head, rows, width, 0, factors, scores);
    return performance.now() - startedMs;
  });
}
