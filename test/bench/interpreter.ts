import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { cleanEnvironment } from "../../src/agents/python/clean-environment.ts";
import { startTestInterpreter, type TestInterpreter, testPython } from "../process/test-python.ts";
import { type Bench, type BenchFigure, figure, ratioFigure, rounds } from "./bench.ts";

const PRINT_LINES = "for i in range(200_000): print('line', i, 'of 200000')";

/** The interpreter against a bare Python, measured in turns. */
export const interpreterBench: Bench = {
  name: "interpreter",
  async run(): Promise<readonly BenchFigure[]> {
    const started = await rounds(25, 3, startPair);
    const session = await startTestInterpreter();
    try {
      await session.run("import time");
      const trips = await rounds(500, 50, () => elapsed(() => session.run("1")));
      const prints = await rounds(7, 1, () => printPair(session));
      const busy = await rounds(10, 1, () => interruptAfter(session, "while True: pass"));
      const asleep = await rounds(10, 1, () => interruptAfter(session, "time.sleep(60)"));
      return [
        ratioFigure("interpreter: spawn to ready ÷ python -c pass", started, 3),
        figure("interpreter: round trip", "ms", trips, 1),
        ratioFigure("interpreter: 200,000 printed lines ÷ into a pipe", prints, 2),
        figure("interpreter: interrupt of while True", "ms", busy, 200),
        figure("interpreter: interrupt of time.sleep(60)", "ms", asleep, 200),
      ];
    } finally {
      await session.close();
    }
  },
};

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function startPair(): Promise<readonly [number, number]> {
  const theirs = await elapsed(() => runPython("pass"));
  let session: TestInterpreter | undefined;
  const ours = await elapsed(async () => {
    session = await startTestInterpreter();
  });
  await session?.close();
  return [ours, theirs];
}

/** Both without the start of Python: the cell's round trip, and the printing of a Python that has begun. */
async function printPair(session: TestInterpreter): Promise<readonly [number, number]> {
  const theirs = await timeOfPrinting();
  const ours = await elapsed(() => session.run(PRINT_LINES));
  return [ours, theirs];
}

/** From the moment before the first line to the end of the pipe. */
async function timeOfPrinting(): Promise<number> {
  const code = `import sys\nsys.stderr.write('go'); sys.stderr.flush()\n${PRINT_LINES}\nsys.stdout.flush()\nimport os\nos._exit(0)`;
  const child = spawn(testPython(), ["-X", "utf8", "-c", code], { env: cleanEnvironment(process.env) });
  child.stdout.resume();
  return new Promise((resolve) => {
    let start = performance.now();
    child.stderr.once("data", () => {
      start = performance.now();
    });
    child.once("close", () => resolve(performance.now() - start));
  });
}

function runPython(code: string): Promise<void> {
  const child = spawn(testPython(), ["-X", "utf8", "-c", code], {
    env: cleanEnvironment(process.env),
    stdio: "ignore",
  });
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function interruptAfter(session: TestInterpreter, code: string): Promise<number> {
  const abort = new AbortController();
  const cell = session.run(code, { signal: abort.signal });
  await pause(100);
  const start = performance.now();
  abort.abort();
  const result = await cell;
  if (result.status !== "interrupted") {
    throw new Error(`The cell ended as ${result.status}.`);
  }
  return performance.now() - start;
}
