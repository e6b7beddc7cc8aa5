import { createHash } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { errorFrom } from "../base/error-data.ts";
import { AgentError } from "../base/errors.ts";
import type { Embedder } from "../ports/embedder.ts";
import type { IndexProgress, IndexReport, IndexUpdateRequest, PassageIndex } from "../ports/passage-index.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import { type CarriedBy, type CarryParts, carryUpdate } from "./carried/carry-update.ts";
import type { UpdateRequest } from "./index/plan-update.ts";
import type { Carrying, RetrievalAnswer, RetrievalOrder } from "./retrieval-messages.ts";
import { createEmbeddingFiller } from "./vectors/embedding-filler.ts";
import { workerLocation } from "./worker-location.ts";

/** Where indexes are kept, and what they may use. */
export interface PassageIndexOptions {
  /** The folder in which each root has its database: outside of what is indexed. */
  readonly folder: string;
  /** The program of the thread; `retrieval-worker.mjs` beside this one where left out. */
  readonly worker?: URL;
  /** Files beyond are not indexed; 100,000 where left out. */
  readonly mostFiles?: number;
  /** The size a database may grow to; 4 GB where left out. */
  readonly mostBytes?: number;
  /** Writes to the log what nobody has to be told. */
  readonly log?: (text: string) => void;
}

/** An index whose work a thread does. */
export interface IndexThreadOptions extends Pick<PassageIndexOptions, "mostFiles" | "mostBytes" | "log"> {
  /** The program of the thread. */
  readonly worker: URL;
  /** What the thread is started with. */
  readonly workerData?: unknown;
  /** What the index of a root is kept in, as the thread's program understands it. @param root its real path */
  databaseOf(root: string): string;
}

/** An index that others may update, too. */
export interface CarriedPassageIndex extends ThreadedPassageIndex {
  /**
   * As `update`, but others read the files, embed and write. The root may be a place of theirs, see {@link clusterPlace}.
   *
   * @throws AgentError `index.*`, `remote.*`; the signal's reason
   */
  carry(request: IndexUpdateRequest, by: CarriedBy, signal: AbortSignal): Promise<IndexReport>;
}

/** An index that owns a thread. */
export interface ThreadedPassageIndex extends PassageIndex {
  /**
   * From now on searches go by meaning too, as this one sees it; by words alone where `null`. What was embedded before is
   * kept; what is missing is embedded in the background, after each update and where it was left off.
   */
  useEmbedder(embedder: Embedder | null): void;
  /**
   * Resolves when all passages of a root have embeddings; at once without an embedder.
   *
   * @throws AgentError `embedding.*`, `index.*` at the first failure; the embedding goes on trying
   */
  whenEmbedded(root: string, signal: AbortSignal): Promise<void>;
  /**
   * Has nothing left in the files of an index of what was removed from it, embeddings included. An index that is kept in
   * a shared database is left as it is.
   *
   * @throws AgentError `index.busy`, `index.full`, `index.not-writable`
   */
  purge(root: string): Promise<void>;
  /** Stops what runs, closes the databases and ends the thread. */
  dispose(): Promise<void>;
}

type Answer<T extends RetrievalAnswer["type"]> = Extract<RetrievalAnswer, { type: T }>;
type Order = RetrievalOrder extends infer One ? (One extends RetrievalOrder ? Omit<One, "id"> : never) : never;

/**
 * The real path of a root, so that one folder has one index, whichever way it is named. A file keeps its own name, and so
 * does what lies on a cluster.
 */
function realRoot(root: string): string {
  if (clusterPlace(root) !== null) {
    return root;
  }
  try {
    const real = realpathSync(root);
    return statSync(real).isDirectory() ? real : join(realpathSync(dirname(root)), basename(root));
  } catch (error) {
    throw new AgentError("index.not-found", { path: root }, `There is no "${root}", or it may not be read.`, error);
  }
}

/** The database of a root: named after it, with the hash of its path. */
function databaseOf(folder: string, root: string): string {
  const name = basename(root)
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .slice(0, 40);
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return join(folder, `${name === "" ? "root" : name}-${hash}.db`);
}

/** Orders and their answers, through one thread that is started when it is needed. */
class RetrievalThread {
  readonly #program: URL;
  readonly #workerData: unknown;
  readonly #waiting = new Map<number, (answer: RetrievalAnswer | Error) => void>();
  #worker: Worker | null = null;
  #lastId = 0;

  readonly #log: (text: string) => void;

  constructor(program: URL, workerData: unknown, log: (text: string) => void) {
    this.#program = program;
    this.#workerData = workerData;
    this.#log = log;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  async ask<T extends Exclude<RetrievalAnswer["type"], "progress" | "failed" | "notice">>(
    type: T,
    order: Order,
    signal: AbortSignal | null,
    onProgress?: (progress: IndexProgress) => void,
  ): Promise<Answer<T>> {
    signal?.throwIfAborted();
    this.#lastId += 1;
    const id = this.#lastId;
    const worker = this.#started();
    const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
    const cancel = (): void => {
      this.#post(worker, { type: "cancel", id });
      settle(signal?.reason instanceof Error ? signal.reason : new Error("stopped"));
    };
    const settle = (answer: RetrievalAnswer | Error): void => {
      if (!(answer instanceof Error) && answer.type === "progress") {
        onProgress?.(answer.progress);
        return;
      }
      signal?.removeEventListener("abort", cancel);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) {
        worker.unref();
      }
      if (answer instanceof Error) {
        reject(answer);
      } else if (answer.type === "failed") {
        reject(errorFrom(answer.error));
      } else if (isAnswer(answer, type)) {
        resolve(answer);
      } else {
        reject(new Error(`The thread that owns the indexes answered "${answer.type}", which was not asked for.`));
      }
    };
    this.#waiting.set(id, settle);
    worker.ref();
    signal?.addEventListener("abort", cancel, { once: true });
    this.#post(worker, { ...order, id });
    return await promise;
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) {
      return;
    }
    await this.ask("done", { type: "close" }, null).catch(() => undefined);
    this.#worker = null;
    await worker.terminate();
  }

  #post(worker: Worker, order: RetrievalOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    worker.postMessage(order);
  }

  #started(): Worker {
    if (this.#worker !== null) {
      return this.#worker;
    }
    const worker = new Worker(this.#program, {
      workerData: this.#workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 768 },
    });
    const fail = (error: Error): void => {
      this.#worker = this.#worker === worker ? null : this.#worker;
      this.#waiting.forEach((settle) => settle(error));
    };
    worker.on("message", (answer: RetrievalAnswer) => {
      if (answer.type === "notice") {
        this.#log(answer.text);
      } else {
        this.#waiting.get(answer.id)?.(answer);
      }
    });
    worker.on("error", (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", (code) => fail(new Error(`The thread that owns the indexes ended with code ${code}.`)));
    this.#worker = worker;
    return worker;
  }
}

