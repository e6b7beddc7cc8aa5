import { parentPort, workerData } from "node:worker_threads";
import { type FileTask, prepareFiles } from "./prepare-files.ts";

/**
 * Prepares the files given as the thread's data. Posts a batch of items for each message that it hears, and `null` when
 * there are no more.
 */
const port = parentPort;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by prepareInThread
const batches = prepareFiles(workerData as readonly FileTask[]);

async function postNext(): Promise<void> {
  const { value, done } = await batches.next();
  port?.postMessage(done === true ? null : value);
  if (done === true) {
    port?.close();
  }
}

let last = Promise.resolve();
port?.on("message", () => {
  last = last.then(postNext);
});
