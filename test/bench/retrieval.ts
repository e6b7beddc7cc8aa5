import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { createPassageIndex, type ThreadedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { type Bench, type BenchFigure, figure, ratioFigure, rounds } from "./bench.ts";
import { questions } from "./retrieval-questions.ts";
import { copyTexts } from "./retrieval-texts.ts";

/** The thread's program as it ships: `npm run build` makes it. */
const worker = new URL("../../dist/retrieval-worker.mjs", import.meta.url);
const run = promisify(execFile);
const never = new AbortController().signal;
/** About 100,000 passages. */
const textBytes = 115_000_000;

const probeSchema = z.object({ openMs: z.number(), firstMs: z.number(), extraMegabytes: z.number() });
type Probe = z.infer<typeof probeSchema>;

interface Place {
  readonly files: string;
  readonly indexes: string;
}

function openIndex({ indexes }: Place): ThreadedPassageIndex {
  return createPassageIndex({ folder: indexes, worker });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The passages of an index into plain full-text search as SQLite has it by default: what there is to be compared with. */
function plainBuildMs({ indexes }: Place): number {
  const from = new DatabaseSync(databaseIn(indexes), { readOnly: true });
  const texts = from.prepare("SELECT text FROM chunk").all();
  from.close();
  const path = join(indexes, "plain.sqlite");
  const plain = new DatabaseSync(path);
  plain.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE VIRTUAL TABLE passage USING fts5(text)");
  const insert = plain.prepare("INSERT INTO passage (text) VALUES (?)");
  const startedMs = performance.now();
  plain.exec("BEGIN");
  for (const { text } of texts) {
    insert.run(String(text));
  }
  plain.exec("COMMIT");
  const tookMs = performance.now() - startedMs;
  plain.close();
  rmSync(path);
  return tookMs;
}

/** A new index of everything, and plain full-text search of the same texts right after. */
async function build(place: Place): Promise<readonly [oursMs: number, plainMs: number]> {
  rmSync(place.indexes, { recursive: true, force: true });
  mkdirSync(place.indexes);
  const index = openIndex(place);
  const oursMs = await timed(() => index.update({ root: place.files }, never));
  await index.dispose();
  return [oursMs, plainBuildMs(place)];
}

/** The only index of a folder. */
function databaseIn(indexes: string): string {
  return join(indexes, readdirSync(indexes).find((name) => name.endsWith(".db")) ?? "");
}

/** A process of its own that opens the index and asks it. */
async function probe({ indexes }: Place): Promise<Probe> {
  const program = join(import.meta.dirname, "retrieval-probe.ts");
  const { stdout } = await run(process.execPath, [program, databaseIn(indexes)]);
  return probeSchema.parse(JSON.parse(stdout));
}

async function queryMs(index: ThreadedPassageIndex, { files }: Place): Promise<readonly number[]> {
  let asked = 0;
  return await rounds(5 * questions.length, questions.length, () => {
    const text = questions[asked % questions.length] ?? "";
    asked += 1;
    return timed(() => index.search({ root: files, text, top: 10 }, never));
  });
}

/** A file is saved with a new word, and the word is found. */
async function changedFileMs(index: ThreadedPassageIndex, { files }: Place): Promise<readonly number[]> {
  let number = 0;
  return await rounds(20, 2, async () => {
    number += 1;
    const word = `changedword${number}`;
    writeFileSync(join(files, "0", "changing.md"), `# Changed\n\n${word} ${"and other words. ".repeat(2000)}`);
    const tookMs = await timed(async () => {
      await index.update({ root: files, only: ["0/changing.md"] }, never);
      const [found] = await index.search({ root: files, text: word, top: 1 }, never);
      if (found?.path !== "0/changing.md") {
        throw new Error(`${word} was not found after its file had changed`);
      }
    });
    return tookMs;
  });
}

async function measure(place: Place): Promise<readonly BenchFigure[]> {
  const bytes = copyTexts(place.files, textBytes);
  const builds = await rounds(2, 0, () => build(place));
  const probes = await rounds(7, 1, () => probe(place));
  const index = openIndex(place);
  try {
    const queries = await queryMs(index, place);
    const changes = await changedFileMs(index, place);
    const pick = (name: keyof Probe): readonly number[] => probes.map((item) => item[name]);
    const perMegabyte = builds.map(([oursMs]) => oursMs / (bytes / 1e6));
    return [
      figure("100k passages: building, per MB of text", "ms", perMegabyte, 1000 / 15),
      ratioFigure("100k passages: building, against plain FTS5 without reading or cutting", builds, 2.5),
      figure("100k passages: opening", "ms", pick("openMs"), 10),
      figure("100k passages: first question of a process", "ms", pick("firstMs"), 60),
      figure("100k passages: a question", "ms", queries, 10),
      figure("100k passages: memory over idle", "MB", pick("extraMegabytes"), 120),
      figure("100k passages: a changed file is found", "ms", changes, 200),
    ];
  } finally {
    await index.dispose();
  }
}

/** How long a person waits for the index, and for passages. */
export const retrievalBench: Bench = {
  name: "retrieval",
  run: async () => {
    const directory = mkdtempSync(join(tmpdir(), "byzer-bench-"));
    const place = { files: join(directory, "files"), indexes: join(directory, "indexes") };
    try {
      return await measure(place);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
