import { readdir } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import type {
  CellRequest,
  CellResult,
  CodeInspection,
  Interpreter,
  InterpreterInfo,
  InterpreterOptions,
  PythonReading,
  ReadingTrial,
  SqlCheck,
} from "../ports/interpreter.ts";
import type { CodeEffect } from "../protocol/cell-output.ts";
import type { RunningInterpreter } from "../python/running-interpreter.ts";
import type { KernelFiles } from "./kernel-files.ts";
import type { KernelPaths } from "./kernel-paths.ts";
import { unlessAborted } from "./pause.ts";

/** So many files are brought for one pattern at most. */
const filesPerPattern = 500;

export interface RemoteInterpreterParts {
  readonly running: RunningInterpreter;
  readonly options: InterpreterOptions;
  readonly paths: KernelPaths;
  readonly files: KernelFiles;
  readonly node: string;
  readonly isResumed: boolean;
  /** Resolves when the cell that ran before this process knew the kernel has ended; `undefined` where there was none. */
  readonly earlierCell: { readonly ended: Promise<void>; readonly interrupt: () => void } | undefined;
  /** Leaves the kernel to itself. */
  readonly leave: () => void;
}

/**
 * A Python on a cluster, used as one of this machine: what cells read of the session's files and of its working folder is
 * brought there first, and they are called as they are called here.
 */
export class RemoteInterpreter implements Interpreter {
  readonly closed: Promise<string>;
  readonly #parts: RemoteInterpreterParts;
  #inspected: { readonly code: string; readonly effects: readonly CodeEffect[] } | undefined;

  constructor(parts: RemoteInterpreterParts) {
    this.#parts = parts;
    this.closed = parts.running.closed;
  }

  get info(): InterpreterInfo {
    const { running, node, isResumed } = this.#parts;
    return { ...running.info, place: "cluster", node, ...(isResumed ? { isResumed } : {}) };
  }

  async run(request: CellRequest, signal: AbortSignal): Promise<CellResult> {
    const { running, paths, files } = this.#parts;
    const startedAt = performance.now();
    try {
      await this.#earlierCell(signal);
      await files.bring(await this.#filesFor(request.code), signal);
    } catch (error) {
      if (signal.aborted) {
        return { status: "interrupted", durationMs: performance.now() - startedAt };
      }
      throw error;
    }
    return running.run({ ...request, code: paths.toThere(request.code) }, signal);
  }

  /** Effects are told with the paths of this machine, as the person knows them. */
  async inspect(code: string): Promise<CodeInspection> {
    const { running, paths } = this.#parts;
    const inspection = await running.inspect(code);
    const effects = inspection.effects.map((effect) => ({ ...effect, detail: paths.toHere(effect.detail) }));
    this.#inspected = { code, effects };
    return { ...inspection, effects };
  }

  refresh(): Promise<void> {
    return this.#parts.running.refresh();
  }

  async checkReading(trial: ReadingTrial, signal: AbortSignal): Promise<PythonReading> {
    const { running, paths, files } = this.#parts;
    await files.bring([trial.path], signal);
    return running.checkReading({ ...trial, path: paths.absolute(trial.path) }, signal);
  }

  checkSql(variable: string, sql: string, signal: AbortSignal): Promise<SqlCheck> {
    const { running, paths } = this.#parts;
    return running.checkSql(variable, paths.toThere(sql), signal);
  }

  close(): Promise<void> {
    return this.#parts.running.close();
  }

  async leave(): Promise<void> {
    this.#parts.leave();
  }

  /** One that ran when this process found the kernel goes on to its end, unless the person stops. */
  async #earlierCell(signal: AbortSignal): Promise<void> {
    const { earlierCell } = this.#parts;
    if (earlierCell === undefined) {
      return;
    }
    try {
      await unlessAborted(Promise.race([earlierCell.ended, this.closed]), signal);
    } catch (error) {
      earlierCell.interrupt();
      throw error;
    }
  }

  /** The session's files, and those of the working folder that the code reads. */
  async #filesFor(code: string): Promise<readonly string[]> {
    const { options } = this.#parts;
    const { effects } = this.#inspected?.code === code ? this.#inspected : await this.inspect(code);
    const named = effects.filter(({ kind }) => kind === "read-file").map(({ detail }) => detail);
    const found = await Promise.all(named.map((detail) => filesBelow(options.workingDirectory, detail)));
    return [...(options.files?.() ?? []), ...found.flat()];
  }
}

/** What a path or pattern in code means below a folder: files there, and nothing outside of it. */
async function filesBelow(folder: string, detail: string): Promise<readonly string[]> {
  const path = resolve(folder, detail);
  if (!isBelow(folder, path)) {
    return [];
  }
  if (!/[*?[]/u.test(detail)) {
    return [path];
  }
  const base = firstWith(dirname(path), (part) => !/[*?[]/u.test(part));
  const matches = picomatch(path.split(sep).join("/"), { dot: false });
  const entries = isBelow(folder, base)
    ? await readdir(base, { recursive: true, encoding: "utf8" }).catch(() => [])
    : [];
  return entries
    .map((entry) => join(base, entry))
    .filter((entry) => matches(entry.split(sep).join("/")))
    .slice(0, filesPerPattern);
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}

/** The folder itself or the nearest one above it that is as wanted. */
function firstWith(folder: string, isWanted: (folder: string) => boolean): string {
  return isWanted(folder) || dirname(folder) === folder ? folder : firstWith(dirname(folder), isWanted);
}
