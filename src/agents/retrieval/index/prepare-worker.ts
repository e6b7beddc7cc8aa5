import { parentPort, workerData } from "node:worker_threads";
import type { PrepareOrder } from "./prepare-order.ts";
import { prepareFiles } from "./prepare-files.ts";

/**
 * Prepares the files given as the thread's data. Posts a batch of items for each message that it hears, and `null` when
 * there are no more; says in the memory that it shares what it works on.
 */
const port = parentPort;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by preparedItems
const { tasks, desk } = workerData as PrepareOrder;
const places = new Int32Array(desk);
const batches = prepareFiles(tasks, {
  begin: (task, mostMs) => {
    Atomics.store(places, 1, task);
    Atomics.store(places, 2, mostMs);
    Atomics.add(places, 0, 1);
  },
});

async function postNext(): Promise<void> {
  const { value, done } = await batches.next();
  // Until the next batch is asked for, nothing is worked on.
  Atomics.store(places, 2, 0);
  port?.postMessage(done === true ? null : value);
  if (done === true) {
    port?.close();
  }
}

let last = Promise.resolve();
port?.on("message", () => {
  last = last.then(postNext);
});
