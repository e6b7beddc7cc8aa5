import { Worker } from "node:worker_threads";
import { programLocation } from "../../worker-location.ts";
import { type ParsedFile, type SkipReason, skipped } from "../parsed-document.ts";
import type { DocumentKind, ReadAnswer, ReadOrder } from "./document-messages.ts";

/** What reading one document may use. */
export interface DocumentLimits {
  readonly durationMs: number;
  /** Memory that the process may take more than before the document. */
  readonly memoryBytes: number;
}

const usualLimits: DocumentLimits = { durationMs: 120_000, memoryBytes: 1024 ** 3 };
const lookEveryMs = 50;
/** A thread that has nothing to do ends after this. */
const idleMs = 10_000;
const heapMegabytes = 1024;

let thread: Worker | null = null;
let ending: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Reads documents one after the other in a thread of their own. A document that takes too long or too much memory costs
 * the thread its life and nobody else anything: the next has a new one.
 */
export async function readInThread(
  kind: DocumentKind,
  bytes: Uint8Array,
  limits: DocumentLimits = usualLimits,
): Promise<ParsedFile> {
  const before = last;
  const own = (async () => {
    await before;
    return await readOne(kind, bytes, limits);
  })();
  last = own.catch(() => undefined);
  return await own;
}

async function readOne(kind: DocumentKind, bytes: Uint8Array, limits: DocumentLimits): Promise<ParsedFile> {
  const worker = startedThread();
  worker.ref();
  const { promise, resolve, reject } = Promise.withResolvers<ParsedFile | SkipReason>();
  const hear = (answer: ReadAnswer): void => resolve(answer);
  const fail = (error: unknown): void => {
    thread = null;
    if (hasCode(error, "ERR_MODULE_NOT_FOUND")) {
      reject(error);
    }
    resolve(hasCode(error, "ERR_WORKER_OUT_OF_MEMORY") ? "too-large" : "broken");
  };
  const gone = (): void => resolve("broken");
  worker.once("message", hear).once("error", fail).once("exit", gone);
  const startedMs = performance.now();
  const idleBytes = process.memoryUsage.rss();
  const watch = setInterval(() => {
    if (performance.now() - startedMs > limits.durationMs) {
      resolve("too-slow");
    } else if (process.memoryUsage.rss() - idleBytes > limits.memoryBytes) {
      resolve("too-large");
    }
  }, lookEveryMs);
  const copy = new Uint8Array(bytes);
  worker.postMessage({ kind, bytes: copy } satisfies ReadOrder, [copy.buffer]);
  const outcome = await promise.finally(() => {
    clearInterval(watch);
    worker.off("message", hear).off("error", fail).off("exit", gone);
  });
  if (typeof outcome === "string") {
    await endThread();
    return skipped(outcome);
  }
  worker.unref();
  ending = setTimeout(() => void endThread(), idleMs).unref();
  return outcome;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function startedThread(): Worker {
  clearTimeout(ending);
  thread ??= new Worker(programLocation("parse/thread/document-worker"), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    stdout: true,
    stderr: true,
  });
  return thread;
}

async function endThread(): Promise<void> {
  const worker = thread;
  thread = null;
  await worker?.terminate();
}
