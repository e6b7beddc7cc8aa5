import { AgentError } from "../../base/errors.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { problemOf } from "../../ports/problem-of.ts";
import type { Problem } from "../../protocol/problem.ts";
import { embedInPieces } from "./embed-in-pieces.ts";
import { createFillPace, type FillPace } from "./fill-pace.ts";
import type { KeepRequest, LackingAnswer, LackingRequest, QueryEmbedding } from "./open-vectors.ts";
import { createQueryEmbedder, type QueryEmbedder } from "./query-embedder.ts";

/** What keeps vectors: the thread that owns the databases. */
export interface VectorKeeper {
  lacking(database: string, request: LackingRequest): Promise<LackingAnswer>;
  /** @returns how many were kept */
  keep(database: string, request: KeepRequest): Promise<number>;
}

/** Makes the vectors that indexes lack, in the background, and those of questions. */
export interface EmbeddingFiller {
  /** From now on vectors are made by this one; by none where `null`. */
  use(embedder: Embedder | null): void;
  embedderId(): string | null;
  /** Looks whether an index lacks vectors, and makes them. */
  wake(database: string): void;
  /** As `wake`, where that was not done since the embedder came. */
  wakeOnce(database: string): void;
  /** `null` where there is no embedder, or it fails or is slow: the search is then by words alone. */
  embedQuery(text: string, signal: AbortSignal): Promise<QueryEmbedding | null>;
  /**
   * Resolves when an index lacks no vectors that the embedder could make; at once without an embedder.
   *
   * @throws AgentError `embedding.*`, `index.*` at the first failure; the filling goes on trying
   */
  whenFilled(database: string, signal: AbortSignal): Promise<void>;
  /** The last failure, until something succeeds. */
  problem(): Problem | null;
  /** Stops and waits for the end. */
  dispose(): Promise<void>;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is told apart while one embedder is in use. */
interface Run {
  readonly embedder: Embedder;
  readonly controller: AbortController;
  readonly questions: QueryEmbedder;
  readonly pace: FillPace;
  readonly pending: Set<string>;
  readonly woken: Set<string>;
  /** Aborts when the embedder is seen to answer again: nothing waits any longer then. */
  recovered: AbortController;
  dimensions: number | null;
  problem: Problem | null;
  loop: Promise<void> | null;
}

/** A call that takes longer has failed: a local model may have to load its weights first. */
const callLimitMs = 120_000;

/** Makes a filler without an embedder. One index after the other is filled, one call at a time. */
export function createEmbeddingFiller(keeper: VectorKeeper): EmbeddingFiller {
  const waiters = new Map<string, Set<Waiter>>();
  let run: Run | null = null;
  let ended: Promise<void> = Promise.resolve();
  const settle = (database: string, how: (waiter: Waiter) => void): void => {
    waiters.get(database)?.forEach(how);
    waiters.delete(database);
  };
  const stop = (): void => {
    const stopped = run;
    run = null;
    stopped?.controller.abort();
    ended = Promise.all([ended, stopped?.loop]).then(() => undefined);
    Array.from(waiters.keys()).forEach((database) => settle(database, ({ resolve }) => resolve()));
  };
  const wake = (database: string): void => {
    if (run !== null) {
      const current = run;
      current.pending.add(database);
      current.woken.add(database);
      current.loop ??= fillAll(keeper, current, settle).finally(() => {
        current.loop = null;
      });
    }
  };
  return {
    use: (embedder) => {
      stop();
      run = embedder === null ? null : newRun(embedInPieces(embedder));
    },
    embedderId: () => run?.embedder.id ?? null,
    wake,
    wakeOnce: (database) => {
      if (run?.woken.has(database) === false) {
        wake(database);
      }
    },
    embedQuery: async (text, signal) => {
      const asked = run;
      const made = (await asked?.questions.embed(text, signal)) ?? null;
      if (made !== null) {
        asked?.recovered.abort();
      }
      return made;
    },
    whenFilled: async (database, signal) => {
      signal.throwIfAborted();
      if (run !== null) {
        await waitFor(waiters, { database, signal, wake });
      }
    },
    problem: () => run?.problem ?? run?.questions.problem() ?? null,
    dispose: async () => {
      stop();
      await ended;
    },
  };
}

function newRun(embedder: Embedder): Run {
  return {
    embedder,
    controller: new AbortController(),
    questions: createQueryEmbedder(embedder),
    pace: createFillPace(embedder.maxBatch),
    pending: new Set(),
    woken: new Set(),
    recovered: new AbortController(),
    dimensions: null,
    problem: null,
    loop: null,
  };
}

async function waitFor(
  waiters: Map<string, Set<Waiter>>,
  { database, signal, wake }: { database: string; signal: AbortSignal; wake: (database: string) => void },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const waiter = { resolve, reject };
  const those = waiters.get(database) ?? new Set();
  waiters.set(database, those.add(waiter));
  const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error("stopped"));
  signal.addEventListener("abort", abort, { once: true });
  wake(database);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    those.delete(waiter);
  }
}

