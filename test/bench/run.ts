import { activationBench } from "./activation.ts";
import { agentsBench } from "./agents.ts";
import type { Bench, BenchFigure, MissingFigure } from "./bench.ts";
import { bigFileBench } from "./big-file.ts";
import { interpreterBench } from "./interpreter.ts";
import { pageBench } from "./page.ts";
import { profileBench } from "./profile.ts";
import { rayBench } from "./ray.ts";
import { retrievalBench } from "./retrieval.ts";
import { turnBench } from "./turn.ts";

/** Every bench, in the order they run. */
const benches: readonly Bench[] = [
  activationBench,
  interpreterBench,
  turnBench,
  agentsBench,
  profileBench,
  bigFileBench,
  retrievalBench,
  pageBench,
  rayBench,
];

/** `npm run bench -- [NAME …] [--json]`: without a name all; exit code 1 when a figure is out of its bound. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    const known = benches.map((bench) => bench.name).join(", ");
    process.stderr.write(`There is no bench ${unknown.join(", ")}. Known: ${known}.\n`);
    process.exitCode = 2;
    return;
  }
  const figures: (BenchFigure | MissingFigure)[] = [];
  for await (const part of runAll(
    benches.filter((bench) => (names.length === 0 ? bench.onRequest !== true : names.includes(bench.name))),
  )) {
    figures.push(...part);
    part.forEach((item) => process.stderr.write(`${describe(item)}\n`));
  }
  if (args.includes("--json")) {
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  }
  process.exitCode = figures.every((item) => "missing" in item || item.ok) ? 0 : 1;
}

async function* runAll(chosen: readonly Bench[]): AsyncGenerator<readonly (BenchFigure | MissingFigure)[]> {
  for (const bench of chosen) {
    yield bench.run();
  }
}

function describe(item: BenchFigure | MissingFigure): string {
  if ("missing" in item) {
    return `---- ${item.name}: not measured, ${item.missing}`;
  }
  const verdict = item.ok ? "ok  " : "FAIL";
  return `${verdict} ${item.name}: ${item.median} ${item.unit} (p99 ${item.p99}, bound ${item.bound})`;
}

await main(process.argv.slice(2));
