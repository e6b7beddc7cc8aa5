import { statSync } from "node:fs";
import { dirname } from "node:path";
import { AgentError } from "../../base/errors.ts";
import type { IndexProgress, IndexReport, LeftOutFile } from "../../ports/passage-index.ts";
import { sameStamp } from "../parse/read-file.ts";
import { isDamaged, storeError } from "./database.ts";
import { type FileTask, indexFile } from "./index-file.ts";
import { createPace, type Pace } from "./pace.ts";
import type { PassageStore, StoredFile } from "./passage-store.ts";
import { createStoreWriter } from "./store-writer.ts";
import { type WalkedFile, walkFiles } from "./walk-files.ts";

/** What is brought up to date. */
export interface UpdateRequest {
  readonly root: string;
  readonly exclude: readonly string[];
  /** Only these files and folders, relative to the root; `null` for all. */
  readonly only: readonly string[] | null;
  /** Files beyond are left out. */
  readonly mostFiles: number;
  readonly onProgress: (progress: IndexProgress) => void;
}

/** How long the thread works before others have their turn. */
const breathEveryMs = 15;
const progressEveryMs = 100;
const shownLeftOut = 1000;
/** A file that was changed as late as this before it was read may have been changed after, within one tick of its clock. */
const clockTickMs = 2000;

/** What a look at the folder says is to be done. */
interface Plan {
  readonly tasks: readonly FileTask[];
  readonly gone: readonly StoredFile[];
  readonly unreadable: readonly string[];
  readonly unchanged: number;
  readonly tooManyFiles: boolean;
}

interface Counts {
  added: number;
  changed: number;
  unchanged: number;
  readBytes: number;
}

/**
 * Brings an index up to date with the files under its root. What is written stays written: when it is stopped or
 * killed, the next update goes on from there. A damaged index is made anew.
 *
 * @throws AgentError `index.not-found`, `index.busy`, `index.full`, `index.not-writable`; the signal's reason
 */