function isAnswer<T extends RetrievalAnswer["type"]>(answer: RetrievalAnswer, type: T): answer is Answer<T> {
  return answer.type === type;
}

/** Makes an index whose work is done in a thread of its own. The thread starts with the first order. */
export function createPassageIndex(options: PassageIndexOptions): ThreadedPassageIndex {
  const worker = options.worker ?? workerLocation();
  return createThreadedIndex({ ...options, worker, databaseOf: (root) => databaseOf(options.folder, root) });
}

/** Makes an index out of a thread's program that hears {@link RetrievalOrder}. */
export function createThreadedIndex(options: IndexThreadOptions): CarriedPassageIndex {
  const thread = new RetrievalThread(options.worker, options.workerData, options.log ?? (() => undefined));
  const mostFiles = options.mostFiles ?? 100_000;
  const mostBytes = options.mostBytes ?? 4 * 1024 ** 3;
  const placeOf = (named: string): { readonly root: string; readonly database: string } => {
    const root = realRoot(named);
    return { root, database: options.databaseOf(root) };
  };
  const filler = createEmbeddingFiller({
    lacking: async (database, request) =>
      (await thread.ask("lacking", { type: "lacking", database, mostBytes, ...request }, null)).lacking,
    keep: async (database, request) =>
      (await thread.ask("kept", { type: "keep", database, mostBytes, ...request }, null)).kept,
  });
  let current: Embedder | null = null;
  const begin = async (request: IndexUpdateRequest | null, root: string, signal: AbortSignal): Promise<Carrying> => {
    const place = placeOf(root);
    const order = request === null ? null : { ...planned(request), root: place.root, mostFiles };
    const { database } = place;
    return (await thread.ask("carrying", { type: "carry", database, mostBytes, request: order }, signal)).carrying;
  };
  return {
    carry: async (request, by, signal) => {
      const { database } = placeOf(request.root);
      const parts: CarryParts = {
        begin: (wanted, asked) => begin(wanted, request.root, asked),
        remember: async (files) =>
          void (await thread.ask("done", { type: "remember", database, mostBytes, files }, null)),
        embedder: current,
        mostFiles,
      };
      try {
        return await carryUpdate(parts, request, by, signal);
      } finally {
        filler.wake(database);
      }
    },
    update: async ({ root, exclude = [], only = null, named = false, onProgress, ...request }, signal) => {
      const place = placeOf(root);
      const order = { type: "update", ...request, ...place, exclude, only, named, mostFiles, mostBytes } as const;
      try {
        return (await thread.ask("updated", order, signal, onProgress)).report;
      } finally {
        filler.wake(place.database);
      }
    },
    search: async ({ root, text, top, within = [] }, signal) => {
      const place = placeOf(root);
      filler.wakeOnce(place.database);
      const embedding = await filler.embedQuery(text, signal);
      const order = { type: "search", ...place, text, top, within, mostFiles, mostBytes, embedding } as const;
      return (await thread.ask("found", order, signal)).passages;
    },
    read: async ({ root, ...reading }, signal) => {
      const order = { type: "read", ...placeOf(root), ...reading, mostFiles, mostBytes } as const;
      return (await thread.ask("read", order, signal)).read;
    },
    status: async (root) => {
      const { database } = placeOf(root);
      const order = { type: "status", database, mostBytes, embedder: filler.embedderId() } as const;
      const { status } = await thread.ask("status", order, null);
      const embeddingProblem = filler.problem();
      return embeddingProblem === null ? status : { ...status, embeddingProblem };
    },
    remove: async (root) => {
      await thread.ask("done", { type: "remove", database: placeOf(root).database }, null);
    },
    purge: async (root) => {
      const { database } = placeOf(root);
      await thread.ask("done", { type: "purge", database, mostBytes }, null);
    },
    useEmbedder: (embedder) => {
      current = embedder;
      filler.use(embedder);
    },
    whenEmbedded: async (root, signal) => await filler.whenFilled(placeOf(root).database, signal),
    dispose: async () => {
      await filler.dispose();
      await thread.end();
    },
  };
}

/** What an update looks at, as the thread is told it. */
function planned(request: IndexUpdateRequest): Omit<UpdateRequest, "onProgress" | "root" | "mostFiles"> {
  const { exclude = [], only = null, named = false, gitIgnoring, keepExcluded } = request;
  return {
    exclude,
    only,
    named,
    ...(gitIgnoring === undefined ? {} : { gitIgnoring }),
    ...(keepExcluded === undefined ? {} : { keepExcluded }),
  };
}
