import type { IndexReport, LeftOutFile } from "../../ports/passage-index.ts";
import { isDamaged, storeError } from "./database.ts";
import { shownLeftOut } from "./index-status.ts";
import { createPace, type Pace } from "./pace.ts";
import type { PassageStore } from "./passage-store.ts";
import type { PreparedFile } from "./prepare-files.ts";
import { type Plan, planUpdate, type UpdateRequest } from "./plan-update.ts";
import { createPreparation, type Preparation } from "./prepare-in-thread.ts";
import { createStoreWriter } from "./store-writer.ts";

/** How long the thread works before others have their turn. */
const breathEveryMs = 15;
const progressEveryMs = 100;

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
  const preparation = createPreparation();
  try {
    // What is found is prepared while others are looked for.
    const plan = await planUpdate(store, request, pace, { onTask: (task) => preparation.add(task) });
    const counts = await carryOut(store, plan, { request, signal, pace, preparation });
    return reportOf(store, { request, plan, counts, startedMs });
  } finally {
    await preparation.end();
  }
}

interface Done {
  readonly request: UpdateRequest;
  readonly plan: Plan;
  readonly counts: Counts;
  readonly startedMs: number;
}

function reportOf(store: PassageStore, { request, plan, counts, startedMs }: Done): IndexReport {
  const { files, chunks } = store.totals();
  const leftOut = leftOutOf(store, plan);
  return {
    root: request.root,
    files,
    passages: chunks,
    added: counts.added,
    changed: counts.changed,
    removed: plan.gone.filter(({ reason }) => reason === null).length,
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

interface Work {
  readonly request: UpdateRequest;
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** Of the plan's tasks. */
  readonly preparation: Preparation;
}

/** Removes what is gone and writes what is new, in transactions of whole files. */
async function carryOut(
  store: PassageStore,
  plan: Plan,
  { request, signal, pace, preparation }: Work,
): Promise<Counts> {
  const counts: Counts = { added: 0, changed: 0, unchanged: 0, readBytes: 0 };
  if (plan.tasks.length + plan.gone.length === 0 && request.only !== null) {
    return counts;
  }
  const writer = createStoreWriter(store);
  const report = progressTo(request, plan.tasks.length);
  let current: CurrentFile | null = null;
  /* oxlint-disable no-await-in-loop -- one file after the other */
  try {
    await writer.open(signal);
    store.setMeta("updating", Date.now());
    for (const { id } of plan.gone) {
      await writer.open(signal);
      store.removeFile(id);
      writer.mayEnd(0);
    }
    for await (const { items, passages } of preparation.batches()) {
      for (const item of items) {
        if (item.type === "file") {
          writer.mayEnd(item.readBytes);
          await writer.open(signal);
          // A file that is given up may come a second time, and is counted once.
          current = beginFile(store, item, current?.path === item.path ? { ...counts } : counts);
          report();
        } else if (current?.id !== undefined) {
          store.addPassages({ id: current.id, path: current.path }, passages, item);
        }
        await pace.breathe();
      }
    }
  } catch (error) {
    keepWhole(store, signal, current);
    throw error;
  }
  /* oxlint-enable no-await-in-loop */
  await writer.open(signal);
  store.removeMeta("updating");
  if (request.only === null) {
    store.setMeta("updated", Date.now());
  }
  writer.end();
  return counts;
}

/** The file whose passages are being written. */
interface CurrentFile {
  readonly path: string;
  /** `undefined` when its passages stay as they are. */
  readonly id: number | undefined;
}

function beginFile(store: PassageStore, file: PreparedFile, counts: Counts): CurrentFile {
  const { path, hash, isKnown, readBytes } = file;
  const known = store.file(path);
  counts.readBytes += readBytes;
  if (known !== null && known.hash === hash && hash !== "") {
    store.touch(known.id, file.stamp, file.seenMs);
    counts.unchanged += 1;
    return { path, id: undefined };
  }
  if (isKnown) {
    // Another process changed the index meanwhile: it has read the file itself.
    counts.unchanged += 1;
    return { path, id: undefined };
  }
  if (known !== null) {
    store.removeFile(known.id);
  }
  const hadText = known !== null && known.reason === null;
  if (hadText || file.reason === null) {
    counts[hadText ? "changed" : "added"] += 1;
  }
  return { path, id: store.addFile(file) };
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

/** Keeps what a stopped update has written, but for the file it was at: that one is read again the next time. */
function keepWhole(store: PassageStore, signal: AbortSignal, current: CurrentFile | null): void {
  if (!signal.aborted || !store.isWriting) {
    return;
  }
  if (current?.id !== undefined) {
    store.removeFile(current.id);
  }
  store.commit();
}

function leftOutOf(store: PassageStore, { unreadable }: Plan): readonly LeftOutFile[] {
  return [...store.leftOut(), ...unreadable.map((path) => ({ path, reason: "unreadable" }))];
}
