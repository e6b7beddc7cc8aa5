import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { errorFrom } from "../base/error-data.ts";
import { AgentError } from "../base/errors.ts";
import type { ProfileRequest, TableProfiler } from "../ports/table-profiler.ts";
import type { TableJoin } from "../protocol/table-join.ts";
import type { ProfileAnswer, ProfileOrder, WorkNote, WorkOrder } from "./profile-messages.ts";
import { workerLocation } from "./worker-location.ts";

/** Where the worker is, and what it may use. */
export interface TableProfilerOptions {
  /** The program of the worker; `profile-worker.mjs` beside this one where left out. */
  readonly worker?: URL;
  /** Most heap of the worker, in megabytes; 1024 where left out. */
  readonly memoryMb?: number;
  /** How long an idle worker is kept, in milliseconds; 30,000 where left out. */
  readonly idleMs?: number;
}

/** A profiler that owns a thread. */
export interface ThreadedTableProfiler extends TableProfiler {
  /**
   * Starts the thread and has it go through its work once before a file comes, so that the first one does not wait for
   * either. Costs nothing where one runs.
   */
  warmUp(): void;
  /** Ends idle and running work. */
  dispose(): void;
}

const defaultSampleRows = 20;
/** How long a worker may take to stop what it does, in milliseconds. */
const stoppingMs = 2000;

function tooLarge(path: string, cause: unknown): AgentError<"table.too-large"> {
  const reason = "reading it needs more memory than is allowed";
  const message = `"${basename(path)}" is too large to be read whole: ${reason}. Save it as CSV or Parquet, or take a part of it.`;
  return new AgentError("table.too-large", { path, reason }, message, cause);
}

/** The file that an order is about; the first of several. */
function pathOf(order: WorkOrder): string {
  return order.type === "profile" ? order.path : (order.profiles[0]?.path ?? "");
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tell(worker: Worker, message: WorkOrder | WorkNote): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  worker.postMessage(message);
}

/** Keeps one idle worker, so that the next file does not wait for a thread to start. */
class WorkerPool {
  readonly #options: TableProfilerOptions;
  readonly #busy = new Set<Worker>();
  #idle: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: TableProfilerOptions) {
    this.#options = options;
  }

  take(): Worker {
    const worker = this.#idle ?? this.#start();
    this.#idle = null;
    this.#stopTimer();
    this.#busy.add(worker);
    worker.ref();
    return worker;
  }

  warmUp(): void {
    if (this.#idle === null && this.#busy.size === 0) {
      const worker = this.#start();
      tell(worker, { type: "rehearse" });
      this.giveBack(worker);
    }
  }

  /** Has a worker stop its order; ends it where it does not answer soon. */
  stop(worker: Worker, id: number): void {
    const leave = (): void => {
      clearTimeout(timer);
      worker.off("message", hear);
      worker.off("error", end);
      worker.off("exit", end);
    };
    const end = (): void => {
      leave();
      this.drop(worker);
    };
    const hear = (answer: ProfileAnswer): void => {
      if (answer.id === id && answer.type !== "progress") {
        leave();
        this.giveBack(worker);
      }
    };
    const timer = setTimeout(end, stoppingMs);
    timer.unref();
    worker.on("message", hear);
    worker.on("error", end);
    worker.on("exit", end);
    tell(worker, { type: "stop", id });
  }

  giveBack(worker: Worker): void {
    this.#busy.delete(worker);
    if (this.#idle !== null) {
      void worker.terminate();
      return;
    }
    worker.unref();
    this.#idle = worker;
    this.#timer = setTimeout(() => this.#endIdle(), this.#options.idleMs ?? 30_000);
    this.#timer.unref();
  }

  drop(worker: Worker): void {
    this.#busy.delete(worker);
    void worker.terminate();
  }

  dispose(): void {
    this.#endIdle();
    for (const worker of this.#busy) {
      void worker.terminate();
    }
    this.#busy.clear();
  }

  #start(): Worker {
    const memoryMb = this.#options.memoryMb ?? 1024;
    const worker = new Worker(this.#options.worker ?? workerLocation(), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    worker.on("error", () => this.#forget(worker));
    worker.on("exit", () => this.#forget(worker));
    return worker;
  }

  #forget(worker: Worker): void {
    if (this.#idle === worker) {
      this.#idle = null;
      this.#stopTimer();
    }
  }

  #endIdle(): void {
    this.#stopTimer();
    void this.#idle?.terminate();
    this.#idle = null;
  }

  #stopTimer(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }
}

/**
 * Makes a profiler that reads in a worker thread, so that nothing else waits. Aborting ends the reading at once and
 * rejects with the signal's reason.
 */
export function createTableProfiler(options: TableProfilerOptions = {}): ThreadedTableProfiler {
  const pool = new WorkerPool(options);
  let lastId = 0;
  return {
    profile: async (request, signal) => {
      signal.throwIfAborted();
      lastId += 1;
      const answer = await runOrder(pool, orderOf(request, lastId), signal, request.onProgress);
      return answer.type === "done" ? answer.profile : unexpected(answer.type);
    },
    findJoins: async (profiles, signal): Promise<readonly TableJoin[]> => {
      signal.throwIfAborted();
      if (profiles.length < 2) {
        return [];
      }
      lastId += 1;
      const answer = await runOrder(pool, { type: "joins", id: lastId, profiles }, signal);
      return answer.type === "joined" ? answer.joins : unexpected(answer.type);
    },
    warmUp: () => pool.warmUp(),
    dispose: () => pool.dispose(),
  };
}

function orderOf(request: ProfileRequest, id: number): ProfileOrder {
  return {
    type: "profile",
    id,
    path: request.path,
    sampleRows: request.sampleRows ?? defaultSampleRows,
    dialect: request.dialect ?? {},
    wantsProgress: request.onProgress !== undefined,
  };
}

function unexpected(type: string): never {
  throw new Error(`The thread that reads tables answered with "${type}", which was not asked for.`);
}

type FinalAnswer = Extract<ProfileAnswer, { type: "done" | "joined" }>;

/** Has the worker carry out an order; resolves with its last answer. */
function runOrder(
  pool: WorkerPool,
  order: WorkOrder,
  signal: AbortSignal,
  onProgress?: ProfileRequest["onProgress"],
): Promise<FinalAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<FinalAnswer>();
  const worker = pool.take();
  const leave = (): void => {
    signal.removeEventListener("abort", abort);
    worker.off("message", hear);
    worker.off("error", fail);
    worker.off("exit", exit);
  };
  const giveUp = (reason: unknown): void => {
    leave();
    pool.drop(worker);
    reject(reason);
  };
  const abort = (): void => {
    leave();
    pool.stop(worker, order.id);
    reject(signal.reason);
  };
  const fail = (error: unknown): void => giveUp(isOutOfMemory(error) ? tooLarge(pathOf(order), error) : error);
  const exit = (code: number): void => giveUp(new Error(`The thread that reads tables ended with code ${code}.`));
  const hear = (answer: ProfileAnswer): void => {
    if (answer.id !== order.id) {
      return;
    }
    if (answer.type === "progress") {
      onProgress?.(answer.profile, answer.readBytes);
      return;
    }
    leave();
    pool.giveBack(worker);
    if (answer.type === "failed") {
      reject(errorFrom(answer));
    } else if (answer.type !== "stopped") {
      resolve(answer);
    }
  };
  signal.addEventListener("abort", abort, { once: true });
  worker.on("message", hear);
  worker.on("error", fail);
  worker.on("exit", exit);
  tell(worker, order);
  return promise;
}
