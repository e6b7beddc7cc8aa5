import type { Embedder } from "../../ports/embedder.ts";
import type { CarriedEmbedder } from "../../protocol/index-job.ts";
import { createPace } from "../index/pace.ts";
import type { FileTask } from "../index/prepare-files.ts";
import type { FileStamp } from "../parse/read-file.ts";
import { corpusSums } from "../postgres/corpus-sums.ts";
import { CorpusVectors } from "../postgres/corpus-vectors.ts";
import type { WrittenFile } from "../postgres/corpus-writer.ts";
import { planCorpus } from "../postgres/plan-corpus.ts";
import { SeenFiles } from "../postgres/seen-files.ts";
import { SharedDatabase } from "../postgres/shared-database.ts";
import { breathEveryMs, endUpdate, writeCorpus } from "../postgres/write-corpus.ts";
import { embedInPieces } from "../vectors/embed-in-pieces.ts";
import { addressOf } from "./carried-database.ts";
import type { CorpusFile, CorpusOrder, FromCorpusProgram, WrittenLine } from "./corpus-orders.ts";
import { embedShare, firstPassageOf } from "./embed-corpus.ts";
import { type ListedFile, listedFiles } from "./listed-files.ts";

/** What the program is given beside its order. */
export interface CorpusProgram {
  readonly say: (line: FromCorpusProgram) => void;
  /** The files that somebody has listed, where the order says so. */
  readonly listed: () => Promise<readonly ListedFile[]>;
  /** Makes the embedder that an order names. @param key `null` for none */
  readonly embedderOf: (named: CarriedEmbedder, key: string | null) => Embedder;
  readonly signal: AbortSignal;
}

type Order<V extends CorpusOrder["verb"]> = Extract<CorpusOrder, { readonly verb: V }>;

/** Carries out one order of an update that a cluster does. @throws AgentError `index.*`; the signal's reason */
export async function runCorpusOrder(order: CorpusOrder, program: CorpusProgram): Promise<void> {
  const { password, tlsKey } = order.secrets;
  const database = new SharedDatabase(addressOf(order.database, tlsKey, order.corpus), password ?? undefined);
  try {
    switch (order.verb) {
      case "plan":
        return await plan(order, database, program);
      case "carry":
        return await carry(order, database, program);
      case "embed":
        return await embed(order, database, program);
      case "finish":
        return await finish(order, database, program);
    }
  } finally {
    await database.close();
  }
}

const tasksOfLine = 500;

async function plan(order: Order<"plan">, database: SharedDatabase, program: CorpusProgram): Promise<void> {
  const { corpus, root, isListed, memory } = order;
  const { say, signal } = program;
  const seen = new SeenFiles(memory);
  try {
    const listed = isListed ? listedFiles(await program.listed()) : undefined;
    const { exclude, gitIgnoring, keepExcluded, mostFiles } = order;
    const ignoring = gitIgnoring === undefined ? {} : { gitIgnoring };
    const request = { root, exclude, keepExcluded, mostFiles, only: null, named: false, ...ignoring };
    const found = await planCorpus(
      { database, corpus, seen },
      { ...request, onProgress: () => undefined },
      createPace(breathEveryMs, signal),
      listed,
    );
    await writeCorpus({ database, corpus, seen }, { gone: found.gone.map(({ id }) => id), tasks: [] }, signal);
    const { tasks, unchanged, unreadable, tooManyFiles } = found;
    for (let at = 0; at < tasks.length; at += tasksOfLine) {
      say({ t: "tasks", files: tasks.slice(at, at + tasksOfLine).map(fileOf) });
    }
    const folder = tasks[0]?.folder ?? root;
    say({ t: "planned", folder, removed: found.gone.length, unchanged, unreadable, tooManyFiles });
  } finally {
    seen.close();
  }
}

function fileOf({ path, stamp, isSecret, knownHash, givenUp }: FileTask): CorpusFile {
  return { path, stamp: partsOf(stamp), isSecret, knownHash, givenUp: givenUp ?? null };
}

