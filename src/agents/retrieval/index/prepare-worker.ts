import { parentPort, workerData } from "node:worker_threads";
import type { FileTask } from "./prepare-files.ts";
import type { PrepareMessage, PrepareOrder } from "./prepare-order.ts";
import { prepareFiles } from "./prepare-files.ts";

/**
 * Prepares the files given as the thread's data and those that come later. Posts a batch of items for each memory that it
 * is given, in this memory, and `null` when there are no more; says in the memory that it shares what it works on.
 */
const port = parentPort;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by PreparingThread
const { tasks, desk } = workerData as PrepareOrder;
const places = new Int32Array(desk);
const coming: (readonly FileTask[] | null)[] = [tasks];
let wake: (() => void) | null = null;
let memory: ArrayBuffer | null = null;

/** Nothing is worked on until the next step begins. */
function rest(): void {
  Atomics.store(places, 2, 0);
}

/**
 * Tasks as they come.
 *
 * @yields until there are no more
 */
async function* comingTasks(): AsyncGenerator<FileTask> {
  for (;;) {
    const some = coming.shift();
    if (some === null) {
      return;
    }
    if (some === undefined) {
      rest();
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      // oxlint-disable-next-line no-await-in-loop -- until something has come
      await promise;
    } else {
      yield* some;
    }
  }
}

const batches = prepareFiles(comingTasks(), {
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
  rest();
  if (done === true) {
    port?.postMessage(null);
    port?.close();
    return;
  }
  Atomics.add(places, 3, 1);
  port?.postMessage(value, [value.passages.bytes.buffer]);
}

let last = Promise.resolve();
port?.on("message", (message: PrepareMessage) => {
  if (message instanceof ArrayBuffer) {
    last = last.then(() => postNext(message));
  } else {
    coming.push(message);
    wake?.();
  }
});