type Settle = (database: string, how: (waiter: Waiter) => void) => void;

/** Fills what is pending until nothing is, waiting longer after each failure. Ends at once when it is stopped. */
async function fillAll(keeper: VectorKeeper, run: Run, settle: Settle): Promise<void> {
  const { signal } = run.controller;
  for (let database = next(run); database !== null && !signal.aborted; database = next(run)) {
    run.pending.delete(database);
    try {
      // oxlint-disable-next-line no-await-in-loop -- one index after the other
      await fill(keeper, run, database);
      settle(database, ({ resolve }) => resolve());
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      run.problem = problemOf(error);
      run.pending.add(database);
      settle(database, ({ reject }) => reject(error));
      run.recovered = new AbortController();
      // oxlint-disable-next-line no-await-in-loop -- one index after the other
      await run.pace.afterFailure(AbortSignal.any([signal, run.recovered.signal]));
    }
  }
}

function next({ pending }: Run): string | null {
  return pending.values().next().value ?? null;
}

async function fill(keeper: VectorKeeper, run: Run, database: string): Promise<void> {
  const { embedder, pace } = run;
  const { signal } = run.controller;
  let fromFile = 0;
  /* oxlint-disable no-await-in-loop -- one batch after the other */
  for (;;) {
    run.dimensions ??= await learnDimensions(run);
    const { id } = embedder;
    const { dimensions } = run;
    const lacking = await keeper.lacking(database, { embedder: id, dimensions, most: pace.batch(), fromFile });
    signal.throwIfAborted();
    if (lacking.passages.length === 0) {
      run.problem = null;
      return;
    }
    const made = await embedPassages(run, lacking.passages);
    signal.throwIfAborted();
    if (made !== null) {
      await keeper.keep(database, { embedder: id, dimensions, ...made });
      run.problem = null;
      fromFile = lacking.fromFile;
    }
  }
  /* oxlint-enable no-await-in-loop */
}

async function learnDimensions(run: Run): Promise<number> {
  const [vector] = await call(run, ["dimensions"]);
  return vector?.length ?? 0;
}

type Made = Pick<KeepRequest, "passages" | "vectors" | "refused">;

/** Vectors of passages; `null` where fewer should be asked for at once. */
async function embedPassages(run: Run, passages: LackingAnswer["passages"]): Promise<Made | null> {
  const { pace } = run;
  await run.questions.idle();
  const startedMs = performance.now();
  try {
    const vectors = await call(
      run,
      passages.map(({ text }) => text),
    );
    pace.afterSuccess(performance.now() - startedMs);
    return { passages: passages.map(({ id, hash }) => ({ id, hash })), vectors: joined(vectors), refused: [] };
  } catch (error) {
    const refused = refusedTexts(error, passages.length);
    if (refused === "fewer") {
      pace.afterRefusal();
      return null;
    }
    if (refused === null || (passages.length === 1 && !pace.hasSucceeded())) {
      throw error;
    }
    const others = passages.filter((_, at) => !refused.includes(at));
    const made = others.length === 0 ? null : await embedPassages(run, others);
    return {
      passages: made?.passages ?? [],
      vectors: made?.vectors ?? new Float32Array(0),
      refused: [...(made?.refused ?? []), ...refused.map((at) => passages[at]?.hash ?? "")],
    };
  }
}

/** Which texts a failure is about; `fewer` where it may be their number, `null` where it is not about texts. */
function refusedTexts(error: unknown, count: number): readonly number[] | "fewer" | null {
  if (AgentError.is(error, "embedding.malformed")) {
    return error.details.texts.length < count || count === 1 ? error.details.texts : null;
  }
  const isAboutTexts = AgentError.is(error, "embedding.failed") && [400, 413, 422].includes(error.details.status ?? 0);
  if (!isAboutTexts) {
    return null;
  }
  return count > 1 ? "fewer" : [0];
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const length = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * length);
  vectors.forEach((vector, at) => all.set(vector, at * length));
  return all;
}

async function call({ embedder, controller }: Run, texts: readonly string[]): Promise<readonly Float32Array[]> {
  const limit = AbortSignal.timeout(callLimitMs);
  try {
    return await embedder.embed(texts, "passage", AbortSignal.any([controller.signal, limit]));
  } catch (error) {
    if (!limit.aborted || controller.signal.aborted) {
      throw error;
    }
    const reason = `no answer within ${callLimitMs / 1000} s`;
    const sentence = `${embedder.model} at ${embedder.place} gave no embeddings: ${reason}.`;
    throw new AgentError("embedding.unreachable", { baseUrl: embedder.place, reason }, sentence, error);
  }
}
