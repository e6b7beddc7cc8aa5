import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { createPassageIndex, type ThreadedPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { type Bench, type BenchFigure, figure, median, type MissingFigure, ratioFigure, rounds } from "./bench.ts";
import { againstLanceDb } from "./retrieval-lancedb.ts";
import { questions } from "./retrieval-questions.ts";
import { miniSearch, plainFullText, type Rival } from "./retrieval-rivals.ts";
import { copyTexts } from "./retrieval-texts.ts";
import { vectorFigures } from "./retrieval-vectors.ts";

/** The thread's program as it ships: `npm run build` makes it. */
const worker = new URL("../../dist/retrieval-worker.mjs", import.meta.url);
const run = promisify(execFile);
const never = new AbortController().signal;
/** About 100,000 passages. */
const textBytes = 115_000_000;

const probeSchema = z.object({ openMs: z.number(), firstMs: z.number(), extraMegabytes: z.number() });
type Probe = z.infer<typeof probeSchema>;

const hostSchema = z.object({
  buildMs: z.number(),
  readBytes: z.number(),
  blockedMs: z.number(),
  extraMegabytes: z.number(),
});

const memorySchema = z.object({ extraMegabytes: z.number() });

interface Build {
  readonly ours: z.infer<typeof hostSchema>;
  readonly plain: Rival;
}

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

/** A new index of everything, made in a process of its own, and the same texts in plain full-text search right after. */
async function build(place: Place, asked: "asked" | "alone"): Promise<Build> {
  rmSync(place.indexes, { recursive: true, force: true });
  mkdirSync(place.indexes);
  const program = join(import.meta.dirname, "retrieval-host-probe.ts");
  const { stdout } = await run(process.execPath, [program, fileURLToPath(worker), place.indexes, place.files, asked]);
  return { ours: hostSchema.parse(JSON.parse(stdout)), plain: plainFullText(databaseIn(place.indexes)) };
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

/** What a process of its own needs to ask the index by words and meaning. */
async function memoryMegabytes({ files, indexes }: Place): Promise<number> {
  const program = join(import.meta.dirname, "retrieval-memory-probe.ts");
  const { stdout } = await run(process.execPath, [program, fileURLToPath(worker), indexes, files]);
  return memorySchema.parse(JSON.parse(stdout)).extraMegabytes;
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

type Figures = readonly (BenchFigure | MissingFigure)[];

/** Against MiniSearch, per character. */
async function againstMiniSearch(place: Place, { ours }: Build, ownMs: readonly number[]): Promise<Figures> {
  const theirs = await miniSearch(databaseIn(place.indexes));
  if ("missing" in theirs) {
    return [{ name: "100k passages: against MiniSearch", missing: theirs.missing }];
  }
  const perByte = [ours.buildMs / ours.readBytes, theirs.buildMs / theirs.characters] as const;
  return [
    ratioFigure("100k passages: building, per MB, against MiniSearch of 15k passages", [perByte], 1),
    ratioFigure(
      "100k passages: a question, against MiniSearch of 15k passages",
      [[median(ownMs), median(theirs.questionMs)]],
      4,
    ),
  ];
}

async function measure(place: Place): Promise<Figures> {
  copyTexts(place.files, textBytes);
  const whileAsked = await build(place, "asked");
  const builds = await rounds(3, 0, () => build(place, "alone"));
  const probes = await rounds(7, 1, () => probe(place));
  const index = openIndex(place);
  try {
    const queries = await queryMs(index, place);
    const changes = await changedFileMs(index, place);
    const pick = (name: keyof Probe): readonly number[] => probes.map((item) => item[name]);
    const own = (name: keyof Build["ours"]): readonly number[] => [whileAsked, ...builds].map(({ ours }) => ours[name]);
    const perMegabyte = ({ ours }: Build): number => ours.buildMs / (ours.readBytes / 1e6);
    const ratios = builds.map(({ ours, plain }) => [ours.buildMs, plain.buildMs] as const);
    const plainMs = builds.map(({ plain }) => [median(queries), median(plain.questionMs)] as const);
    const [first] = builds;
    const miniSearchFigures = first === undefined ? [] : await againstMiniSearch(place, first, queries);
    const meaning = await vectorFigures(index, place.files);
    const memory = await rounds(3, 0, () => memoryMegabytes(place));
    return [
      figure("100k passages: building, per MB of text", "ms", builds.map(perMegabyte), 1000 / 15),
      figure("100k passages: building while being asked, per MB of text", "ms", [perMegabyte(whileAsked)], 1000 / 10),
      ratioFigure("100k passages: building, against plain FTS5 without reading or cutting", ratios, 2.5),
      figure("100k passages: building, memory over idle", "MB", own("extraMegabytes"), 120),
      figure("100k passages: building and asking, longest block of the event loop", "ms", own("blockedMs"), 30),
      figure("100k passages: opening", "ms", pick("openMs"), 10),
      figure("100k passages: first question of a process", "ms", pick("firstMs"), 60),
      figure("100k passages: a question", "ms", queries, 10),
      ratioFigure("100k passages: a question, against plain FTS5 with any of its words", plainMs, 1),
      figure("100k passages: asking, memory over idle", "MB", pick("extraMegabytes"), 120),
      figure("100k passages: a changed file is found", "ms", changes, 200),
      ...miniSearchFigures,
      ...meaning.figures,
      figure("100k passages × 384: asking by words and meaning, memory over idle", "MB", memory, 120),
      ...(await againstLanceDb(databaseIn(place.indexes), {
        buildMs: median(builds.map(({ ours }) => ours.buildMs)),
        textMs: queries,
        ...meaning,
        extraMegabytes: median(memory),
      })),
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
