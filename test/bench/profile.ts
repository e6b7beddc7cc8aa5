import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createTableProfiler, type ThreadedTableProfiler } from "../../src/agents/tables/table-profiler.ts";
import { figure, ratioFigure, rounds, type Bench, type BenchFigure } from "./bench.ts";
import { peakOf, probeFile } from "./big-file.ts";
import { duckDbMs, installDuckDb, parquetMs, workbookMs, writeParquet, writeWorkbook } from "./profile-rivals.ts";
import { writeOrders } from "./profile-tables.ts";

/** The thread's program as it ships: `npm run build` makes it. */
const worker = new URL("../../dist/profile-worker.mjs", import.meta.url);
const never = new AbortController().signal;
const cache = new URL("../../.cache/bench/", import.meta.url).pathname;
const orderCount = 1_000_000;
/** More than a thread needs to go through its work once. */
const rehearsalMs = 1500;
const memoryBound = 300 * 1024 * 1024;

/** The order book of a million rows; made once. */
function orders(): string {
  const path = join(cache, `orders-${orderCount}.csv`);
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    writeOrders(`${path}.part`, orderCount);
    renameSync(`${path}.part`, path);
  }
  return path;
}

function smallTable(): string {
  const rows = Array.from(
    { length: 800 },
    (_, row) => `${row},${1900 + (row % 117)},kind ${row % 11},${(row * 7919) % 99991}\n`,
  );
  return `id,year,kind,amount\n${rows.join("")}`;
}

/** A new thread for one file: what the first card of a session waits for where nothing was started early. */
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
  const startedMs = performance.now();
  let tookMs = Number.NaN;
  const onProgress = (): void => {
    tookMs = Number.isNaN(tookMs) ? performance.now() - startedMs : tookMs;
    controller.abort();
  };
  await profiler.profile({ path, sampleRows: 200, onProgress }, controller.signal).catch(() => undefined);
  await pause(1000);
  return tookMs;
}

/** What each round takes, ours and theirs right after one another. */
async function pairs(
  count: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<readonly (readonly [number, number])[]> {
  return await rounds(count, 1, async () => [await ours(), await theirs()] as const);
}

/** Against DuckDB; a failed figure, with the reason, where it cannot be had. */
async function againstDuckDb(profiler: ThreadedTableProfiler, path: string): Promise<readonly BenchFigure[]> {
  const name = "CSV of 1M rows x 12, whole profile ÷ DuckDB SUMMARIZE on one thread";
  try {
    const module = await installDuckDb();
    const taken = await pairs(
      5,
      () => warmMs(profiler, path),
      () => duckDbMs(module, path),
    );
    const ownMs = taken.map(([own]) => own);
    return [ratioFigure(name, taken, 1.5), figure("CSV of 1M rows x 12, whole profile", "ms", ownMs, Infinity)];
  } catch (error) {
    process.stderr.write(`DuckDB cannot be had, so nothing is compared with it: ${String(error)}\n`);
    return [ratioFigure(name, [], 1.5)];
  }
}

async function measure(directory: string): Promise<readonly BenchFigure[]> {
  const small = join(directory, "small.csv");
  const workbook = join(directory, "orders.xlsx");
  const parquet = join(directory, "orders.parquet");
  const large = orders();
  writeFileSync(small, smallTable());
  await writeWorkbook(workbook);
  await writeParquet(large, parquet);
  const profiler = createTableProfiler({ worker, idleMs: 600_000 });
  profiler.warmUp();
  await pause(rehearsalMs);
  try {
    const first = await rounds(15, 2, () => firstRowsMs(profiler, large));
    const footer = await pairs(
      15,
      () => firstRowsMs(profiler, parquet),
      () => parquetMs(parquet),
    );
    return [
      figure("22 kB CSV, thread started for it", "ms", await rounds(15, 2, () => coldMs(small)), 100),
      figure("22 kB CSV, thread running", "ms", await rounds(30, 5, () => warmMs(profiler, small)), 30),
      figure("first 200 rows of 130 MB", "ms", first, 20),
      figure(
        "Parquet footer and first rows, more than hyparquet",
        "ms",
        footer.map(([own, theirs]) => own - theirs),
        50,
      ),
      ratioFigure(
        "xlsx of 50k rows x 10, whole profile ÷ @e965/xlsx reading it",
        await pairs(
          5,
          () => warmMs(profiler, workbook),
          () => workbookMs(workbook),
        ),
        1.2,
      ),
      ...(await againstDuckDb(profiler, large)),
      figure("CSV of 1M rows x 12, most memory of the process", "bytes", [peakOf(await probeFile(large))], memoryBound),
    ];
  } finally {
    profiler.dispose();
  }
}

/** How long a person waits for the card of a table. Measures `dist`. */
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
