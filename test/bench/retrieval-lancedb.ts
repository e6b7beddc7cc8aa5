import { execFile } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { type BenchFigure, figure, median, type MissingFigure, ratioFigure } from "./bench.ts";
import { embeddingOf } from "./retrieval-embedder.ts";
import { questions } from "./retrieval-questions.ts";
import { askRival } from "./retrieval-rivals.ts";

const run = promisify(execFile);

/** What our index needs for the same. */
export interface OwnFigures {
  /** Files read and cut, their words indexed. */
  readonly buildMs: number;
  readonly textMs: readonly number[];
  readonly hybridMs: readonly number[];
  readonly compareMs: readonly number[];
  /** Asking by words and meaning. */
  readonly extraMegabytes: number;
}

const times = z.array(z.number());
const lanceSchema = z.object({
  passages: z.number(),
  buildMs: z.number(),
  extraMegabytes: z.number(),
  textMs: times,
  vectorMs: times,
  hybridMs: times,
});
const keptSchema = z.object({ kept: z.number(), keepMs: z.number() });

/** How long keeping a vector for each passage takes, without embedding it. */
async function keepVectors(database: string): Promise<z.infer<typeof keptSchema>> {
  const copy = `${database}-keep`;
  try {
    copyFileSync(database, copy);
    const program = join(import.meta.dirname, "retrieval-keep-probe.ts");
    const { stdout } = await run(process.execPath, [program, copy]);
    return keptSchema.parse(JSON.parse(stdout));
  } finally {
    ["", "-wal", "-shm"].forEach((suffix) => rmSync(copy + suffix, { force: true }));
  }
}

function medians(ours: readonly number[], theirs: readonly number[]): readonly (readonly [number, number])[] {
  return [[median(ours), median(theirs)]];
}

/** The passages and vectors of an index in LanceDB, in the same run. LanceDB is given them: it reads and cuts no files. */
export async function againstLanceDb(
  database: string,
  own: OwnFigures,
): Promise<readonly (BenchFigure | MissingFigure)[]> {
  const { kept, keepMs } = await keepVectors(database);
  const kilos = `${Math.round(kept / 1000)}k × 384`;
  const keeping = figure(`${kilos}: keeping all vectors, without embedding`, "ms", [keepMs], 15_000);
  const asked = JSON.stringify(questions.map((text) => ({ text, vector: Array.from(embeddingOf(text)) })));
  const theirs = await askRival(
    { setup: "setup-lancedb.mjs", program: "lancedb-index.mjs", args: [database, asked] },
    (value) => lanceSchema.parse(value),
  );
  if ("missing" in theirs) {
    return [keeping, { name: `${kilos}: against LanceDB`, missing: theirs.missing }];
  }
  if (theirs.passages !== kept) {
    throw new Error(`LanceDB was given ${theirs.passages} passages of ${kept}.`);
  }
  return [
    keeping,
    ratioFigure(
      `${kilos}: building with vectors, files read and cut, against LanceDB that is given passages`,
      [[own.buildMs + keepMs, theirs.buildMs]],
      2.5,
    ),
    ratioFigure(`${kilos}: a question by words, against LanceDB`, medians(own.textMs, theirs.textMs), 3),
    ratioFigure(`${kilos}: comparing all vectors, against LanceDB`, medians(own.compareMs, theirs.vectorMs), 0.3),
    ratioFigure(
      `${kilos}: a question by words and meaning, against LanceDB`,
      medians(own.hybridMs, theirs.hybridMs),
      1,
    ),
    ratioFigure(
      `${kilos}: asking by words and meaning, memory over idle, against LanceDB`,
      [[own.extraMegabytes, theirs.extraMegabytes]],
      0.5,
    ),
  ];
}
