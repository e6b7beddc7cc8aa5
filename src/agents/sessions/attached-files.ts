import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { DialectChoice, TableProfiler } from "../ports/table-profiler.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { AttachedFile, Session } from "../protocol/session-state.ts";
import { problemOf } from "./problem.ts";

/** A file that differs from its profile. */
interface Changed {
  readonly path: string;
  readonly name: string;
  readonly gone: boolean;
}

/** The files of a session: profiled when they are added, and again when they have changed. */
export class AttachedFiles {
  readonly #profiler: TableProfiler;
  readonly #session: () => Session;
  readonly #append: (event: SessionEvent) => void;
  readonly #dialects = new Map<string, DialectChoice>();
  /** What each file was when a question was last asked. */
  readonly #asked = new Map<string, string>();
  readonly #profiling = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();

  constructor(profiler: TableProfiler, session: () => Session, append: (event: SessionEvent) => void) {
    this.#profiler = profiler;
    this.#session = session;
    this.#append = append;
  }

  /** Adds a file and profiles it. Never throws: what is wrong with the file is shown on its card. */
  async attach(path: string): Promise<void> {
    if (!this.#session().files.some((file) => file.path === path)) {
      this.#append({ type: "file-attach", at: Date.now(), path, name: basename(path) });
    }

    await this.#profile(path);
  }

  /** Takes a file out of the session; the file itself stays. */
  detach(path: string): void {
    this.#profiling.get(path)?.controller.abort();
    this.#dialects.delete(path);
    this.#append({ type: "file-detach", at: Date.now(), path });
  }

  /** Profiles a file again, read as the person chose. */
  async reprofile(path: string, dialect?: DialectChoice): Promise<void> {
    if (dialect !== undefined) {
      this.#dialects.set(path, { ...this.#dialects.get(path), ...dialect });
    }

    await this.#profile(path);
  }

  /**
   * Waits for profiles that are under way, and profiles again what has changed on disk since, or could not be read.
   *
   * @returns What has changed since the last question, in plain words, whoever noticed it. Rejects with the signal's reason when it aborts.
   */
  async refresh(signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#refresh(), aborted]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #refresh(): Promise<readonly string[]> {
    await Promise.all([...this.#profiling.values()].map(({ done }) => done));
    const changed = await this.#changed();
    const unread = this.#session().files.filter(({ profile, problem }) => profile === null || problem !== null);
    const paths = new Set([...changed, ...unread].map(({ path }) => path));
    await Promise.all([...paths].map((path) => this.#profile(path)));
    return this.#session().files.flatMap((file) => this.#changeSinceAsked(file, changed));
  }

  #changeSinceAsked({ path, name, profile, problem }: AttachedFile, changed: readonly Changed[]): readonly string[] {
    const noticed = changed.find((other) => other.path === path);
    const gone = noticed?.gone ?? problem?.code === "table.not-found";
    const before = this.#asked.get(path);
    const now = gone ? "gone" : `${profile?.modifiedMs} ${profile?.sizeBytes}`;
    if (gone || problem === null) {
      this.#asked.set(path, now);
    } else {
      this.#asked.delete(path);
    }

    if (before === now || (before === undefined && noticed === undefined)) {
      return [];
    }

    return [gone ? `${name} is no longer there.` : `${name} had changed on disk and was read again.`];
  }

  /** What has become of the files since they were profiled, as a model is told. */
  async changes(): Promise<readonly string[]> {
    return (await this.#changed()).map(({ name, gone }) =>
      gone
        ? `${name} is no longer there: it was deleted, moved or locked.`
        : `${name} has changed on disk since it was described.`,
    );
  }

  dispose(): void {
    for (const { controller } of this.#profiling.values()) {
      controller.abort();
    }
  }

  /** Files that differ from their profile; of a file that could not be read nothing can be said. */
  async #changed(): Promise<readonly Changed[]> {
    const found = this.#session().files.map(async ({ path, name, profile, problem }) => {
      if (profile === null || problem !== null) {
        return [];
      }

      const known = await stat(path).catch(() => undefined);
      const same = profile.modifiedMs === known?.mtimeMs && profile.sizeBytes === known.size;
      return same ? [] : [{ path, name, gone: known === undefined }];
    });
    return (await Promise.all(found)).flat();
  }

  /** A second call for the same file takes the place of the first. */
  #profile(path: string): Promise<void> {
    this.#profiling.get(path)?.controller.abort();
    const controller = new AbortController();
    const done = this.#read(path, controller.signal).finally(() => {
      if (this.#profiling.get(path)?.controller === controller) {
        this.#profiling.delete(path);
      }
    });
    this.#profiling.set(path, { controller, done });
    return done;
  }

  async #read(path: string, signal: AbortSignal): Promise<void> {
    try {
      const dialect = this.#dialects.get(path);
      const onProgress = (
        profile: Parameters<NonNullable<Parameters<TableProfiler["profile"]>[0]["onProgress"]>>[0],
      ) => {
        if (!signal.aborted) {
          this.#append({ type: "file-profile", at: Date.now(), path, profile });
        }
      };
      const profile = await this.#profiler.profile(
        { path, onProgress, ...(dialect === undefined ? {} : { dialect }) },
        signal,
      );
      if (!signal.aborted) {
        this.#append({ type: "file-profile", at: Date.now(), path, profile });
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#append({ type: "file-problem", at: Date.now(), path, problem: problemOf(error) });
      }
    }
  }
}
