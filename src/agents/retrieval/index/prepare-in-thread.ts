import { Worker } from "node:worker_threads";
import type { SkipReason } from "../parse/parsed-document.ts";
import { packBytes } from "./packed-passages.ts";
import {
  type FileTask,
  type PreparedBatch,
  type PreparedFile,
  type PreparedItem,
  prepareFiles,
} from "./prepare-files.ts";
import { deskBytes, type PrepareMessage, type PrepareOrder } from "./prepare-order.ts";

/** For less, starting a thread costs more than it brings. */
const worthAThreadBytes = 4 * 1024 * 1024;
/** Only a thread can be ended that is lost in a file; in one smaller than this, none has time to get lost. */
const mayTakeLongBytes = 512 * 1024;
/** Batches that may lie ready or be prepared before they are wanted. */
const ahead = 8;
/** What is prepared is soon passed on: more room for young objects would only be filled. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 768 };

/** How the thread is looked after. */
export interface ThreadCare {
  readonly program: URL;
  readonly lookEveryMs: number;
  /** A step may take at most this, whatever it asks for. */
  readonly mostMs: number;
}

function workerProgram(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "./prepare-worker.ts" : "./prepare-worker.mjs", here);
}

const usualCare = (): ThreadCare => ({
  program: workerProgram(),
  lookEveryMs: 500,
  mostMs: Number.POSITIVE_INFINITY,
});

/** Prepares files, of which more may come while others are prepared. */
export interface Preparation {
  /** Adds a file. It may be worked on at once. */
  add(task: FileTask): void;
  /**
   * Everything, once: no more files may be added.
   *
   * @yields some items at a time, in the order of the tasks; their passages are gone when the next are asked for
   */
  batches(): AsyncGenerator<PreparedBatch>;
  /** Ends what still runs. */
  end(): Promise<void>;
}

/**
 * Prepares files, much of it in a thread of its own, so that the database is written meanwhile. A file that takes too long
 * or too much memory costs the thread its life: it comes as one that is left out, and the others follow. Where some of
 * its passages have come already, it comes a second time.
 */
export function createPreparation(care: () => ThreadCare = usualCare): Preparation {
  const tasks: FileTask[] = [];
  let sizeBytes = 0;
  let thread: PreparingThread | null = null;
  const end = async (): Promise<void> => {
    await thread?.end();
  };
  return {
    add: (task) => {
      tasks.push(task);
      sizeBytes += task.stamp.sizeBytes;
      if (thread !== null) {
        thread.add(task);
      } else if (sizeBytes >= worthAThreadBytes || task.stamp.sizeBytes >= mayTakeLongBytes) {
        thread = new PreparingThread(tasks, care());
      }
    },
    batches: async function* batches() {
      if (thread === null) {
        yield* prepareFiles(tasks);
        return;
      }
      const given = createGivenItems();
      let left: readonly FileTask[] = tasks;
      for (;;) {
        thread.addNoMore();
        // oxlint-disable-next-line no-await-in-loop -- one thread after the other
        for await (const batch of thread.batches()) {
          yield { ...batch, items: given.newOf(batch.items) };
        }
        if (thread.gaveUp === null) {
          return;
        }
        const { task, reason } = thread.gaveUp;
        left = left.map((one, at) => (at === task ? { ...one, givenUp: reason } : one)).slice(given.startAgain());
        // oxlint-disable-next-line no-await-in-loop
        await end();
        thread = new PreparingThread(left, care());
      }
    },
    end,
  };
}

/**
 * Prepares files that are all known, as {@link createPreparation} does.
 *
 * @yields some items at a time, in the order of the tasks; their passages are gone when the next are asked for
 */
export async function* preparedItems(
  tasks: readonly FileTask[],
  care: () => ThreadCare = usualCare,
): AsyncGenerator<PreparedBatch> {
  const preparation = createPreparation(care);
  try {
    tasks.forEach((task) => preparation.add(task));
    yield* preparation.batches();
  } finally {
    await preparation.end();
  }
}

/** What has been given already, so that a thread that begins again does not give it twice. */
interface GivenItems {
  /** What of the items of a batch is new. */
  newOf(items: readonly PreparedItem[]): readonly PreparedItem[];
  /** The last file that came may lack passages: what comes next begins with it. @returns the tasks that are done */
  startAgain(): number;
}

