import type { SessionEvent } from "../protocol/session-event.ts";
import type { Session } from "../protocol/session-state.ts";
import type { TableProfile } from "../protocol/table-profile.ts";
import type { ReadingParts } from "./file-readings.ts";

export interface JoinParts extends ReadingParts {
  /** Told why joins could not be looked for: it costs a suggestion and nothing else. */
  readonly onTrouble: (error: unknown) => void;
}

const changesFiles: ReadonlySet<SessionEvent["type"]> = new Set([
  "file-attach",
  "file-detach",
  "file-profile",
  "file-problem",
]);

/** Looks for columns that join the files of a session, whenever all of them have been read. */
export class FileJoins {
  readonly #parts: JoinParts;
  #looking: AbortController | undefined;

  constructor(parts: JoinParts) {
    this.#parts = parts;
  }

  /** To be called after every event. */
  happened(event: SessionEvent): void {
    if (changesFiles.has(event.type)) {
      this.#look();
    }
  }

  /** Looks again where the files have changed since it was last done. @param events Of the session, oldest first. */
  catchUp(events: readonly SessionEvent[]): void {
    const looked = events.findLastIndex(({ type }) => type === "file-joins");
    if (events.some(({ type }, index) => index > looked && changesFiles.has(type))) {
      this.#look();
    }
  }

  dispose(): void {
    this.#looking?.abort();
  }

  #look(): void {
    this.#looking?.abort();
    this.#looking = undefined;
    const profiles = joinable(this.#parts.session());
    if (profiles !== undefined && profiles.length > 1) {
      this.#looking = new AbortController();
      void this.#find(profiles, this.#looking.signal);
    }
  }

  async #find(profiles: readonly TableProfile[], signal: AbortSignal): Promise<void> {
    try {
      const joins = await this.#parts.profiler.findJoins(profiles, signal);
      if (!signal.aborted) {
        this.#parts.append({ type: "file-joins", at: Date.now(), joins: [...joins] });
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#parts.onTrouble(error);
      }
    }
  }
}

/**
 * The profiles of all files, in their order, which is what names the variables in a join; `undefined` while one is being
 * read or cannot be.
 */
function joinable({ files }: Session): readonly TableProfile[] | undefined {
  const profiles = files.flatMap(({ profile, problem, reading }) =>
    profile === null || problem !== null || reading !== null ? [] : [profile],
  );
  return profiles.length === files.length ? profiles : undefined;
}
