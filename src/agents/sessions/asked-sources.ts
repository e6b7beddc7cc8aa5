import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SourceScope } from "../asking/source-scope.ts";
import { AgentError } from "../base/errors.ts";
import type { IndexProgress, PassageIndex } from "../ports/passage-index.ts";
import type { Reranker } from "../ports/reranker.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { Session, SessionSource } from "../protocol/session-state.ts";
import { clusterPlace } from "../protocol/cluster-place.ts";
import type { Source, SourceState } from "../protocol/source.ts";
import { problemOf } from "../ports/problem-of.ts";
import { type SourcePlace, sourcePlace } from "./source-place.ts";
import { readState, stoppedState } from "./source-state.ts";

/** What a session that answers from files needs. */
export interface SessionRetrieval {
  readonly index: PassageIndex;
  /** Absolute paths of the folders of the workspace. */
  readonly roots: () => readonly string[];
  /** Globs of what is left out below a root, as in `files.exclude`. */
  readonly exclude: (root: string) => readonly string[];
  /** Judges what a search found; `null` where none is set. */
  readonly reranker?: (signal: AbortSignal) => Promise<Reranker | null>;
}

/** What a person asks about. */
export interface NewSource extends Pick<Source, "kind" | "path"> {
  /** Of the kind `lines`. */
  readonly lines?: Source["lines"];
}

export interface SourceParts {
  readonly retrieval: SessionRetrieval;
  readonly session: () => Session;
  readonly append: (event: SessionEvent) => void;
}

/** How the sources stand when a question is asked. */
export interface SourceNews {
  /** Names of those that have gone since the last question. */
  readonly gone: readonly string[];
  /** What is still being read; `ofFiles`: `null` while it is not known. */
  readonly unfinished: { readonly doneFiles: number; readonly ofFiles: number | null } | null;
}

/** A question waits so long for what is being read. */
const patienceMs = 1_500;
const progressEveryMs = 250;
/** A look at what is as it was says nothing. */
const quietForMs = 400;

interface Reading {
  readonly controller: AbortController;
  readonly done: Promise<void>;
  progress: IndexProgress;
}

/** The sources of a session: indexed when they are added, and brought up to date before each question. */
export class AskedSources {
  readonly #parts: SourceParts;
  readonly #readings = new Map<string, Reading>();
  /** Sources that were said to have gone. */
  readonly #toldGone = new Set<string>();
  #disposed = false;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  /** Adds a source and reads it; one that is there already is read again. Never throws: its chip shows what is wrong. */
  async add({ kind, path, lines = null }: NewSource): Promise<void> {
    const known = this.#sources.find(
      (other) => other.kind === kind && other.path === path && JSON.stringify(other.lines) === JSON.stringify(lines),
    );
    const source = known ?? { id: crypto.randomUUID(), kind, path, name: basename(path) || path, lines };
    if (known === undefined) {
      this.#parts.append({ type: "source-add", at: Date.now(), source });
    }

