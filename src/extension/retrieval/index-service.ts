import { type Disposable, EventEmitter } from "vscode";
import type { Embedder } from "../../agents/ports/embedder.ts";
import type {
  IndexProgress,
  IndexReport,
  IndexStatus,
  IndexUpdateRequest,
  Passage,
  PassageIndex,
  PassageQuery,
  PassageReading,
  ReadPassages,
} from "../../agents/ports/passage-index.ts";
import type { CarriedBy } from "../../agents/retrieval/carried/carry-update.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Changes } from "./change-batch.ts";
import { IndexCovers } from "./index-covers.ts";

/** An index, and what ends it. */
export interface IndexBackend extends PassageIndex {
  /** Searches go by meaning too from now on; by words alone where `null`. */
  useEmbedder(embedder: Embedder | null): void;
  /** As `update`, by others. @throws AgentError `index.not-shared` where the index is kept on this machine */
  carry(request: IndexUpdateRequest, by: CarriedBy, signal: AbortSignal): Promise<IndexReport>;
  dispose(): Promise<void>;
}

export interface IndexServiceParts {
  /** Makes what does the work, at first use and again after {@link IndexService.restart}. */
  readonly open: () => Promise<IndexBackend>;
  readonly exclude: (root: string) => readonly string[];
  /** The model that embeds text, looked for when the index is opened; `null` where there is none. */
  readonly findEmbedder: (signal: AbortSignal) => Promise<Embedder | null>;
  /** Watches a root. `onChanges` does not reject. */
  readonly watch: (root: string, onChanges: (changes: Changes) => Promise<void>) => Disposable;
  /** Told what failed while a root was followed in the background. */
  readonly onTrouble: (error: unknown) => void;
}

type Work = (backend: IndexBackend, request: IndexUpdateRequest, signal: AbortSignal) => Promise<IndexReport>;

/** A root whose index is in use in this window. */
export interface RootInUse {
  readonly root: string;
  /** Of the update that runs; `null` while none does. */
  readonly progress: IndexProgress | null;
  /** Why the last update failed; `null` where it did not. */
  readonly problem: unknown;
}

interface Root {
  readonly root: string;
  readonly covers: IndexCovers;
  readonly watching: Disposable;
  readonly running: Map<AbortController, IndexProgress>;
  problem: unknown;
}

/**
 * The indexes of this window. Nothing is opened before the first source is asked about; from then on each index follows
 * what is saved, made, renamed and deleted. Two windows may follow one index.
 */
export class IndexService implements PassageIndex, Disposable {
  readonly #parts: IndexServiceParts;
  readonly #owned = new Disposables();
  readonly #changes = this.#owned.add(new EventEmitter<void>());
  readonly #roots = new Map<string, Root>();
  readonly #closing = new AbortController();
  #backend: Promise<IndexBackend> | undefined;
  #embedder: Embedder | null = null;

  /** Fires when an index has changed, or is being changed. */
  readonly onChange = this.#changes.event;

  constructor(parts: IndexServiceParts) {
    this.#parts = parts;
  }

