import { parentPort } from "node:worker_threads";
import type { ReadAnswer, ReadOrder } from "./document-messages.ts";
import { readDocument } from "./read-document.ts";

/** Reads the documents that are posted to the thread, one after the other, and posts what became of each. */
const port = parentPort;
let last = Promise.resolve();

async function answer({ kind, bytes }: ReadOrder): Promise<void> {
  const result: ReadAnswer = await readDocument(kind, Buffer.from(bytes.buffer));
  port?.postMessage(result);
}

port?.on("message", (order: ReadOrder) => {
  last = last.then(() => answer(order));
});
