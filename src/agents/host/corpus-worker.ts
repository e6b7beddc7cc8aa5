import { createInterface } from "node:readline";
import { createOpenAiEmbedder } from "../models/openai-embedder.ts";
import { timeoutsFor } from "../models/endpoint.ts";
import { createNodeFetch } from "../models/node-fetch.ts";
import { createProxyAgents } from "../models/proxy-agents.ts";
import { problemOf } from "../ports/problem-of.ts";
import { type CorpusProgram, runCorpusOrder } from "../retrieval/carried/run-corpus-order.ts";
import {
  type CorpusOrder,
  corpusOrderSchema,
  type FromCorpusProgram,
  listedLineSchema,
} from "../retrieval/carried/corpus-orders.ts";
import type { ListedFile } from "../retrieval/carried/listed-files.ts";

/**
 * The program by which tasks of a cluster index: one order as a line of JSON, answers in lines of JSON, and it ends. What
 * is secret comes in the order, so that it stands neither in the environment nor on the command line.
 */
const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
const stopping = new AbortController();

function say(line: FromCorpusProgram): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/**
 * What comes, line by line.
 *
 * @yields what a line says
 */
async function* read(): AsyncGenerator {
  for await (const line of lines) {
    yield JSON.parse(line);
  }
}

async function listedFrom(input: AsyncGenerator): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = [];
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- line by line
    const { value, done } = await input.next();
    const { listed } = listedLineSchema.parse(done === true ? { listed: null } : value);
    if (listed === null) {
      return files;
    }
    for (const {
      path,
      stamp: [sizeBytes, modifiedMs, changedMs],
    } of listed) {
      files.push({ path, stamp: { sizeBytes, modifiedMs, changedMs } });
    }
  }
}

function programOf(input: AsyncGenerator): CorpusProgram {
  const agentFor = createProxyAgents(process.env);
  const carrier = agentFor === null ? {} : { fetch: createNodeFetch({ timeoutsFor, agentFor }) };
  return {
    say,
    listed: () => listedFrom(input),
    embedderOf: ({ baseUrl, model, maxBatch }, key) =>
      createOpenAiEmbedder({ baseUrl, model, maxBatch, readKey: () => Promise.resolve(key), ...carrier }),
    signal: stopping.signal,
  };
}

async function run(): Promise<void> {
  const input = read();
  const { value } = await input.next();
  const order: CorpusOrder = corpusOrderSchema.parse(value);
  // Whoever gave the order is gone when its input ends.
  lines.once("close", () => stopping.abort());
  await runCorpusOrder(order, programOf(input));
}

try {
  await run();
  say({ t: "done" });
} catch (error) {
  say({ t: "failed", ...problemOf(error) });
  process.exitCode = 1;
} finally {
  lines.close();
  process.stdin.destroy();
}
