import { parentPort, workerData } from "node:worker_threads";
import type { PrepareOrder } from "./prepare-order.ts";
import { prepareFiles } from "./prepare-files.ts";

/**
 * Prepares the files given as the thread's data. Posts a batch of items for each message that it hears, in the memory that
 * comes with the message, and `null` when there are no more; says in the memory that it shares what it works on.
 */
const port = parentPort;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by preparedItems
const { tasks, desk } = workerData as PrepareOrder;
const places = new Int32Array(desk);
let memory: ArrayBuffer | null = null;
const batches = prepareFiles(tasks, {
  watch: {
    begin: (task, mostMs) => {
      Atomics.store(places, 1, task);
      Atomics.store(places, 2, mostMs);
      Atomics.add(places, 0, 1);
    },
  },
  memory: () => memory,
  // While nothing lies ready, the one who waits has time to find the words.
  findsWords: () => Atomics.load(places, 3) > 0,
});

async function postNext(given: ArrayBuffer): Promise<void> {
  memory = given;
  const { value, done } = await batches.next();
  // Until the next batch is asked for, nothing is worked on.
  Atomics.store(places, 2, 0);
  if (done === true) {
    port?.postMessage(null);
    port?.close();
    return;
  }
  Atomics.add(places, 3, 1);
  port?.postMessage(value, [value.passages.bytes.buffer]);
}

let last = Promise.resolve();
port?.on("message", (given: ArrayBuffer) => {
  last = last.then(() => postNext(given));
});
