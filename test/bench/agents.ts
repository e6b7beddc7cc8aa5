import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { AgentProcess } from "../../src/agents/agent-process/agent-process.ts";
import { CodeAgents } from "../../src/agents/agent-process/code-agents.ts";
import { processLimits } from "../../src/agents/agent-process/process-limits.ts";
import { ConversableAgent } from "../../src/agents/core/agent.ts";
import { PostOffice } from "../../src/agents/core/post-office.ts";
import { cleanEnvironment } from "../../src/agents/python/clean-environment.ts";
import { type Bench, type BenchFigure, figure, ratioFigure, rounds } from "./bench.ts";

const run = promisify(execFile);
const speedSchema = z.object({ rowUs: z.number(), shortUs: z.number(), longUs: z.number() });
const memorySchema = z.object({ bytes: z.number() });
const program = resolve("dist", "agent-process.mjs");
/** As the extension waits for a save to settle. */
const settleMs = 50;

/**
 * Agents that talk without a model: what a message with its reply costs (50,000 a second are 20 µs each), whether that
 * grows with what was said before, what 1,000 of them hold, how soon a process is ready, and how soon a file that was just
 * saved answers, from the system's notice of it on. The processes are those of `dist`, so build first.
 */
export const agentsBench: Bench = {
  name: "agents",
  run: async () => {
    const speeds = await rounds(3, 0, async () => speedSchema.parse(await probe("speed")));
    const memory = await rounds(2, 0, async () => memorySchema.parse(await probe("memory")));
    return [
      figure(
        "message with its reply, processor time",
        "µs",
        speeds.map(({ rowUs }) => rowUs),
        20,
      ),
      ratioFigure(
        "a message to an agent after 100,000 others / after none",
        speeds.map(({ shortUs, longUs }) => [longUs, shortUs]),
        1.25,
      ),
      figure(
        "1,000 agents with ten messages each",
        "MB",
        memory.map(({ bytes }) => bytes / 1_000_000),
        100,
      ),
      ...(await inFolder(processFigures)),
    ];
  },
};

async function probe(what: string): Promise<unknown> {
  const args = ["--expose-gc", "--no-warnings", "test/bench/agents-probe.ts", what];
  const { stdout } = await run(process.execPath, args);
  return JSON.parse(stdout);
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "byzer-bench-agents-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const code = (word: string): string =>
  `import { defineAgent } from "byzer-agent";\nexport default defineAgent({ replies: [{ reply: () => [true, "${word}"] }] });\n`;

async function processFigures(folder: string): Promise<readonly BenchFigure[]> {
  const ready = await rounds(20, 3, () => readyMs(join(folder, "ready.agent.mjs")));
  const saved = await rounds(15, 2, () => savedMs(folder, "mjs"));
  const typed = await rounds(15, 2, () => savedMs(folder, "ts"));
  return [
    figure("agent's process ready", "ms", ready, 150),
    figure("a new agent file answers after saving", "ms", saved, 1_000),
    figure("the same in TypeScript", "ms", typed, 1_000),
  ];
}

async function readyMs(path: string): Promise<number> {
  writeFileSync(path, code("ready"));
  const from = performance.now();
  const agent = await AgentProcess.start(
    {
      path,
      name: "ready",
      node: process.execPath,
      program,
      environment: cleanEnvironment(process.env),
      workingDirectory: tmpdir(),
      inspect: false,
      limits: processLimits,
      onLog: () => undefined,
    },
    new AbortController().signal,
  );
  const durationMs = performance.now() - from;
  await agent.stop();
  return durationMs;
}

let files = 0;

/** From the writing of a new file to its first answer. */
async function savedMs(folder: string, extension: string): Promise<number> {
  files += 1;
  const name = `saved_${files}`;
  const watched = join(folder, name);
  mkdirSync(watched);
  const path = join(watched, `${name}.agent.${extension}`);
  const agents = new CodeAgents({
    node: process.execPath,
    program,
    environment: () => cleanEnvironment(process.env),
    workingDirectory: () => folder,
    limits: processLimits,
    trust: { isTrusted: () => true, ask: () => Promise.resolve(true) },
    onLog: () => undefined,
  });
  let timer: NodeJS.Timeout | undefined;
  const answered = Promise.withResolvers<string | undefined>();
  const watcher = watch(watched, () => {
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        void agents
          .refresh([path])
          .then(() => ask(agents))
          .then(answered.resolve, answered.reject),
      settleMs,
    );
  });
  try {
    const from = performance.now();
    writeFileSync(path, code(name));
    if ((await answered.promise) !== name) {
      throw new Error("The agent answered something else.");
    }
    return performance.now() - from;
  } finally {
    watcher.close();
    await agents.dispose();
  }
}

async function ask({ entries }: CodeAgents): Promise<string | undefined> {
  const [entry] = entries;
  if (entry === undefined) {
    throw new Error("No agent was found.");
  }
  const office = new PostOffice();
  const { name } = entry.definition;
  office.register(name, new ConversableAgent({ name, replies: entry.replies }));
  const started = office.open({ signal: new AbortController().signal });
  return (await new ConversableAgent({ name: "user" }).send(started, name, "Hi"))?.content;
}