function createGivenItems(): GivenItems {
  let files = 0;
  let last: PreparedFile | null = null;
  let passages = 0;
  /** Passages of the last file that come again. */
  let again = 0;
  let isFirst = false;
  const take = (item: PreparedItem): readonly PreparedItem[] => {
    if (item.type === "file") {
      files += 1;
      const isSame = isFirst && item.hash === last?.hash && item.reason === last.reason;
      again = isSame ? passages : 0;
      passages = isSame ? passages : 0;
      isFirst = false;
      last = item;
      return isSame ? [] : [item];
    }
    const old = Math.min(again, item.count);
    again -= old;
    passages += item.count - old;
    return [{ ...item, first: item.first + old, count: item.count - old }];
  };
  return {
    newOf: (items) => items.flatMap(take),
    startAgain: () => {
      const done = Math.max(0, files - 1);
      isFirst = files > 0;
      files = 0;
      return done;
    },
  };
}

/** So many tasks are told to a thread at once. */
const tasksAtOnce = 64;

/** A thread that prepares files, until it is done or lost in one of them. */
class PreparingThread {
  #coming: FileTask[] = [];
  readonly #worker: Worker;
  readonly #places: Int32Array;
  readonly #ready: (PreparedBatch | null)[] = [];
  readonly #watch: NodeJS.Timeout;
  #wake: (() => void) | null = null;
  #failure: Error | null = null;
  #gaveUp: { readonly task: number; readonly reason: SkipReason } | null = null;

  constructor(tasks: readonly FileTask[], { program, lookEveryMs, mostMs }: ThreadCare) {
    const desk = new SharedArrayBuffer(deskBytes);
    this.#places = new Int32Array(desk);
    this.#worker = new Worker(program, { workerData: { tasks, desk } satisfies PrepareOrder, resourceLimits });
    this.#worker.on("message", (batch: PreparedBatch | null) => {
      this.#ready.push(batch);
      this.#wake?.();
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("The thread that prepares files has ended before its work.")));
    for (let count = 0; count < ahead; count += 1) {
      this.#ask(new ArrayBuffer(packBytes));
    }
    // Times are counted in looks: while a machine sleeps, nobody looks.
    let step = 0;
    let sameMs = 0;
    this.#watch = setInterval(() => {
      const now = Atomics.load(this.#places, 0);
      const allowedMs = Math.min(mostMs, Atomics.load(this.#places, 2));
      sameMs = now === step && allowedMs > 0 ? sameMs + lookEveryMs : 0;
      step = now;
      if (allowedMs > 0 && sameMs > allowedMs) {
        this.#giveUp("too-slow");
      }
    }, lookEveryMs);
  }

  /** The file in which the thread was lost, among its tasks. */
  get gaveUp(): { readonly task: number; readonly reason: SkipReason } | null {
    return this.#gaveUp;
  }

  /**
   * Everything, or what came before the thread was lost.
   *
   * @yields as it comes
   * @throws what ended the thread otherwise
   */
  async *batches(): AsyncGenerator<PreparedBatch> {
    for (;;) {
      const batch = this.#ready.shift();
      if (batch === null || (batch === undefined && this.#gaveUp !== null)) {
        return;
      }
      if (batch !== undefined) {
        Atomics.sub(this.#places, 3, 1);
        yield batch;
        this.#ask(batch.passages.bytes.buffer);
      } else if (this.#failure !== null) {
        throw this.#failure;
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        // oxlint-disable-next-line no-await-in-loop -- until something has come
        await promise;
      }
    }
  }

  async end(): Promise<void> {
    clearInterval(this.#watch);
    await this.#worker.terminate();
  }

  /** Adds a file behind those that it has. */
  add(task: FileTask): void {
    this.#coming.push(task);
    if (this.#coming.length === tasksAtOnce) {
      this.#tell(this.#coming);
      this.#coming = [];
    }
  }

  addNoMore(): void {
    this.#tell(this.#coming);
    this.#tell(null);
  }

  /** @param memory what the next batch is written to */
  #ask(memory: ArrayBuffer): void {
    this.#tell(memory, [memory]);
  }

  #tell(message: PrepareMessage, memories: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, memories);
  }

  #fail(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    if ("code" in failure && failure.code === "ERR_WORKER_OUT_OF_MEMORY") {
      this.#giveUp("too-large");
    } else {
      this.#failure ??= failure;
      this.#wake?.();
    }
  }

  #giveUp(reason: SkipReason): void {
    this.#gaveUp ??= { task: Atomics.load(this.#places, 1), reason };
    this.#wake?.();
  }
}
