import { stat } from "node:fs/promises";
import { AgentError } from "../base/errors.ts";
import type { TableProfiler } from "../ports/table-profiler.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { AttachedFile, Session } from "../protocol/session-state.ts";
import type { DialectChoice, TableProfile } from "../protocol/table-profile.ts";
import { problemOf } from "../ports/problem-of.ts";

/** How far a reading has come is told at most once in so many milliseconds. */
const tellEveryMs = 250;

/** What readings need of their session. */
export interface ReadingParts {
  readonly profiler: TableProfiler;
  readonly session: () => Session;
  readonly append: (event: SessionEvent) => void;
}

/** A reading that goes on. */
interface Reading {
  readonly path: string;
  readonly controller: AbortController;
  readonly done: Promise<void>;
  /** What the person has just chosen; `undefined` where the file is read as before. */
  readonly chosen: DialectChoice | undefined;
}

/** Why a reading that the person stopped ended. */
const stopped = Symbol("stopped by the person");

/** The readings of files that go on, one per file, and what they tell the session. */
export class FileReadings {
  readonly #parts: ReadingParts;
  readonly #readings = new Map<string, Reading>();

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /**
   * Reads a file from its beginning; takes the place of a reading of the same file that goes on. Never rejects: what is
   * wrong is told as an event.
   *
   * @param chosen How the person wants it read, `{}` for as it is detected; left out, it is read as it was before.
   */
  read(path: string, chosen?: DialectChoice): Promise<void> {
    const before = this.#readings.get(path);
    before?.controller.abort();
    const controller = new AbortController();
    const wish = chosen ?? before?.chosen;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const reading = { path, controller, done, chosen: wish };
    this.#readings.set(path, reading);
    void this.#read(reading).finally(() => {
      if (this.#readings.get(path) === reading) {
        this.#readings.delete(path);
      }
      resolve();
    });
    return done;
  }

  /** Ends a reading; what was read so far becomes the file's profile. */
  stop(path: string): void {
    this.#readings.get(path)?.controller.abort(stopped);
  }

  /** Ends a reading without a word. */
  drop(path: string): void {
    this.#readings.get(path)?.controller.abort();
  }

  /** Names of the files that are being read. */
  get paths(): readonly string[] {
    return [...this.#readings.keys()];
  }

  /** Resolves when nothing is being read, readings included that begin meanwhile. */
  async quiet(): Promise<void> {
    while (this.#readings.size > 0) {
      // oxlint-disable-next-line no-await-in-loop -- others may have begun meanwhile
      await Promise.all([...this.#readings.values()].map(({ done }) => done));
    }
  }

  dispose(): void {
    for (const path of this.#readings.keys()) {
      this.drop(path);
    }
  }

  async #read(reading: Reading): Promise<void> {
    const { path, chosen, controller } = reading;
    const { profiler, append } = this.#parts;
    const choice = chosen ?? this.#file(path)?.choice ?? {};
    const progress = new Progress((profile, readBytes) =>
      append({ type: "file-reading", at: Date.now(), path, reading: { readBytes, profile } }),
    );
    append({ type: "file-reading", at: Date.now(), path, reading: { readBytes: 0, profile: null } });
    try {
      const profile = await profiler.profile(
        {
          path,
          ...(isDetected(choice) ? {} : { dialect: choice }),
          onProgress: (...told) => controller.signal.aborted || progress.tell(...told),
        },
        controller.signal,
      );
      if (chosen !== undefined && this.#losesAllRows(path, profile)) {
        const message = "Read this way, it has no rows.";
        throw new AgentError("table.no-rows", { path }, message);
      }
      this.#settle(reading, () => this.#profiled(path, profile, choice));
    } catch (error) {
      if (controller.signal.reason === stopped) {
        await this.#stopped(path, progress.latest, choice);
      } else {
        // A file that is no longer what was read cannot stay read as before.
        const isBlamed = chosen !== undefined && (await this.#isCurrent(path));
        this.#settle(reading, () => this.#failed(path, error, isBlamed ? chosen : undefined));
      }
    }
  }

  /** Whether nothing is left of the rows that the same part of the file has as it is read now. */
  #losesAllRows(path: string, { rowCount, dialect }: TableProfile): boolean {
    const before = this.#file(path)?.profile ?? null;
    return before !== null && rowCount === 0 && before.rowCount > 0 && before.dialect.sheet === dialect.sheet;
  }

  /** Whether a file is still what its profile says; so is one that could never be read. */
  async #isCurrent(path: string): Promise<boolean> {
    const profile = this.#file(path)?.profile ?? null;
    return profile === null || (await isUnchanged(profile));
  }

  /** Tells how a reading ended, unless it was dropped or stopped at the same moment. */
  #settle({ controller }: Reading, tell: () => void): void {
    if (!controller.signal.aborted || controller.signal.reason === stopped) {
      tell();
    }
  }

  #profiled(path: string, profile: TableProfile, choice: DialectChoice): void {
    const chosen = isDetected(choice) ? {} : { choice };
    this.#parts.append({ type: "file-profile", at: Date.now(), path, profile, ...chosen });
  }

  #failed(path: string, error: unknown, chosen: DialectChoice | undefined): void {
    const choice = chosen === undefined ? {} : { choice: chosen };
    this.#parts.append({ type: "file-problem", at: Date.now(), path, problem: problemOf(error), ...choice });
  }

  /** Nothing is lost by stopping: what was read is kept, and where there is nothing yet, what there was before. */
  async #stopped(path: string, latest: Told | undefined, choice: DialectChoice): Promise<void> {
    const file = this.#file(path);
    if (file === undefined) {
      return;
    }

    const isCurrent = file.problem === null && file.profile !== null && (await isUnchanged(file.profile));
    if (latest === undefined && isCurrent) {
      this.#parts.append({ type: "file-reading", at: Date.now(), path, reading: null });
    } else if (latest === undefined) {
      const message = `Reading ${file.name} was stopped before anything of it was known.`;
      this.#failed(path, new AgentError("table.stopped", { path }, message), undefined);
    } else {
      this.#profiled(path, { ...latest.profile, complete: false, readBytes: latest.readBytes }, choice);
    }
  }

  #file(path: string): AttachedFile | undefined {
    return this.#parts.session().files.find((file) => file.path === path);
  }
}

interface Told {
  readonly profile: TableProfile;
  readonly readBytes: number;
}

/** Passes progress on, a few times a second, and remembers all of it. */
class Progress {
  readonly #say: (profile: TableProfile, readBytes: number) => void;
  #latest: Told | undefined;
  #toldMs = -Infinity;

  constructor(say: (profile: TableProfile, readBytes: number) => void) {
    this.#say = say;
  }

  /** The last that was told, passed on or not. */
  get latest(): Told | undefined {
    return this.#latest;
  }

  tell(profile: TableProfile, readBytes: number): void {
    this.#latest = { profile, readBytes };
    const nowMs = performance.now();
    if (nowMs - this.#toldMs >= tellEveryMs) {
      this.#toldMs = nowMs;
      this.#say(profile, readBytes);
    }
  }
}

function isDetected(choice: DialectChoice): boolean {
  return Object.keys(choice).length === 0;
}

/** Whether a file is what it was when it was profiled. */
export async function isUnchanged({ path, modifiedMs, sizeBytes }: TableProfile): Promise<boolean> {
  const known = await stat(path).catch(() => undefined);
  return known?.mtimeMs === modifiedMs && known.size === sizeBytes;
}
