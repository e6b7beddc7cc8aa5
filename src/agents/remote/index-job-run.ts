import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { errorFrom } from "../base/error-data.ts";
import { AgentError } from "../base/errors.ts";
import type { CarryOrder } from "../ports/index-carrier.ts";
import {
  type CarriedEmbedder,
  type CarriedSecrets,
  type FromIndexJob,
  fromIndexJobSchema,
  type IndexJobReport,
  type IndexOrder,
  type ToIndexJob,
} from "../protocol/index-job.ts";
import type { Cluster } from "./cluster.ts";
import { type IndexPack, packFilesOf } from "./index-packs.ts";
import type { IndexCarrierParts } from "./index-carrier.ts";
import type { RemoteChannel } from "./link-channel.ts";

/** An update as one actor of the cluster does it. */
export interface IndexJobRun {
  readonly cluster: Cluster;
  readonly parts: IndexCarrierParts;
  /** Of the actor. */
  readonly name: string;
  readonly order: CarryOrder;
  readonly source: CarryOrder["source"];
  readonly embedder: CarriedEmbedder | null;
  readonly secrets: CarriedSecrets;
}

/** What came of it. */
export interface IndexAttempt {
  /** `null` where the actor was lost before its end. */
  readonly report: IndexJobReport | null;
  /** Paths of this machine's files that are written. */
  readonly written: ReadonlySet<string>;
  /** Some were not: their pack was lost, or the actor. */
  readonly isToRepeat: boolean;
}

/** Contents that were put on the cluster and are not written yet: beyond, the next pack waits. */
const aheadBytes = 2 * 1024 ** 3;
/** How long a stopped update may take to say that it has stopped, milliseconds. */
const stopMs = 10_000;

/** Gives an order to the actor of an index, sends what it wants, and waits for the end. */
export async function runIndexJob(run: IndexJobRun, signal: AbortSignal): Promise<IndexAttempt> {
  signal.throwIfAborted();
  const conversation = new Conversation(run, signal);
  return await conversation.end();
}

class Conversation {
  readonly #run: IndexJobRun;
  readonly #signal: AbortSignal;
  readonly #id = randomUUID();
  readonly #channel: RemoteChannel;
  readonly #ended = Promise.withResolvers<IndexAttempt>();
  readonly #written = new Set<string>();
  readonly #lost = new Set<string>();
  /** Bytes of packs, by the paths of their files. */
  readonly #waiting = new Map<string, number>();
  /** The update that does the work: this one, or one that was running. */
  #job: string | null = null;
  #remembering: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => undefined;
  #isOpen = false;
  #isOver = false;