async function carry(order: Order<"carry">, database: SharedDatabase, program: CorpusProgram): Promise<void> {
  const { corpus, folder, files, areCopies } = order;
  const { say, signal } = program;
  const stamps = new Map(files.map(({ path, stamp }) => [path, stamp]));
  const lineOf = ({ file, fate, passages }: WrittenFile): WrittenLine => {
    const stamp = (areCopies ? stamps.get(file.path) : undefined) ?? partsOf(file.stamp);
    const { path, hash, reason, readBytes, seenMs } = file;
    return { path, hash, fate, reason, passages, readBytes, stamp, seenMs };
  };
  const onWritten = (written: readonly WrittenFile[]): void => say({ t: "written", files: written.map(lineOf) });
  const tasks = files.map((file) => taskOf(folder, file));
  const seen = { remember: () => undefined };
  const { passages } = await writeCorpus({ database, corpus, seen, onWritten }, { gone: [], tasks }, signal);
  if (order.embedder !== null && passages > 0) {
    const from = await firstPassageOf(
      database,
      corpus,
      files.map(({ path }) => path),
    );
    await embedSome({ ...order, embedder: order.embedder }, { database, from, most: passages }, program);
  }
}

function taskOf(folder: string, { path, stamp, isSecret, knownHash, givenUp }: CorpusFile): FileTask {
  const task = { folder, path, stamp: stampOf(stamp), isSecret, knownHash };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said by another program of the same package
  return givenUp === null ? task : { ...task, givenUp: givenUp as NonNullable<FileTask["givenUp"]> };
}

async function embed(order: Order<"embed">, database: SharedDatabase, program: CorpusProgram): Promise<void> {
  await embedSome(order, { database, from: 0, most: Number.POSITIVE_INFINITY }, program);
}

interface Some {
  readonly database: SharedDatabase;
  readonly from: number;
  readonly most: number;
}

type Embedding = Pick<Order<"embed">, "embedder" | "secrets" | "corpus" | "owner">;

async function embedSome(
  { embedder, secrets, corpus, owner }: Embedding,
  { database, from, most }: Some,
  { say, signal, embedderOf }: CorpusProgram,
): Promise<void> {
  const trouble = await embedShare(
    {
      vectors: new CorpusVectors(database, corpus, owner),
      embedder: embedderOf(embedder, secrets.embeddingKey),
      from,
      most,
      onEmbedded: (count) => say({ t: "embedded", count }),
    },
    signal,
  );
  if (trouble !== null) {
    say({ t: "embedding-problem", ...trouble });
  }
}

async function finish(order: Order<"finish">, database: SharedDatabase, program: CorpusProgram): Promise<void> {
  const { corpus, job, isWhole, passages, memory, seen, embedder, secrets } = order;
  remember(memory, seen);
  if (embedder !== null) {
    await new CorpusVectors(database, corpus).release(job);
    const rest = { embedder, secrets, corpus, owner: `${job}:rest` };
    await embedSome(rest, { database, from: 0, most: Number.POSITIVE_INFINITY }, program);
  }
  await endUpdate(database, corpus, { isWhole, passages });
  const { files, passages: all, leftOut, leftOutFiles, sizeBytes } = await corpusSums(database, corpus);
  const embedded = embedder === null ? 0 : await embeddedOf(order, embedder, { database, program });
  program.say({ t: "finished", files, passages: all, leftOut, leftOutFiles, sizeBytes, embedded });
}

async function embeddedOf(
  { corpus, secrets }: Order<"finish">,
  embedder: CarriedEmbedder,
  { database, program }: { readonly database: SharedDatabase; readonly program: CorpusProgram },
): Promise<number> {
  const { id } = embedInPieces(program.embedderOf(embedder, secrets.embeddingKey));
  return await new CorpusVectors(database, corpus).count(id);
}

function remember(memory: string | null, files: Order<"finish">["seen"]): void {
  if (memory === null || files.length === 0) {
    return;
  }
  const seen = new SeenFiles(memory);
  try {
    seen.remember(files.map(({ path, stamp, seenMs, hash }) => ({ path, stamp: stampOf(stamp), seenMs, hash })));
  } finally {
    seen.close();
  }
}

type Stamp = readonly [sizeBytes: number, modifiedMs: number, changedMs: number];

function stampOf([sizeBytes, modifiedMs, changedMs]: Stamp): FileStamp {
  return { sizeBytes, modifiedMs, changedMs };
}

function partsOf({ sizeBytes, modifiedMs, changedMs }: FileStamp): [number, number, number] {
  return [sizeBytes, modifiedMs, changedMs];
}
