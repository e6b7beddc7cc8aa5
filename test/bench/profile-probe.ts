import { parseArgs } from "node:util";
import { createTableProfiler } from "../../src/agents/tables/table-profiler.ts";

/** One moment of a reading. */
export interface ProbeSample {
  readonly atMs: number;
  /** Memory of the whole process, Node itself included. */
  readonly rssBytes: number;
  readonly readBytes: number;
}

/** What `node test/bench/profile-probe.ts FILE` prints: one reading in a process of its own. */
export interface ProbeReport {
  readonly rowCount: number;
  readonly sizeBytes: number;
  /** Until the first rows were known; `null` where nobody asked. */
  readonly firstMs: number | null;
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly progressCalls: number;
  readonly samples: readonly ProbeSample[];
}

const sampleEveryMs = 200;

/** Profiles a file in the thread as it ships, and looks at the memory of the process meanwhile. */
async function probe(path: string): Promise<ProbeReport> {
  const profiler = createTableProfiler({ worker: new URL("../../dist/profile-worker.mjs", import.meta.url) });
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const samples: ProbeSample[] = [];
  let readBytes = 0;
  let firstMs: number | null = null;
  let progressCalls = 0;
  const look = (): void => {
    samples.push({ atMs: performance.now() - startedMs, rssBytes: process.memoryUsage.rss(), readBytes });
  };
  const timer = setInterval(look, sampleEveryMs);
  look();
  const onProgress = (_: unknown, read: number): void => {
    progressCalls += 1;
    firstMs ??= performance.now() - startedMs;
    readBytes = read;
  };
  const profile = await profiler.profile({ path, onProgress }, new AbortController().signal);
  const tookMs = performance.now() - startedMs;
  readBytes = profile.sizeBytes;
  look();
  clearInterval(timer);
  profiler.dispose();
  const used = process.cpuUsage(cpu);
  const cpuMs = (used.user + used.system) / 1000;
  return { rowCount: profile.rowCount, sizeBytes: profile.sizeBytes, firstMs, tookMs, cpuMs, progressCalls, samples };
}

const { positionals } = parseArgs({ allowPositionals: true });
const [file] = positionals;
if (file === undefined) {
  throw new Error("Name the file to profile.");
}
process.stdout.write(`${JSON.stringify(await probe(file))}\n`);