  /** The roots in use, in the order in which they came. */
  get roots(): readonly RootInUse[] {
    return [...this.#roots.values()].map(({ root, running, problem }) => {
      return { root, progress: [...running.values()].at(-1) ?? null, problem };
    });
  }

  /** The model that embeds text for searching; `null` while there is none. */
  get embedder(): Embedder | null {
    return this.#embedder;
  }

  async update(request: IndexUpdateRequest, signal: AbortSignal): Promise<IndexReport> {
    const root = this.#use(request.root);
    root.covers.note(request);
    return this.#update(root, request, signal);
  }

  /** Has others bring the whole of a root up to date; stopped and shown as an update of this machine is. */
  async carry(path: string, by: CarriedBy, signal: AbortSignal): Promise<IndexReport> {
    const root = this.#use(path);
    const request = { root: path, exclude: this.#parts.exclude(path) };
    root.covers.note({});
    return this.#run(root, request, signal, (backend, carried, stop) => backend.carry(carried, by, stop));
  }

  async search(query: PassageQuery, signal: AbortSignal): Promise<readonly Passage[]> {
    const index = await this.#open();
    try {
      return await index.search(query, signal);
    } finally {
      // Whether the model that embeds answers is learned from questions too.
      if (this.#embedder !== null) {
        this.#changes.fire();
      }
    }
  }

  async read(reading: PassageReading, signal: AbortSignal): Promise<ReadPassages> {
    return (await this.#open()).read(reading, signal);
  }

  async status(root: string): Promise<IndexStatus> {
    return (await this.#open()).status(root);
  }

  /** Deletes the index of a root and follows it no more. What runs for it is stopped. */
  async remove(root: string): Promise<void> {
    this.stop(root);
    this.#forget(root);
    await (await this.#open()).remove(root);
    this.#changes.fire();
  }

  /** Makes the index of a root anew: all of what it was asked to hold, or the whole root. */
  async rebuild(root: string, signal: AbortSignal): Promise<void> {
    const looks = this.#roots.get(root)?.covers.all ?? [];
    this.stop(root);
    await (await this.#open()).remove(root);
    for (const look of looks.length === 0 ? [{}] : looks) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await this.update({ root, exclude: this.#parts.exclude(root), ...look }, signal);
    }
  }

  /** Stops the updates of a root; what they have read stays. */
  stop(root: string): void {
    for (const controller of this.#roots.get(root)?.running.keys() ?? []) {
      controller.abort(new DOMException("Stopped by the person.", "AbortError"));
    }
  }

  /** Looks again for the model that embeds text, as after another was chosen. */
  async refreshEmbedder(): Promise<void> {
    const opening = this.#backend;
    if (opening !== undefined) {
      this.#embedder = await this.#parts.findEmbedder(this.#closing.signal);
      (await opening).useEmbedder(this.#embedder);
      this.#changes.fire();
    }
  }

  /** Opens anew what does the work, as after a change of settings, and brings every root in use up to date. */
  async restart(): Promise<void> {
    if (this.#backend === undefined) {
      return;
    }
    await this.#close();
    await Promise.all([...this.#roots.values()].map((root) => this.#follow(root, "many")));
  }

  dispose(): void {
    this.#closing.abort();
    [...this.#roots.keys()].forEach((root) => this.#forget(root));
    this.#close().catch(this.#parts.onTrouble);
    this.#owned.dispose();
  }

  /** The index itself, opened. */
  #open(): Promise<IndexBackend> {
    if (this.#backend === undefined) {
      this.#backend = this.#parts.open().catch((error: unknown) => {
        this.#backend = undefined;
        throw error;
      });
      // Text search does not wait for a model.
      this.refreshEmbedder().catch((error: unknown) => this.#closing.signal.aborted || this.#parts.onTrouble(error));
    }
    return this.#backend;
  }

  async #close(): Promise<void> {
    const backend = this.#backend;
    this.#backend = undefined;
    await (await backend)?.dispose();
  }

  #use(root: string): Root {
    const known = this.#roots.get(root);
    if (known !== undefined) {
      return known;
    }
    const watching = this.#parts.watch(root, async (changes) => {
      const current = this.#roots.get(root);
      if (current !== undefined) {
        await this.#follow(current, changes);
      }
    });
    const made: Root = { root, covers: new IndexCovers(), watching, running: new Map(), problem: null };
    this.#roots.set(root, made);
    return made;
  }

  #forget(root: string): void {
    this.#roots.get(root)?.watching.dispose();
    this.#roots.delete(root);
  }

  async #follow(root: Root, changes: Changes): Promise<void> {
    try {
      for (const look of root.covers.after(changes)) {
        const request = { root: root.root, exclude: this.#parts.exclude(root.root), ...look };
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await this.#update(root, request, new AbortController().signal);
      }
    } catch (error) {
      if (!(error instanceof Error && error.name === "AbortError")) {
        this.#parts.onTrouble(error);
      }
    }
  }

  #update(root: Root, request: IndexUpdateRequest, signal: AbortSignal): Promise<IndexReport> {
    return this.#run(root, request, signal, (backend, updated, stop) => backend.update(updated, stop));
  }

  async #run(root: Root, request: IndexUpdateRequest, signal: AbortSignal, work: Work): Promise<IndexReport> {
    const controller = new AbortController();
    const progressed = (progress: IndexProgress): void => {
      root.running.set(controller, progress);
      request.onProgress?.(progress);
      this.#changes.fire();
    };
    root.running.set(controller, { doneFiles: 0, ofFiles: null });
    this.#changes.fire();
    try {
      const backend = await this.#open();
      const stop = AbortSignal.any([signal, controller.signal]);
      const report = await work(backend, { ...request, onProgress: progressed }, stop);
      root.problem = null;
      return report;
    } catch (error) {
      root.problem = error instanceof Error && error.name === "AbortError" ? root.problem : error;
      throw error;
    } finally {
      root.running.delete(controller);
      this.#changes.fire();
    }
  }
}
