import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SourceScope } from "../asking/source-scope.ts";
import type { NamedPassage } from "../asking/passage-shelf.ts";
import type { PassageIndex } from "../ports/passage-index.ts";
import type { FoundTurn } from "../protocol/page.ts";
import { foundTurns } from "./found-turns.ts";
import { type KeptTexts, MemoryFolder, type SeenSession, isSessionId, turnOfPath } from "./memory-folder.ts";
import type { SessionsReading } from "./read-sessions.ts";
import type { SessionMemory } from "./session-memory.ts";

/** An index of which what was removed can be had gone from its files. */
export interface MemoryIndex extends PassageIndex {
  /** @throws AgentError `index.*` */
  purge(root: string): Promise<void>;
}

export interface ConversationMemoryParts {
  /** Absolute path of the folder in which conversations are remembered; made when the first is. */
  readonly folder: string;
  /** Absolute path of the folder that holds the sessions. */
  readonly sessions: string;
  /** Whether the person wants conversations remembered. What is to be forgotten is forgotten in any case. */
  readonly isOn: () => boolean;
  /** Keeps its databases in {@link MemoryFolder.index}. */
  readonly index: MemoryIndex;
  /** Runs {@link readSessions}, in a thread where nobody may be kept waiting. */
  readonly read: (reading: SessionsReading) => Promise<KeptTexts>;
}

const searchedPassages = 40;
const mostFound = 20;
/** Marks an index that still holds what was removed from it. */
const dueFile = "purge-due";

/**
 * What is remembered of the conversations of a workspace: brought up to date from the sessions on disk, searched, and
 * forgotten. Works on one thing at a time; two processes may work on one folder.
 */
export class ConversationMemory implements SessionMemory {
  readonly index: PassageIndex;
  readonly #parts: ConversationMemoryParts;
  readonly #folder: MemoryFolder;
  #seen: ReadonlyMap<string, SeenSession> = new Map();
  #last: Promise<unknown> = Promise.resolve();
  /** Whether all sessions were looked at by this process. */
  #isComplete = false;
  readonly #waiting = new Set<string>();

  constructor(parts: ConversationMemoryParts) {
    this.#parts = parts;
    this.#folder = new MemoryFolder(parts.folder);
    this.index = parts.index;
  }

  get isOn(): boolean {
    return this.#parts.isOn();
  }

  async holdsAnything(): Promise<boolean> {
    if (this.#isComplete || (await this.#folder.holdsAnything())) {
      return await this.#folder.holdsAnything();
    }

    // Sessions were not looked at yet; one is that which asks.
    const sessions = await readdir(this.#parts.sessions).catch(() => []);
    return sessions.filter(isSessionId).length > 1;
  }

  /** Notes that a session has changed; it is read with the next {@link ConversationMemory.ready}. */
  note(sessionId: string): void {
    this.#waiting.add(sessionId);
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#after(async () => {
      if (this.isOn) {
        await this.#bringUpToDate(this.#isComplete ? [...this.#waiting] : null);
        this.#isComplete = true;
      }
    });
  }

  scopes(): readonly SourceScope[] {
    const { turns: root } = this.#folder;
    const source = { id: "conversations", kind: "folder", path: root, name: "conversations", lines: null } as const;
    return this.#seen.size === 0 ? [] : [{ source, root, within: { path: "" }, folder: root, path: "" }];
  }

  nameOf(path: string): Pick<NamedPassage, "name" | "turn"> {
    const turn = turnOfPath(path);
    return turn === null ? { name: path } : { name: this.#seen.get(turn.sessionId)?.title ?? "", turn };
  }

  /** Questions whose words or meaning fit, the best first, at most 20. None while memory is off. @throws AgentError `index.*` */
  async find(text: string, signal: AbortSignal): Promise<readonly FoundTurn[]> {
    await this.ready(signal);
    if (!this.isOn || text.trim() === "" || !(await this.holdsAnything())) {
      return [];
    }

    const query = { root: this.#folder.turns, text, top: searchedPassages };
    const found = await this.index.search(query, signal);
    return (await foundTurns(found, { text, folder: this.#folder, seen: this.#seen })).slice(0, mostFound);
  }

  /**
   * Forgets what is not to be remembered any more of a session: it was deleted, or an event says so. Resolves when it is in
   * no file.
   *
   * @throws AgentError `index.*`
   */
  async forget(sessionId: string): Promise<void> {
    await this.#after(async () => await this.#bringUpToDate([sessionId]));
  }

  /** Forgets every question that was asked until now. Resolves when none is in a file. @throws AgentError `index.*` */
  async forgetAll(): Promise<void> {
    await this.#after(async () => {
      await this.#folder.forgetBefore(Date.now());
      await this.#bringUpToDate(null);
    });
  }

  /** One thing after the other, whatever came of the one before. */
  async #after<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const own = (async () => {
      await before;
      return await work();
    })();
    this.#last = own.catch(() => undefined);
    return await own;
  }

  /** @param only These sessions; `null` for all. */
  async #bringUpToDate(only: readonly string[] | null): Promise<void> {
    this.#waiting.forEach((id) => (only === null || only.includes(id)) && this.#waiting.delete(id));
    if (only?.length === 0) {
      return;
    }

    const { sessions, read, folder: memory } = this.#parts;
    const { changed, gone } = await read({ sessions, memory, only });
    await this.#index(only === null ? null : [...changed, ...gone]);
    this.#seen = await this.#folder.allSeen();
  }

  /** @param paths What has changed; `null` where anything may have. */
  async #index(paths: readonly string[] | null): Promise<void> {
    const { index, folder } = this.#parts;
    const { turns: root } = this.#folder;
    const isIndexed = await this.#folder.isIndexed();
    if (paths?.length === 0 || (!isIndexed && !(await this.#folder.holdsAnything()))) {
      return;
    }

    await mkdir(root, { recursive: true, mode: 0o700 });
    const due = join(folder, dueFile);
    const wasDue = (await readFile(due, "utf8").catch(() => null)) !== null;
    // Until it is purged, the index holds what is removed from it now.
    await writeFile(due, "");
    const noIgnoring = { gitIgnoring: { files: false, parents: false, global: false } };
    const request = { root, ...noIgnoring, ...(paths === null ? {} : { only: paths, named: true }) };
    const report = await index.update(request, new AbortController().signal);
    if (wasDue || report.removed + report.changed > 0) {
      await index.purge(root);
    }

    await rm(due, { force: true });
  }
}
