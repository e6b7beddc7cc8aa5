import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { AgentError } from "../../base/errors.ts";
import type { IndexReport } from "../../ports/passage-index.ts";
import { shownLeftOut } from "../index/index-status.ts";
import { createPace, type Pace } from "../index/pace.ts";
import type { StoredFile } from "../index/passage-store.ts";
import { type Plan, planUpdate, type UpdateRequest } from "../index/plan-update.ts";
import { preparedItems } from "../index/prepare-in-thread.ts";
import { prepareCorpus, schemaOf } from "./corpus-schema.ts";
import { corpusSums } from "./corpus-sums.ts";
import { numberOf } from "./corpus-rows.ts";
import { CorpusWriter } from "./corpus-writer.ts";
import { pathSql, statementValues } from "./scope-sql.ts";
import type { SeenFiles } from "./seen-files.ts";
import type { SharedDatabase } from "./shared-database.ts";

/** A corpus and what this machine remembers of it. */
export interface CorpusPlace {
  readonly database: SharedDatabase;
  readonly corpus: string;
  readonly seen: SeenFiles;
  /** How a report names it. */
  readonly address: string;
}

const breathEveryMs = 15;
const progressEveryMs = 100;
/** So many files of a corpus are looked for in a folder that is new to it, and so many of them must be there. */
const sampledFiles = 200;
const kinship = 0.1;
/** After so many new passages the server counts anew what it plans searches by. */
const analyzeAfterPassages = 1000;

/**
 * Brings a shared corpus up to date with the files under a root. What is written stays written, and is there for the
 * others. Content that is there already is read here once, to know it, and not written again.
 *
 * @throws AgentError `index.*`; the signal's reason
 */
export async function updateCorpus(
  place: CorpusPlace,
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<IndexReport> {
  const startedMs = performance.now();
  signal.throwIfAborted();
  const { database, corpus, seen } = place;
  await prepareCorpus(database, corpus);
  if (seen.isEmpty) {
    await checkKinship(place, request.root);
  }
  const pace = createPace(breathEveryMs, signal);
  const plan = await planUpdate({ files: (under) => knownFiles(place, under) }, request, pace);
  const { writer, readBytes } = await carryOut(place, plan, { request, signal, pace });
  const { added, changed, unchanged, passages: written } = writer.counts;
  if (written > analyzeAfterPassages) {
    await database.query(`ANALYZE ${schemaOf(corpus)}.passage`);
  }
  const { files, passages, leftOut, leftOutFiles, sizeBytes } = await corpusSums(database, corpus);
  return {
    root: request.root,
    files,
    passages,
    added,
    changed,
    removed: plan.gone.length,
    unchanged: unchanged + plan.unchanged,
    leftOut: [...leftOut, ...plan.unreadable.map((path) => ({ path, reason: "unreadable" }))].slice(0, shownLeftOut),
    leftOutFiles: leftOutFiles + plan.unreadable.length,
    tooManyFiles: plan.tooManyFiles,
    readBytes,
    durationMs: Math.round(performance.now() - startedMs),
    database: place.address,
    sizeBytes,
  };
}

/** The files that the corpus has, each with the dates at which it had this content here. */
async function knownFiles({ database, corpus, seen }: CorpusPlace, under: string): Promise<Map<string, StoredFile>> {
  const values = statementValues();
  const condition = pathSql(under, values);
  const rows = await database.query(
    `SELECT id, path, hash, reason FROM ${schemaOf(corpus)}.file AS file WHERE ${condition}`,
    values.list,
  );
  return new Map(
    rows.map((row) => {
      const path = String(row["path"]);
      const hash = String(row["hash"]);
      const here = seen.find(path);
      const { stamp, seenMs } = here?.hash === hash ? here : neverSeen;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the corpus writer
      const reason = row["reason"] as StoredFile["reason"];
      return [path, { id: numberOf(row, "id"), stamp, seenMs, hash, reason }];
    }),
  );
}

const neverSeen = { stamp: { sizeBytes: -1, modifiedMs: -1, changedMs: -1 }, seenMs: 0 };

/**
 * A folder that was never indexed under this name must have some of the files that the corpus has: else it is another
 * folder of the same name, and would take its place.
 */
async function checkKinship({ database, corpus }: CorpusPlace, root: string): Promise<void> {
  const rows = await database.query(`SELECT path FROM ${schemaOf(corpus)}.file ORDER BY hash LIMIT ${sampledFiles}`);
  const folder = lstatSync(root, { throwIfNoEntry: false })?.isFile() === true ? dirname(root) : root;
  const paths = rows.map(({ path }) => String(path));
  const here = paths.filter((path) => lstatSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true);
  const [other] = paths;
  if (other !== undefined && here.length < Math.max(1, paths.length * kinship)) {
    throw new AgentError(
      "index.name-taken",
      { corpus, root, other },
      `The shared index "${corpus}" has other files than ${root}, such as ${other}. Give this folder a name of its own in the address of the index (?corpus=NAME), or delete the index first.`,
    );
  }
}

interface Work {
  readonly request: UpdateRequest;
  readonly signal: AbortSignal;
  readonly pace: Pace;
}

interface Carried {
  readonly writer: CorpusWriter;
  readonly readBytes: number;
}

/** Removes what is gone and writes what is new. */
async function carryOut(place: CorpusPlace, plan: Plan, { request, signal, pace }: Work): Promise<Carried> {
  const writer = new CorpusWriter(place);
  await writer.remove(plan.gone.map(({ id }) => id));
  const report = progressTo(request, plan.tasks.length);
  let readBytes = 0;
  /* oxlint-disable no-await-in-loop -- one file after the other */
  try {
    for await (const { items, passages } of preparedItems(plan.tasks)) {
      for (const item of items) {
        signal.throwIfAborted();
        await writer.add(item, passages);
        if (item.type === "file") {
          readBytes += item.readBytes;
          report();
        }
        await pace.breathe();
      }
    }
  } catch (error) {
    if (signal.aborted) {
      writer.dropLast();
      await writer.write();
    }
    throw error;
  }
  /* oxlint-enable no-await-in-loop */
  await writer.write();
  await markEnd(place, request.only === null);
  return { writer, readBytes };
}

async function markEnd({ database, corpus }: CorpusPlace, isWhole: boolean): Promise<void> {
  const meta = `${schemaOf(corpus)}.meta`;
  await database.query(`DELETE FROM ${meta} WHERE key = 'updating'`);
  if (isWhole) {
    await database.query(
      `INSERT INTO ${meta} (key, value) VALUES ('updated', (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    );
  }
}

function progressTo({ onProgress }: UpdateRequest, ofFiles: number): () => void {
  let reportedMs = -progressEveryMs;
  let doneFiles = 0;
  return () => {
    doneFiles += 1;
    if (performance.now() - reportedMs > progressEveryMs) {
      reportedMs = performance.now();
      onProgress({ doneFiles, ofFiles });
    }
  };
}
