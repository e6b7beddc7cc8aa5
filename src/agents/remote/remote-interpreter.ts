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
import type { RunningInterpreter } from "../python/running-interpreter.ts";
import type { Homecoming } from "./homecoming.ts";
import type { KernelFiles } from "./kernel-files.ts";
import type { KernelPaths } from "./kernel-paths.ts";
import { unlessAborted } from "./pause.ts";

/** So many files are brought for one pattern at most. */
const filesPerPattern = 500;
/** What code spreads over the cluster with. */
const spreading: ReadonlySet<string> = new Set(["ray", "dask"]);

export interface RemoteInterpreterParts {
  readonly running: RunningInterpreter;
  readonly options: InterpreterOptions;
  readonly paths: KernelPaths;
  readonly files: KernelFiles;
  readonly homecoming: Homecoming;
  readonly node: string;
  readonly isResumed: boolean;
  /** Resolves when the cell that ran before this process knew the kernel has ended; `undefined` where there was none. */
  readonly earlierCell: { readonly ended: Promise<void>; readonly interrupt: () => void } | undefined;
  /** Leaves the kernel to itself. */
  readonly leave: () => void;
}

/**
 * A Python on a cluster, used as one of this machine: what cells read of the session's files and of its working folder is
 * brought there first, and they are called as they are called here; what cells write in their folder comes back.
 */
export class RemoteInterpreter implements Interpreter {
  readonly closed: Promise<string>;
  readonly #parts: RemoteInterpreterParts;
  #inspected: (CodeInspection & { readonly code: string }) | undefined;
  /** Code of this session spreads over the cluster: what later cells read is to lie everywhere, too. */
  #spreads = false;

  constructor(parts: RemoteInterpreterParts) {
    this.#parts = parts;
    this.closed = parts.running.closed;
  }

  get info(): InterpreterInfo {
    const { running, node, isResumed, homecoming } = this.#parts;
    const { bringsFiles } = homecoming;
    return { ...running.info, place: "cluster", node, bringsFiles, ...(isResumed ? { isResumed } : {}) };
  }

  async run(request: CellRequest, signal: AbortSignal): Promise<CellResult> {
    const { running, paths, files, homecoming } = this.#parts;
    const startedAt = performance.now();
    try {
      await this.#earlierCell(signal);
      (await homecoming.earlier(signal)).forEach((output) => request.onOutput(output));
      const inspection = await this.#inspectionOf(request.code);
      this.#spreads ||= inspection.imports.some((module) => spreading.has(module));
      await files.bring(await this.#filesFor(inspection), signal, this.#spreads);
      await homecoming.begin(request.cellId, inspection.effects);
    } catch (error) {
      if (signal.aborted) {
        return { status: "interrupted", durationMs: performance.now() - startedAt };
      }
      throw error;
    }
    const result = await running.run({ ...request, code: paths.toThere(request.code) }, signal);
    const written = await homecoming.end(request.cellId, result.status, signal);
    if (written !== undefined) {
      request.onOutput(written);
    }
    return result;
  }

  /** Effects are told with the paths of this machine, as the person knows them. */
  async inspect(code: string): Promise<CodeInspection> {
    const { running, paths } = this.#parts;
    const inspection = await running.inspect(code);
    const effects = inspection.effects.map((effect) => ({ ...effect, detail: paths.toHere(effect.detail) }));
    const found = { ...inspection, effects };
    this.#inspected = { ...found, code };
    return found;
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
    this.#parts.homecoming.leave();
    return this.#parts.running.close();
  }

  async leave(): Promise<void> {
    this.#parts.homecoming.leave();
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

  async #inspectionOf(code: string): Promise<CodeInspection> {
    return this.#inspected?.code === code ? this.#inspected : await this.inspect(code);
  }

  /** The session's files, and those of the working folder that the code reads. */
  async #filesFor({ effects }: CodeInspection): Promise<readonly string[]> {
    const { options } = this.#parts;
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
