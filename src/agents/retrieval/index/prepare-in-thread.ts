import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type FileTask, type PreparedItem, prepareFiles } from "./prepare-files.ts";

/** For less, starting a thread costs more than it brings. */
const worthAThreadBytes = 4 * 1024 * 1024;
/** Batches that may lie ready before they are wanted. */
const ahead = 2;
/** What is prepared is soon passed on: more room for young objects would only be filled. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 768 };

function workerProgram(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "./prepare-worker.ts" : "./prepare-worker.mjs", here);
}

/**
 * Prepares files, much of it in a thread of its own, so that the database is written meanwhile.
 *
 * @yields some items at a time, in the order of the tasks
 */
export async function* preparedItems(tasks: readonly FileTask[]): AsyncGenerator<readonly PreparedItem[]> {
  const bytes = tasks.reduce((sum, { stamp }) => sum + stamp.sizeBytes, 0);
  if (bytes < worthAThreadBytes) {
    yield* prepareFiles(tasks);
    return;
  }
  const worker = new Worker(workerProgram(), { workerData: tasks, resourceLimits });
  const ready: (readonly PreparedItem[] | null)[] = [];
  worker.on("message", (batch: readonly PreparedItem[] | null) => ready.push(batch));
  try {
    await once(worker, "online");
    for (let count = 0; count < ahead; count += 1) {
      ask(worker);
    }
    for (;;) {
      if (ready.length === 0) {
        // oxlint-disable-next-line no-await-in-loop -- batches come in order; an error of the thread rejects
        await once(worker, "message");
      }
      const batch = ready.shift();
      if (batch === null) {
        return;
      }
      if (batch !== undefined) {
        ask(worker);
        yield batch;
      }
    }
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  worker.postMessage("next");
}
