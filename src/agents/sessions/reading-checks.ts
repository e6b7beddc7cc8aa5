import { dirname } from "node:path";
import { AgentError } from "../base/errors.ts";
import { codeReach } from "../analysis/code-reach.ts";
import { compareReadings } from "../analysis/compare-readings.ts";
import { readingCode } from "../analysis/reading-code.ts";
import type { Interpreter, ReadingTrial } from "../ports/interpreter.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { AttachedFile, Session } from "../protocol/session-state.ts";
import type { TableProfile } from "../protocol/table-profile.ts";
import { isUnchanged } from "./file-readings.ts";

/** Larger tables are not read a second time: it would take what cells need. */
const bytesAtMost = 32 * 1024 * 1024;
const cellsAtMost = 4_000_000;
const limitS = 60;

export interface CheckParts {
  readonly session: () => Session;
  readonly append: (event: SessionEvent) => void;
  /** The Python that runs already. */
  readonly python: () => Promise<Interpreter> | undefined;
  /** Told why a reading could not be tried: it costs a remark and nothing else. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Tries the reading call of every file once in the session's Python, after a first cell has run there, and tells the
 * session where Python and the profile disagree. Nobody waits for it.
 *
 * Only calls of profiles that this process has made are tried, and only such as read nothing but the file: a session's
 * file on disk could have been written by anybody.
 */
export class ReadingChecks {
  readonly #parts: CheckParts;
  readonly #own = new WeakSet<TableProfile>();
  /** What was tried, and the packages that there were. */
  readonly #tried = new WeakMap<TableProfile, string>();
  readonly #stopping = new AbortController();
  #hasRunCell = false;
  #isBusy = false;
  #news: string[] = [];

  constructor(parts: CheckParts) {
    this.#parts = parts;
  }

  /** To be called after every event. */
  happened(event: SessionEvent): void {
    if (event.type === "file-profile") {
      this.#own.add(event.profile);
    } else if (event.type === "cell-end" && event.status !== "denied") {
      this.#hasRunCell = true;
    } else if (event.type === "turn-start") {
      // What was found before is in the description of the files.
      this.#news = [];
    }

    if (event.type === "file-profile" || event.type === "cell-end" || event.type === "turn-end") {
      void this.#begin();
    }
  }

  /** What was found since the question was asked and not yet told to the agents, in plain words. */
  takeNews(): readonly string[] {
    return this.#news.splice(0);
  }

  dispose(): void {
    this.#stopping.abort();
  }

  async #begin(): Promise<void> {
    if (this.#isBusy || !this.#hasRunCell) {
      return;
    }

    this.#isBusy = true;
    try {
      await this.#tryAll();
    } catch (error) {
      if (!this.#stopping.signal.aborted && !AgentError.is(error, "python.closed")) {
        this.#parts.onTrouble(error);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #tryAll(): Promise<void> {
    const python = await this.#parts.python();
    if (python === undefined) {
      return;
    }

    while (!this.#stopping.signal.aborted) {
      const packages = Object.keys(python.info.packages).join(" ");
      const next = this.#parts.session().files.find((file) => this.#isDue(file, packages));
      if (next === undefined || next.profile === null) {
        return;
      }

      // oxlint-disable-next-line no-await-in-loop -- one after the other, beside cells
      await this.#try(next.profile, python);
      this.#tried.set(next.profile, packages);
    }
  }

  #isDue({ profile, problem, reading, check }: AttachedFile, packages: string): boolean {
    return (
      profile !== null &&
      problem === null &&
      reading === null &&
      check === null &&
      this.#own.has(profile) &&
      this.#tried.get(profile) !== packages &&
      isWorthReading(profile)
    );
  }

  async #try(profile: TableProfile, python: Interpreter): Promise<void> {
    const trial = trialOf(profile, "pandas" in python.info.packages);
    if (trial === undefined || !(await readsOnlyFile(trial, profile, python))) {
      return;
    }

    const reading = await python.checkReading(trial, this.#stopping.signal);
    const hasChanged = !(await isUnchanged(profile));
    // That a file has gone, or can no longer be read, the session says by itself.
    if (reading.status === "unread" || (reading.status === "failed" && hasChanged)) {
      return;
    }

    const { path } = profile;
    const file = this.#parts.session().files.find((other) => other.path === path);
    if (file?.profile !== profile || this.#stopping.signal.aborted) {
      return;
    }

    const warnings = [...compareReadings(profile, reading, hasChanged)];
    this.#news.push(...warnings.map(({ message }) => `${file.name}: ${message}`));
    const by = trial.pandas === null ? "standard-library" : "pandas";
    this.#parts.append({ type: "file-check", at: Date.now(), path, check: { by, warnings } });
  }
}

function isWorthReading({ complete, sizeBytes, rowCount, columns, warnings }: TableProfile): boolean {
  return (
    complete &&
    sizeBytes <= bytesAtMost &&
    rowCount * columns.length <= cellsAtMost &&
    // It is known already.
    !warnings.some(({ code }) => code === "python-misreads")
  );
}

function trialOf({ path, reading, columns }: TableProfile, hasPandas: boolean): ReadingTrial | undefined {
  const summed = columns.map(({ sum }) => sum !== null);
  const { pandas, standardLibrary } = reading;
  if (hasPandas) {
    return { path, pandas, standardLibrary: null, summed, limitS };
  }

  return standardLibrary === null ? undefined : { path, pandas: null, standardLibrary, summed, limitS };
}

/** Whether the call, as it is found by reading it, does nothing but read the file. */
async function readsOnlyFile(trial: ReadingTrial, profile: TableProfile, python: Interpreter): Promise<boolean> {
  const code = readingCode(profile, trial.pandas !== null);
  const { syntaxError, effects } = await python.inspect(code ?? "");
  const { path } = profile;
  const ground = { files: [path], workingDirectory: dirname(path), outputDirectory: path };
  return syntaxError === null && codeReach(effects, ground) === "computes";
}