    await this.#read(source.id, 0);
  }

  /** Takes a source out of the session; its index stays. */
  remove(id: string): void {
    this.#readings.get(id)?.controller.abort(stopped());
    this.#parts.append({ type: "source-remove", at: Date.now(), sourceId: id });
  }

  /** Ends the reading of a source; what was read is kept. */
  stop(id: string): void {
    this.#readings.get(id)?.controller.abort(stopped());
  }

  /** Reads a source again. */
  async retry(id: string): Promise<void> {
    await this.#read(id, 0);
  }

  /** Looks again at every source of a session that was opened again. */
  async catchUp(): Promise<void> {
    await this.#readAll();
  }

  /** Where the sources are that can be asked. */
  scopes(): readonly SourceScope[] {
    return this.#sources.filter(({ state }) => state?.status !== "failed").map((source) => this.#placeOf(source));
  }

  /**
   * Brings every source up to date and waits a moment for it.
   *
   * @param onWait Told the names of sources that are waited for.
   * @returns Rejects with the signal's reason when it aborts.
   */
  async refresh(signal: AbortSignal, onWait: (names: readonly string[]) => void): Promise<SourceNews> {
    signal.throwIfAborted();
    const all = this.#readAll();
    const waited = this.#sources.filter(({ id, state }) => this.#readings.has(id) && state?.status === "indexing");
    if (waited.length > 0) {
      onWait(waited.map(({ name }) => name));
    }

    const over = new AbortController();
    try {
      await Promise.race([all, delay(patienceMs, undefined, { signal: AbortSignal.any([signal, over.signal]) })]);
    } finally {
      over.abort();
    }

    signal.throwIfAborted();
    return { gone: this.#newlyGone(), unfinished: this.#unfinished() };
  }

  /** Stops what is being read, without a word: the session that is opened again looks at it anew. */
  dispose(): void {
    this.#disposed = true;
    this.#readings.forEach(({ controller }) => controller.abort(stopped()));
  }

  get #sources(): readonly SessionSource[] {
    return this.#parts.session().sources;
  }

  /** A source whose reading the person stopped stays as it is. */
  async #readAll(): Promise<void> {
    const wanted = this.#sources.filter(({ state }) => state?.status !== "stopped");
    await Promise.all(wanted.map(({ id, state }) => this.#read(id, state === null ? 0 : quietForMs)));
  }

  #newlyGone(): readonly string[] {
    return this.#sources.flatMap(({ id, name, state }) => {
      const isGone = state?.status === "failed" && state.problem.code === "source.not-found";
      const isNew = isGone && !this.#toldGone.has(id);
      if (isGone) {
        this.#toldGone.add(id);
      } else {
        this.#toldGone.delete(id);
      }

      return isNew ? [name] : [];
    });
  }

  /** A look at what was read before counts only once it has found something to read. */
  #unfinished(): SourceNews["unfinished"] {
    const running = this.#sources.flatMap(({ id, state }) => {
      const progress = this.#readings.get(id)?.progress;
      return progress === undefined || (state?.status === "ready" && progress.ofFiles === null) ? [] : [progress];
    });
    if (running.length === 0) {
      return null;
    }

    const known = running.every(({ ofFiles }) => ofFiles !== null);
    return {
      doneFiles: running.reduce((sum, { doneFiles }) => sum + doneFiles, 0),
      ofFiles: known ? running.reduce((sum, { ofFiles }) => sum + (ofFiles ?? 0), 0) : null,
    };
  }

  #placeOf(source: Source): SourcePlace {
    return sourcePlace(source, this.#parts.retrieval.roots());
  }

  /** @param quietMs How long nothing is shown of it. */
  async #read(id: string, quietMs: number): Promise<void> {
    const running = this.#readings.get(id);
    if (running !== undefined) {
      await running.done;
      return running.controller.signal.aborted ? await this.#read(id, quietMs) : undefined;
    }

    const source = this.#sources.find((other) => other.id === id);
    if (source === undefined) {
      return;
    }

    const controller = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const reading: Reading = { controller, done, progress: { doneFiles: 0, ofFiles: null } };
    this.#readings.set(id, reading);
    try {
      const state = await this.#outcome(source, reading, quietMs);
      if (state !== null) {
        this.#show(id, state);
      }
    } finally {
      this.#readings.delete(id);
      resolve();
    }
  }

  /** @returns `null` where nobody is there any more who wants to know. */
  async #outcome(source: SessionSource, reading: Reading, quietMs: number): Promise<SourceState | null> {
    const { index, exclude } = this.#parts.retrieval;
    const { signal } = reading.controller;
    let nextMs = performance.now() + quietMs;
    const onProgress = (progress: IndexProgress): void => {
      reading.progress = progress;
      if (performance.now() >= nextMs) {
        nextMs = performance.now() + progressEveryMs;
        this.#show(source.id, { status: "indexing", ...progress });
      }
    };
    onProgress(reading.progress);
    const place = this.#placeOf(source);
    try {
      await refuseGone(source);
      const report = await index.update({ ...place.update, exclude: exclude(place.root), onProgress }, signal);
      return await readState(index, place, report);
    } catch (error) {
      if (this.#disposed) {
        return null;
      }

      return signal.aborted ? await stoppedState(index, place) : { status: "failed", problem: problemOf(error) };
    }
  }

  /** What is as it was is not said again; nothing is said of a source that was taken out. */
  #show(id: string, state: SourceState): void {
    const source = this.#sources.find((other) => other.id === id);
    if (source !== undefined && JSON.stringify(source.state) !== JSON.stringify(state)) {
      this.#parts.append({ type: "source-state", at: Date.now(), sourceId: id, state });
    }
  }
}

async function refuseGone({ path, name }: Source): Promise<void> {
  if (clusterPlace(path) !== null) {
    return;
  }
  try {
    await stat(path);
  } catch (error) {
    throw new AgentError("source.not-found", { path }, `${name} is no longer there: it was deleted or moved.`, error);
  }
}

function stopped(): DOMException {
  return new DOMException("Stopped by the person.", "AbortError");
}
