import type { CellStatus, CodeEffect, FilesOutput } from "../protocol/cell-output.ts";
import type { FolderChanges } from "../protocol/remote-kernel.ts";
import { HomeFolder, type HomeFolderParts, type LeftFile } from "./home-folder.ts";
import { unlessAborted } from "./pause.ts";
import { PermitStore } from "./permit-store.ts";
import { writePermit } from "./write-permit.ts";

/** After a stop, what was written until then is brought for so long, milliseconds. */
const afterStopMs = 60_000;
/** So many files that stay there are named. */
const mostNamed = 50;
/** So many files are brought at once. */
const atOnce = 4;

export interface HomecomingParts extends Omit<HomeFolderParts, "permits"> {
  /** Absolute, of the session's outputs on this machine. */
  readonly outputDirectory: string;
  readonly node: string;
  /** The folder on the node in which cells run. */
  readonly folderThere: string;
  /** The kernel says after each cell what it wrote. */
  readonly tells: boolean;
  /** Tells the kernel that something is dealt with. */
  readonly confirm: (id: number) => void;
  /** Resolves when the kernel says nothing any more. */
  readonly closed: Promise<unknown>;
  /** Whether it has gone on without this window then, which may find it again. */
  readonly goesOn: () => boolean;
}

interface ExpectedCell {
  readonly arrived: Promise<FolderChanges>;
  readonly resolve: (changes: FolderChanges) => void;
}

/**
 * Brings what cells write in their folder on the cluster into the working folder here, as far as their yes went, and says
 * what came of it. What a window does not get to is told to the next one.
 */
export class Homecoming {
  readonly #parts: HomecomingParts;
  readonly #permits: PermitStore;
  readonly #folder: HomeFolder;
  readonly #seen = new Set<number>();
  readonly #expected = new Map<string, ExpectedCell>();
  readonly #leaving = new AbortController();
  /** Of cells for which nobody waited. */
  #earlier: Promise<FilesOutput | undefined>[] = [];

  constructor(parts: HomecomingParts) {
    this.#parts = parts;
    this.#permits = new PermitStore(parts.outputDirectory);
    this.#folder = new HomeFolder({ ...parts, permits: this.#permits });
  }

  /** Whether anything that a cell writes can come. */
  get bringsFiles(): boolean {
    return this.#parts.tells && !this.#folder.isClosed;
  }

  /** A cell is about to run, with the yes that its code has. */
  async begin(cellId: string, effects: readonly CodeEffect[]): Promise<void> {
    this.#permits.allow(cellId, await writePermit(this.#parts.workingDirectory, effects));
    const { promise: arrived, resolve } = Promise.withResolvers<FolderChanges>();
    this.#expected.set(cellId, { arrived, resolve });
  }

  /** The kernel says what a cell has written; it may say so twice. */
  receive(changes: FolderChanges): void {
    if (this.#seen.has(changes.id)) {
      return;
    }
    this.#seen.add(changes.id);
    const expected = changes.cell === null ? undefined : this.#expected.get(changes.cell);
    if (expected === undefined) {
      this.#earlier.push(this.#bring(changes, this.#leaving.signal));
    } else {
      expected.resolve(changes);
    }
  }

  /** What came of cells that ended while nobody waited for them, each told once. */
  async earlier(signal: AbortSignal): Promise<readonly FilesOutput[]> {
    const due = this.#earlier;
    this.#earlier = [];
    const outputs = await unlessAborted(Promise.all(due), signal);
    return outputs.filter((output) => output !== undefined);
  }

  /** A cell has ended. @returns What came of its files; `undefined` where it wrote none. */
  async end(cellId: string, status: CellStatus, signal: AbortSignal): Promise<FilesOutput | undefined> {
    const arrived = this.#expected.get(cellId)?.arrived;
    if (arrived === undefined || !this.#parts.tells) {
      return undefined;
    }
    // A Python that is gone may never say what it wrote.
    const isOver = signal.aborted || status === "exited";
    const stop = isOver ? AbortSignal.timeout(afterStopMs) : signal;
    const gone = this.#parts.closed.then(() => undefined);
    const changes = await unlessAborted(Promise.race([arrived, gone]), stop).catch(() => null);
    // What is told of it later comes of itself.
    this.#expected.delete(cellId);
    if (changes === null || changes === undefined) {
      return changes === undefined && status === "exited" ? this.#lost(cellId) : undefined;
    }
    return this.#bring(changes, stop);
  }

  /** This window lets go: what is not brought yet is left to the next one. */
  leave(): void {
    this.#leaving.abort();
    this.#permits.flush();
  }

  async #bring(changes: FolderChanges, stop: AbortSignal): Promise<FilesOutput | undefined> {
    const { cell, files, complete } = changes;
    if (files.length + changes.left.length + changes.deleted.length + changes.more === 0 && complete) {
      // The kernel does not wait for a word on it.
      this.#forget(cell);
      return undefined;
    }
    const signal = AbortSignal.any([stop, this.#leaving.signal]);
    const permit = cell === null ? undefined : this.#permits.permitOf(cell);
    const brought: FilesOutput["brought"] = [];
    const left: LeftFile[] = [...changes.left];
    const waiting = [...files];
    const bringer = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        // oxlint-disable-next-line no-await-in-loop -- a few at a time
        const stays = await this.#folder.take(file, permit, signal);
        if (stays === undefined) {
          brought.push({ path: file.path, sizeBytes: file.sizeBytes });
        } else {
          left.push(stays);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, bringer));
    if (this.#leaving.signal.aborted) {
      this.#permits.flush();
      return undefined;
    }
    const deleted = await this.#folder.thoseHere(changes.deleted);
    this.#forget(cell);
    this.#parts.confirm(changes.id);
    if (brought.length + left.length + deleted.length + changes.more === 0 && complete) {
      return undefined;
    }
    return {
      ...this.#nothing(),
      brought: brought.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
      left: left.slice(0, mostNamed),
      deleted: [...deleted],
      more: changes.more + Math.max(0, left.length - mostNamed),
      complete,
    };
  }

  #lost(cellId: string): FilesOutput | undefined {
    const permit = this.#permits.permitOf(cellId);
    if (permit === undefined || this.#parts.goesOn()) {
      return undefined;
    }
    this.#permits.forget(cellId);
    // Code that writes names something; other code that was allowed may have done anything else.
    return Object.keys(permit.named).length === 0 ? undefined : { ...this.#nothing(), lost: true };
  }

  #forget(cell: string | null): void {
    if (cell !== null) {
      this.#permits.forget(cell);
    }
  }

  #nothing(): FilesOutput {
    const { node, folderThere: folder } = this.#parts;
    return { type: "files", node, folder, brought: [], left: [], deleted: [], more: 0, complete: true, lost: false };
  }
}
