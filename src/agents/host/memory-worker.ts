import { parentPort, workerData } from "node:worker_threads";
import { type SessionsReading, readSessions } from "../memory/read-sessions.ts";
import { maskKeys } from "../retrieval/parse/mask-keys.ts";

/** Reads the sessions given as the thread's data, posts what has changed, and ends. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by readInThread
const kept = await readSessions(workerData as SessionsReading, (text) => maskKeys(text).text);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
parentPort?.postMessage(kept);
