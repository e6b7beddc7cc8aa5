import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { AgentError, messageOf } from "../base/errors.ts";
import type { Passage, PassageScope } from "../ports/passage-index.ts";
import type { ThreadedPassageIndex } from "../retrieval/passage-index.ts";
import { embeddingOptions, embedRoot, useCommandEmbedder } from "./command-embedder.ts";
import { clusterFlags } from "./cluster-flags.ts";
import type { CommandStreams } from "./command-streams.ts";
import { rootNamed, searchableIndex } from "./command-index.ts";
import { excludeGlobs, indexWithout, partlyRead, refuseNoUnicode, withinScopes } from "./command-scope.ts";
import { untilInterrupted } from "./interruption.ts";
import { jsonLine } from "./json-line.ts";

const options = {
  queries: { type: "string" },
  top: { type: "string", default: "10" },
  index: { type: "string" },
  "index-url": { type: "string" },
  exclude: { type: "string", multiple: true },
  within: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
  "base-url": { type: "string" },
  "api-key-env": { type: "string" },
  ...embeddingOptions,
  ...clusterFlags,
} as const;

const querySchema = z.object({ _id: z.union([z.string(), z.number()]), text: z.string() });
type Query = z.infer<typeof querySchema>;

const usage = "byzer search PATH (QUESTION | --queries FILE.jsonl) [--top K] [--within PATH]";

function parseQuery(line: string, number: number, file: string): Query {
  try {
    const { data, success } = querySchema.safeParse(JSON.parse(line));
    if (success) {
      return data;
    }
  } catch {
    // Said below: the line is no JSON at all.
  }
  const message = `Line ${number} of ${file} is not {"_id": a text or a number, "text": a text}.`;
  throw new AgentError("cli.usage", { argument: "--queries" }, message);
}

/**
 * The queries of a file. Empty lines are passed over.
 *
 * @yields queries in the order of the file
 */
async function* readQueries(file: string): AsyncGenerator<Query> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
      number += 1;
      const text = number === 1 ? line.replace(/^\ufeff/, "") : line;
      if (text.trim() !== "") {
        yield parseQuery(text, number, file);
      }
    }
  } catch (error) {
    if (error instanceof AgentError) {
      throw error;
    }
    const message = `The queries cannot be read from ${file}: ${messageOf(error)}`;
    throw new AgentError("cli.usage", { argument: "--queries" }, message, error);
  }
}

async function* oneQuery(text: string): AsyncGenerator<Query> {
  yield { _id: "query", text };
}

interface Search {
  readonly root: string;
  readonly within: readonly PassageScope[];
  readonly top: number;
  readonly json: boolean;
  /** What the command line says of the model that embeds. */
  readonly embedding: Parameters<typeof useCommandEmbedder>[1];
}

/** Passages for a person: where, under what, and the text. */
function describePassages(found: readonly Passage[]): string {
  const blocks = found.map(({ path, startLine, endLine, place, text }) => {
    return `${path}:${startLine}-${endLine}${place === "" ? "" : `  (${place})`}\n${text}\n`;
  });
  return blocks.length === 0 ? "Nothing found.\n" : blocks.join("\n");
}

/** A line of JSON for each query. */
function passageLine(id: Query["_id"], found: readonly Passage[]): string {
  const results = found.map(({ path, startLine, endLine, start, end, page, place, score, scores, text }) => {
    return { path, startLine, endLine, start, end, page, place, score, scores, text };
  });
  return jsonLine({ _id: id, results });
}

/** Answers each query as soon as its passages are found. */
async function answerAll(
  index: ThreadedPassageIndex,
  { root, within, top, json, embedding }: Search,
  queries: AsyncGenerator<Query>,
  streams: CommandStreams,
): Promise<void> {
  await untilInterrupted(async (signal) => {
    const model = await useCommandEmbedder(index, embedding, streams, signal);
    const { files, passages, added, changed, removed, leftOut } = await index.update({ root }, signal);
    partlyRead(leftOut, within).forEach((sentence) => streams.err(`${sentence}\n`));
    streams.err(`${files} files, ${passages} passages; ${added} added, ${changed} changed, ${removed} removed\n`);
    if (model !== null) {
      await embedRoot(index, root, streams, signal);
    }
    for await (const { _id, text } of queries) {
      const found = await index.search({ root, text, top, within }, signal);
      streams.out(json ? passageLine(_id, found) : describePassages(found));
    }
  });
}

/** `byzer search PATH`: brings the index up to date and finds passages. */
export async function searchCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [path, question, ...more] = positionals;
  if (path === undefined || more.length > 0 || (question === undefined) === (values.queries === undefined)) {
    throw new AgentError("cli.usage", { argument: "PATH" }, `Name one folder or file and what to look for: ${usage}`);
  }

  const top = Number(values.top);
  if (!Number.isInteger(top) || top < 1 || top > 1000) {
    throw new AgentError("cli.usage", { argument: "--top" }, `--top wants a number from 1 to 1000; got ${values.top}.`);
  }

  const queries = values.queries === undefined ? oneQuery(question ?? "") : readQueries(values.queries);
  refuseNoUnicode([path]);
  const root = rootNamed(path);
  const json = values.json || values.queries !== undefined;
  const within = withinScopes(values.within ?? [], root);
  const search: Search = { root, within, top, json, embedding: values };
  const index = searchableIndex(values, streams);
  try {
    await answerAll(indexWithout(index, excludeGlobs(values.exclude)), search, queries, streams);
  } finally {
    await index.dispose();
  }
}
