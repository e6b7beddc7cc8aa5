import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { AttachedFile } from "../protocol/session-state.ts";
import type { DialectChoice } from "../protocol/table-profile.ts";
import { FileReadings, type ReadingParts, isUnchanged } from "./file-readings.ts";

/** A file that differs from its profile. */
interface Changed {
  readonly path: string;
  readonly name: string;
  readonly gone: boolean;
}

interface FileState {
  readonly content: string;
  /** The call that reads it. */
  readonly reading: string;
}

/** A change since the last question, in plain words, and the facts in them. */
export interface FileChange {
  readonly kind: "gone" | "changed" | "read-otherwise";
  readonly name: string;
  readonly text: string;
}

/** The files of a session: profiled when they are added, and again when they have changed. */
export class AttachedFiles {
  readonly #parts: ReadingParts;
  readonly #readings: FileReadings;
  /** What each file was when a question was last asked, and how it was read. */
  readonly #asked = new Map<string, FileState>();

  constructor(parts: ReadingParts) {
    this.#parts = parts;
    this.#readings = new FileReadings(parts);
  }

  /** Adds a file and profiles it. Never throws: what is wrong with the file is shown on its card. */
  async attach(path: string): Promise<void> {
    if (!this.#files.some((file) => file.path === path)) {
      this.#parts.append({ type: "file-attach", at: Date.now(), path, name: basename(path) });
    }

    await this.#readings.read(path);
  }

  /** Takes a file out of the session; the file itself stays. */
  detach(path: string): void {
    this.#readings.drop(path);
    this.#parts.append({ type: "file-detach", at: Date.now(), path });
  }

  /**
   * Profiles a file again. `choice`: as the person wants it read, all of it detected where it is empty; left out, as
   * before. A choice by which it cannot be read leaves what was read before in force.
   */
  async reprofile(path: string, choice?: DialectChoice): Promise<void> {
    await this.#readings.read(path, choice);
  }

  /** Ends the reading of a file; its card is then of the rows read so far. */
  stop(path: string): void {
    this.#readings.stop(path);
  }

  /** Reads what a session that was opened again lacks: files whose reading was cut off, or that have changed since. */
  async catchUp(): Promise<void> {
    const changed = await this.#changed();
    const unread = this.#files.filter(
      ({ profile, problem }) =>
        problem === null && (profile === null || (!profile.complete && profile.readBytes === undefined)),
    );
    await this.#readAll([...changed.filter(({ gone }) => !gone), ...unread]);
  }

  /**
   * Waits for profiles that are under way, and profiles again what has changed on disk since, or could not be read.
   *
   * @param onWait Told the names of files that are waited for.
   * @returns What has changed since the last question, whoever noticed it. Rejects with the signal's reason when it aborts.
   */
  async refresh(signal: AbortSignal, onWait?: (names: readonly string[]) => void): Promise<readonly FileChange[]> {
    signal.throwIfAborted();
    const waited = this.#readings.paths;
    if (waited.length > 0) {
      onWait?.(this.#files.filter(({ path }) => waited.includes(path)).map(({ name }) => name));
    }

    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#refresh(), aborted]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #refresh(): Promise<readonly FileChange[]> {
    await this.#readings.quiet();
    const changed = await this.#changed();
    const unread = this.#files.filter(({ profile, problem }) => profile === null || problem !== null);
    await this.#readAll([...changed, ...unread]);
    return this.#files.flatMap((file) => this.#changeSinceAsked(file, changed));
  }

  async #readAll(files: readonly { readonly path: string }[]): Promise<void> {
    const paths = new Set(files.map(({ path }) => path));
    await Promise.all([...paths].map((path) => this.#readings.read(path)));
  }

  #changeSinceAsked(file: AttachedFile, changed: readonly Changed[]): readonly FileChange[] {
    const { path, name, problem } = file;
    const noticed = changed.find((other) => other.path === path);
    const gone = noticed?.gone ?? problem?.code === "table.not-found";
    const before = this.#asked.get(path);
    const now = stateOf(file, gone);
    if (gone || problem === null) {
      this.#asked.set(path, now);
    } else {
      this.#asked.delete(path);
    }

    if (before === undefined && noticed === undefined) {
      return [];
    }

    if (before?.content !== now.content) {
      return [changeOf(gone ? "gone" : "changed", name)];
    }

    return before.reading === now.reading ? [] : [changeOf("read-otherwise", name)];
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
    this.#readings.dispose();
  }

  get #files(): readonly AttachedFile[] {
    return this.#parts.session().files;
  }

  /** Files that differ from their profile; of a file that could not be read nothing can be said. */
  async #changed(): Promise<readonly Changed[]> {
    const found = this.#files.map(async ({ path, name, profile, problem }) => {
      if (profile === null || problem !== null || (await isUnchanged(profile))) {
        return [];
      }

      const gone = (await stat(path).catch(() => undefined)) === undefined;
      return [{ path, name, gone }];
    });
    return (await Promise.all(found)).flat();
  }
}

/** What a file is now, so that it can be compared with what it was. */
function stateOf({ profile }: AttachedFile, gone: boolean): FileState {
  return {
    content: gone ? "gone" : `${profile?.modifiedMs} ${profile?.sizeBytes}`,
    reading: profile?.reading.pandas ?? "",
  };
}

const sentences: { readonly [kind in FileChange["kind"]]: string } = {
  gone: "is no longer there.",
  changed: "had changed on disk and was read again.",
  "read-otherwise": "is now read in another way.",
};

function changeOf(kind: FileChange["kind"], name: string): FileChange {
  return { kind, name, text: `${name} ${sentences[kind]}` };
}