export async function updateIndex(
  store: PassageStore,
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<IndexReport> {
  try {
    return await updateOnce(store, request, signal);
  } catch (error) {
    rollBack(store);
    if (!isDamaged(error)) {
      throw storeError(error, store.path);
    }
    store.startAnew();
    return await updateOnce(store, request, signal);
  }
}

/** A failed transaction may have been rolled back by SQLite already. */
function rollBack(store: PassageStore): void {
  try {
    store.rollback();
  } catch (error) {
    if (!isDamaged(error)) {
      throw storeError(error, store.path);
    }
  }
}

async function updateOnce(store: PassageStore, request: UpdateRequest, signal: AbortSignal): Promise<IndexReport> {
  const startedMs = performance.now();
  signal.throwIfAborted();
  const pace = createPace(breathEveryMs, signal);
  checkAfterKill(store);
  const plan = await planUpdate(store, request, pace);
  const counts = await carryOut(store, plan, { request, signal, pace });
  const { files, chunks } = store.totals();
  const leftOut = leftOutOf(store, plan);
  return {
    root: request.root,
    files,
    passages: chunks,
    added: counts.added,
    changed: counts.changed,
    removed: plan.gone.length,
    unchanged: counts.unchanged + plan.unchanged,
    leftOut: leftOut.slice(0, shownLeftOut),
    leftOutFiles: leftOut.length,
    tooManyFiles: plan.tooManyFiles,
    readBytes: counts.readBytes,
    durationMs: Math.round(performance.now() - startedMs),
    database: store.path,
    sizeBytes: store.sizeBytes(),
  };
}

/** An update that was killed leaves its mark; the next looks whether the database is whole. */
function checkAfterKill(store: PassageStore): void {
  if (store.meta("updating") !== null && !store.isWhole()) {
    store.startAnew();
  }
}

function rootStats(root: string): { readonly isFolder: boolean } {
  try {
    return { isFolder: statSync(root).isDirectory() };
  } catch (error) {
    throw new AgentError("index.not-found", { path: root }, `There is no "${root}", or it may not be read.`, error);
  }
}

function needsReading(known: StoredFile | undefined, item: WalkedFile): boolean {
  if (item.type === "unreadable" || known === undefined) {
    return item.type !== "unreadable";
  }
  const mayHaveChanged = known.seenMs - known.stamp.changedMs < clockTickMs;
  return (
    !sameStamp(known.stamp, item.stamp) ||
    (item.type === "secret") !== (known.reason === "secret") ||
    (mayHaveChanged && item.type === "file")
  );
}

/** Looks at the folder, or at the files and folders asked for, and compares it with what the index knows. */
async function planUpdate(store: PassageStore, request: UpdateRequest, pace: Pace): Promise<Plan> {
  const { root, exclude, only } = request;
  const folder = rootStats(root).isFolder ? root : dirname(root);
  const known = only === null ? store.files("") : new Map(only.flatMap((path) => [...store.files(path)]));
  const tasks: FileTask[] = [];
  const unreadable: string[] = [];
  let unchanged = 0;
  let left = request.mostFiles;
  for (const from of only ?? [""]) {
    for (const item of walkFiles({ root, exclude, from, mostFiles: left + 1 })) {
      left -= 1;
      if (left < 0) {
        break;
      }
      if (item.type === "unreadable") {
        unreadable.push(item.path);
      } else if (needsReading(known.get(item.path), item)) {
        tasks.push({ folder, path: item.path, stamp: item.stamp, isSecret: item.type === "secret" });
      } else {
        unchanged += 1;
      }
      known.delete(item.path);
      const pause = pace.breathe();
      if (pause !== undefined) {
        // oxlint-disable-next-line no-await-in-loop -- a folder is listed in one go, with pauses
        await pause;
      }
    }
  }
  return { tasks, gone: [...known.values()], unreadable, unchanged, tooManyFiles: left < 0 };
}

interface Work {
  readonly request: UpdateRequest;
  readonly signal: AbortSignal;
  readonly pace: Pace;
}

/** Removes what is gone and reads what is new, in transactions of whole files. */
async function carryOut(store: PassageStore, plan: Plan, { request, signal, pace }: Work): Promise<Counts> {
  const counts: Counts = { added: 0, changed: 0, unchanged: 0, readBytes: 0 };
  if (plan.tasks.length + plan.gone.length === 0) {
    return counts;
  }
  const writer = createStoreWriter(store);
  let reportedMs = -progressEveryMs;
  let done = 0;
  /* oxlint-disable no-await-in-loop -- one file after the other */
  try {
    await writer.open(signal);
    store.setMeta("updating", Date.now());
    for (const { id } of plan.gone) {
      await writer.open(signal);
      store.removeFile(id);
      writer.mayEnd(0);
    }
    for (const task of plan.tasks) {
      await pace.breathe();
      await writer.open(signal);
      const { outcome, readBytes } = await indexFile(store, task, pace);
      counts[outcome] += 1;
      counts.readBytes += readBytes;
      done += 1;
      if (performance.now() - reportedMs > progressEveryMs) {
        reportedMs = performance.now();
        request.onProgress({ doneFiles: done, ofFiles: plan.tasks.length });
      }
      writer.mayEnd(readBytes);
    }
  } catch (error) {
    keepWhole(store, signal, plan.tasks[done]);
    throw error;
  }
  /* oxlint-enable no-await-in-loop */
  await writer.open(signal);
  store.removeMeta("updating");
  writer.end();
  return counts;
}

/** Keeps what a stopped update has written, but for the file it was at: that one is read again the next time. */
function keepWhole(store: PassageStore, signal: AbortSignal, current: FileTask | undefined): void {
  if (!signal.aborted || !store.isWriting) {
    return;
  }
  const partial = current === undefined ? null : store.file(current.path);
  if (partial !== null) {
    store.removeFile(partial.id);
  }
  store.commit();
}

function leftOutOf(store: PassageStore, { unreadable }: Plan): readonly LeftOutFile[] {
  return [...store.leftOut(), ...unreadable.map((path) => ({ path, reason: "unreadable" }))];
}