  constructor(run: IndexJobRun, signal: AbortSignal) {
    this.#run = run;
    this.#signal = signal;
    // Whoever waits for the end hears of it.
    this.#ended.promise.catch(() => undefined);
    const { cluster, parts, name, order } = run;
    const create = { title: order.corpus.corpus, cpus: 0, memoryBytes: 0, idleS: parts.idleS };
    this.#channel = cluster.link.open(
      { kind: "index", name, create },
      {
        onBody: (body) => this.#hear(body),
        onWaiting: (_code, message) => parts.onWaiting(message),
        onResumed: (_opened, { renewed }) => {
          if (renewed) {
            this.#settle({ report: null, written: this.#written, isToRepeat: true });
          }
        },
      },
    );
  }

  /** Resolves or rejects when it is over; leaves the actor then. */
  async end(): Promise<IndexAttempt> {
    const stop = (): void => void this.#stop();
    this.#signal.addEventListener("abort", stop, { once: true });
    void this.#failAfter(this.#channel);
    try {
      await Promise.race([this.#channel.opened, this.#ended.promise]);
      this.#isOpen = true;
      this.#post({ order: this.#orderOf() });
      const attempt = await this.#ended.promise;
      await this.#remembering;
      return attempt;
    } finally {
      this.#isOver = true;
      this.#wake();
      this.#signal.removeEventListener("abort", stop);
      this.#channel.close(false);
    }
  }

  #orderOf(): IndexOrder {
    const { order, parts, source, embedder } = this.#run;
    return {
      id: this.#id,
      corpus: order.corpus.corpus,
      database: order.corpus.database,
      embedder,
      isWhole: order.isWhole,
      parallel: parts.parallel,
      source: source.kind === "cluster" ? source : { kind: "window" },
    };
  }

  #hear(body: unknown): void {
    const said = fromIndexJobSchema.safeParse(body).data;
    if (said === undefined || this.#isOver) {
      return;
    }
    if ("accepted" in said) {
      if (said.accepted.order === this.#id) {
        this.#begin(said.accepted);
      }
      return;
    }
    const order = orderOf(said);
    if (order === this.#job || order === "") {
      this.#take(said);
    }
  }

  #begin({ job, parallel }: { readonly job: string; readonly parallel: number }): void {
    this.#job = job;
    this.#post({ secrets: { order: this.#id, ...this.#run.secrets } });
    const { source } = this.#run;
    if (source.kind === "files") {
      this.#sendFiles(source, parallel).catch((error: unknown) => this.#fail(error));
    }
  }

  #take(said: Exclude<FromIndexJob, { accepted: unknown }>): void {
    const { order, source } = this.#run;
    if ("progress" in said) {
      const { order: _order, ...progress } = said.progress;
      const ofFiles = source.kind === "files" ? source.files.length : progress.ofFiles;
      order.onProgress({ ...progress, ofFiles });
    } else if ("written" in said) {
      this.#takeWritten(said.written.files);
    } else if ("notice" in said) {
      order.onNotice(said.notice.message);
    } else if ("report" in said) {
      const { order: _order, ...report } = said.report;
      this.#settle({ report, written: this.#written, isToRepeat: this.#lost.size > 0 });
    } else {
      const { code, message, details } = said.failed;
      this.#fail(errorFrom({ code: isOurs(code) ? code : null, details, message, stack: "" }));
    }
  }

  #takeWritten(files: readonly { readonly path: string; readonly hash: string; readonly fate: string }[]): void {
    for (const { path, fate } of files) {
      this.#waiting.delete(path);
      (fate === "lost" ? this.#lost : this.#written).add(path);
    }
    const there = files.filter(({ fate }) => fate !== "lost");
    this.#remembering = this.#remembering.then(() => this.#run.order.onWritten(there));
    this.#remembering.catch((error: unknown) => this.#fail(error));
    this.#wake();
  }

  async #sendFiles(source: Extract<CarryOrder["source"], { kind: "files" }>, parallel: number): Promise<void> {
    for await (const pack of packFilesOf(source.files, parallel, this.#signal)) {
      if (this.#isOver) {
        return;
      }
      await this.#room();
      await this.#put(pack);
      await this.#channel.room;
    }
    this.#post({ last: { order: this.#id, ofFiles: source.files.length, unchanged: source.unchanged } });
  }

  async #put({ content, files }: IndexPack): Promise<void> {
    const { gateway } = this.#run.cluster;
    if (content === null) {
      this.#post({ files: { order: this.#id, pack: null, files: [...files] } });
      return;
    }
    await gateway.put(content.path, content.sha256, this.#signal);
    files.forEach(({ path, sizeBytes }) => this.#waiting.set(path, sizeBytes ?? 0));
    this.#post({ files: { order: this.#id, pack: content.sha256, files: [...files] } });
  }

  /** Resolves when not too much lies on the cluster that is not written yet. */
  async #room(): Promise<void> {
    const isFull = (): boolean => Array.from(this.#waiting.values()).reduce((sum, size) => sum + size, 0) > aheadBytes;
    while (!this.#isOver && isFull()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      // oxlint-disable-next-line no-await-in-loop -- until something is written
      await promise;
    }
  }

  /** Stops the update, unless it is somebody else's. */
  async #stop(): Promise<void> {
    if (!this.#isOpen || (this.#job !== null && this.#job !== this.#id)) {
      this.#fail(reasonOf(this.#signal));
      return;
    }
    this.#post({ cancel: { order: this.#id } });
    const timer = setTimeout(() => this.#fail(reasonOf(this.#signal)), stopMs);
    await this.#ended.promise.catch(() => undefined);
    clearTimeout(timer);
  }

  #post(body: ToIndexJob): void {
    if (!this.#isOver) {
      this.#channel.post(body);
    }
  }

  async #failAfter({ ended }: RemoteChannel): Promise<void> {
    const { code, message } = await ended;
    const why = { name: this.#run.name, why: code, reason: message };
    this.#fail(new AgentError("remote.gone", why, `What indexes on the cluster has ended: ${message}`));
  }

  #settle(attempt: IndexAttempt): void {
    this.#ended.resolve(attempt);
  }

  #fail(error: unknown): void {
    this.#ended.reject(this.#signal.aborted ? reasonOf(this.#signal) : error);
  }
}

function orderOf(said: Exclude<FromIndexJob, { accepted: unknown }>): string {
  const [value] = Object.values(said);
  return z.object({ order: z.string() }).parse(value).order;
}

/** Errors that the window knows how to say. */
function isOurs(code: string | null): code is string {
  return code !== null && /^(?:index|remote|embedding)\./u.test(code);
}

function reasonOf(signal: AbortSignal): unknown {
  return signal.reason instanceof Error ? signal.reason : new Error("stopped");
}
