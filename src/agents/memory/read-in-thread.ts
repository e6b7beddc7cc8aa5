import { Worker } from "node:worker_threads";
import type { KeptTexts } from "./memory-folder.ts";
import type { SessionsReading } from "./read-sessions.ts";

/** Reads sessions in a thread that ends with its work, so that nobody waits while they are taken apart. @param program the thread's */
export async function readInThread(program: URL, reading: SessionsReading): Promise<KeptTexts> {
  const { promise, resolve, reject } = Promise.withResolvers<KeptTexts>();
  const worker = new Worker(program, { workerData: reading, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  worker.on("message", (kept: KeptTexts) => resolve(kept));
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`The thread that reads conversations ended with code ${code}.`)));
  return await promise;
}
