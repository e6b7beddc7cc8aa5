import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { figure, type Bench, type BenchFigure } from "./bench.ts";
import { memoryCurve } from "./memory-curve.ts";
import { writeOrders } from "./profile-tables.ts";
import type { ProbeReport } from "./profile-probe.ts";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;
const cache = join(root, ".cache", "bench");
const rowCount = 8_500_000;
const memoryBound = 300 * 1024 * 1024;

/** The table of more than 1 GB; made once. */
function bigTable(): string {
  const path = join(cache, `orders-${rowCount}.csv`);
  if (!existsSync(path) || statSync(path).size < 1_000_000_000) {
    mkdirSync(cache, { recursive: true });
    writeOrders(`${path}.part`, rowCount);
    renameSync(`${path}.part`, path);
  }
  return path;
}

/** Profiles a file in a process of its own. */
export async function probeFile(path: string): Promise<ProbeReport> {
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run(process.execPath, ["test/bench/profile-probe.ts", path], options);
  // The probe is a program of this folder, and prints what it says it prints.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const report = JSON.parse(stdout) as ProbeReport;
  if (report.rowCount === 0 || report.samples.length < 2) {
    throw new Error(`${path} was not read.`);
  }
  return report;
}

/** Most memory that the process had, in bytes. */
export function peakOf(report: ProbeReport): number {
  return report.samples.reduce((most, { rssBytes }) => Math.max(most, rssBytes), 0);
}

const megabytes = (bytes: number): string => (bytes / 1048576).toFixed(0);

function table(report: ProbeReport): string {
  const { samples } = report;
  const lines = Array.from(
    { length: 11 },
    (_, step) => samples[Math.round(((samples.length - 1) * step) / 10)],
  ).flatMap((sample) =>
    sample === undefined
      ? []
      : [`| ${(sample.atMs / 1000).toFixed(1)} | ${megabytes(sample.readBytes)} | ${megabytes(sample.rssBytes)} |`],
  );
  return ["| seconds | read, MB | memory of the process, MB |", "| --: | --: | --: |", ...lines].join("\n");
}

function page(report: ProbeReport): string {
  const rows = report.rowCount.toLocaleString("en-US");
  const half = report.samples.filter(({ atMs }) => atMs > report.tookMs / 2).map(({ rssBytes }) => rssBytes);
  return `# Big files

Delimited text is read in pieces of half a megabyte, in a thread of its own. What is kept of it is bounded: for each
column at most 20,000 different values with their frequency, 131,072 hashes to count more of them, and 100,000 numbers
for the quantiles; 2,097,152 hashes to find rows that repeat; and the first 125,000 rows of twelve columns, at most 32 MB,
to look for totals in. Wider tables share the same memory between more columns. Counts are exact as long as they fit;
beyond, they are estimated from an even sample and marked as approximate. Sums, means, ranges, missing values and the
number of rows are always exact. Where totals were looked for in the first rows only, a warning says in how many.

## Memory while 1 GB is read

A table of ${rows} rows and 12 columns, ${megabytes(report.sizeBytes)} MB: first rows after ${((report.firstMs ?? 0) / 1000).toFixed(2)} s, the whole profile after
${(report.tookMs / 1000).toFixed(1)} s (${(report.cpuMs / 1000).toFixed(1)} s of processor time), ${report.progressCalls} reports on the way. Memory of the whole process, Node itself included: at most
${megabytes(peakOf(report))} MB; in the second half of the reading between ${megabytes(Math.min(...half))} and ${megabytes(Math.max(...half))} MB.

![Memory of the process while the file is read](big-files.svg)

${table(report)}

Made by \`npm run build && npm run bench -- big-file\`, which also writes this page.
`;
}

/** A table of more than 1 GB: the memory while it is read, and how soon its first rows are there. Measures \`dist\`. */
export const bigFileBench: Bench = {
  name: "big-file",
  onRequest: true,
  run: async (): Promise<readonly BenchFigure[]> => {
    const report = await probeFile(bigTable());
    writeFileSync(join(root, "docs", "big-files.svg"), memoryCurve(report));
    writeFileSync(join(root, "docs", "big-files.md"), page(report));
    return [
      figure("1 GB CSV, most memory of the process", "bytes", [peakOf(report)], memoryBound),
      figure("1 GB CSV, first rows, thread started for it", "ms", [report.firstMs ?? Number.NaN], 200),
    ];
  },
};
