import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTableProfiler, type ThreadedTableProfiler } from "../../src/agents/tables/table-profiler.ts";
import { figure, rounds, type Bench, type BenchFigure } from "./bench.ts";

/** The thread's program as it ships: `npm run build` makes it. */
const worker = new URL("../../dist/profile-worker.mjs", import.meta.url);
const never = new AbortController().signal;

function lines(count: number): string {
  return Array.from(
    { length: count },
    (_, row) => `${row},${1900 + (row % 117)},kind ${row % 11},${(row * 7919) % 99991}\n`,
  ).join("");
}

/** A new thread for one file: what the first card of a session waits for. */
async function coldMs(path: string): Promise<number> {
  const profiler = createTableProfiler({ worker });
  const startedMs = performance.now();
  await profiler.profile({ path }, never);
  const tookMs = performance.now() - startedMs;
  profiler.dispose();
  return tookMs;
}

async function warmMs(profiler: ThreadedTableProfiler, path: string): Promise<number> {
  const startedMs = performance.now();
  await profiler.profile({ path }, never);
  return performance.now() - startedMs;
}

/** Time to the first rows; the rest of the file is left unread. */
async function firstRowsMs(profiler: ThreadedTableProfiler, path: string): Promise<number> {
  const controller = new AbortController();
  await profiler.profile({ path: `${path}.small` }, never);
  const startedMs = performance.now();
  let tookMs = Number.NaN;
  const onProgress = (): void => {
    tookMs = Number.isNaN(tookMs) ? performance.now() - startedMs : tookMs;
    controller.abort();
  };
  await profiler.profile({ path, sampleRows: 200, onProgress }, controller.signal).catch(() => undefined);
  return tookMs;
}

async function measure(directory: string): Promise<readonly BenchFigure[]> {
  const small = join(directory, "large.csv.small");
  const large = join(directory, "large.csv");
  writeFileSync(small, `id,year,kind,amount\n${lines(800)}`);
  writeFileSync(large, `id,year,kind,amount\n${lines(1_000_000)}`);
  const profiler = createTableProfiler({ worker });
  try {
    return [
      figure("22 kB CSV, thread started for it", "ms", await rounds(15, 2, () => coldMs(small)), 100),
      figure("22 kB CSV, thread running", "ms", await rounds(30, 5, () => warmMs(profiler, small)), 30),
      figure("first 200 rows of 25 MB", "ms", await rounds(15, 2, () => firstRowsMs(profiler, large)), 20),
      figure("25 MB CSV, 1M rows, whole profile", "ms", await rounds(3, 1, () => warmMs(profiler, large)), 4000),
    ];
  } finally {
    profiler.dispose();
  }
}

/** How long a person waits for the card of a table. */
export const profileBench: Bench = {
  name: "profile",
  run: async () => {
    const directory = mkdtempSync(join(tmpdir(), "byzer-bench-"));
    try {
      return await measure(directory);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
