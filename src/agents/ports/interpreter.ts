import type { RunPlace } from "../protocol/run-place.ts";
import type { SandboxMode } from "../protocol/sandbox.ts";
import type { CellOutput, CellStatus, CodeEffect } from "../protocol/cell-output.ts";

/** What is known of a running Python. */
export interface InterpreterInfo {
  /** Absolute path of the executable. */
  readonly executable: string;
  /** Such as `3.11.7`. */
  readonly version: string;
  /** Installed packages that matter for analysis, by import name, with versions; absent ones are left out. */
  readonly packages: { readonly [name: string]: string };
  /** A font with Chinese glyphs that figures use, where one is installed. */
  readonly chineseFont: string | null;
  readonly pid: number;
  /**
   * `terminal`: the person sees it; `process`: a child process, for the command line or where no terminal could be had;
   * `cluster`: on another machine.
   */
  readonly place: "terminal" | "process" | "cluster";
  /** The machine of a cluster that it runs on, as the cluster calls it. */
  readonly node?: string;
  /** On a cluster: whether what code writes in its working folder there comes into the one here; it does where left out. */
  readonly bringsFiles?: boolean;
  /** It ran before this process knew it, so that it has variables of earlier cells. */
  readonly isResumed?: boolean;
  readonly sandbox: HeldBy;
  /** How much memory it may use; left out where nobody knows. */
  readonly memoryBytes?: number;
}

/** What holds the code of an interpreter. */
export interface HeldBy {
  /** `off`: nothing, whatever was asked for. */
  readonly mode: SandboxMode;
  /** Where code may write beside temporary files; empty where it is not held. */
  readonly folders: readonly string[];
}

export interface CellRequest {
  readonly cellId: string;
  /** Which cell of the session it is, counted from 1, so that the terminal calls it as the page does; one more than the last where left out. */
  readonly number?: number;
  readonly code: string;
  /** Wall-time limit, milliseconds; 0 for none. Time spent waiting in `input()` does not count. */
  readonly timeLimitMs: number;
  /** Called in order, while the cell runs. Text comes in batches of about 16 ms or 32 KB. */
  readonly onOutput: (output: CellOutput) => void;
}

/** How a cell ended. Its outputs went through `onOutput`. */
export interface CellResult {
  readonly status: CellStatus;
  /** Wall time inside Python, milliseconds. */
  readonly durationMs: number;
}

/** What reading a cell's code tells, without running it. */
export interface CodeInspection {
  readonly syntaxError: { readonly message: string; readonly line: number } | null;
  /** Top-level modules imported. */
  readonly imports: readonly string[];
  readonly effects: readonly CodeEffect[];
}

/** How a table is to be read, to see what Python makes of it: exactly one of the two ways is given. */
export interface ReadingTrial {
  /** Absolute path. */
  readonly path: string;
  /** As in a profile's `reading`. */
  readonly pandas: string | null;
  /** As in a profile's `reading`. */
  readonly standardLibrary: string | null;
  /** Of which columns a sum is wanted, in their order. */
  readonly summed: readonly boolean[];
  /** Whole seconds, after which it is given up. */
  readonly limitS: number;
}

/**
 * What Python made of a table. `failed`: the call raised; `unread`: nothing can be said, for want of a package, memory
 * or time. Sums are `null` where none was wanted or the column holds what cannot be added; `magnitudes` are the sums
 * without signs. The standard library gives neither sums nor missing values, and no names for no rows.
 */
export type PythonReading =
  | {
      readonly status: "read";
      readonly rows: number;
      readonly names: readonly string[] | null;
      readonly missing?: readonly number[] | undefined;
      readonly sums?: readonly (number | null)[] | undefined;
      readonly magnitudes?: readonly (number | null)[] | undefined;
    }
  | { readonly status: "failed"; readonly error: string }
  | { readonly status: "unread"; readonly reason: string };

/** One table that an SQL engine in Python holds, as the engine knows it. */
export interface SqlTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * What checking a statement tells, without running it. `absent`: no connection is in the variable. `kinds`: of each of
 * the statements, in small letters, as the engine calls them, such as `select` and `drop`; none where they cannot be
 * read. `reason`: why the engine could not run it. `tables`: the answer to an empty statement.
 */
export type SqlCheck =
  | { readonly status: "absent" }
  | { readonly status: "checked"; readonly kinds: readonly string[]; readonly reason: string | null }
  | { readonly status: "tables"; readonly tables: readonly SqlTable[] };

/** A Python that keeps its variables between cells and runs one cell at a time. */
export interface Interpreter {
  readonly info: InterpreterInfo;
  /**
   * Runs `code` as one cell. When `signal` aborts, the cell is interrupted as Ctrl-C would and the result is
   * `interrupted`; a cell that ignores the interrupt is killed after a grace period and the result is `exited`.
   * A process that ends by itself gives `exited` too: only a lost connection before the start throws.
   *
   * @throws AgentError `python.closed` when the interpreter has ended before this cell.
   */
  run(request: CellRequest, signal: AbortSignal): Promise<CellResult>;
  /** Looks again at what is installed: what came after the start can be imported, and `info` names it. */
  refresh(): Promise<void>;
  /** Reads code without running it. */
  inspect(code: string): Promise<CodeInspection>;
  /**
   * Tries a reading call beside the cells, which neither wait for it nor see anything of it, held by what holds them.
   * An abort ends it at once, with `unread`.
   *
   * @throws AgentError `python.closed` when the interpreter ends before.
   */
  checkReading(trial: ReadingTrial, signal: AbortSignal): Promise<PythonReading>;
  /**
   * Has the SQL engine behind a variable parse and bind a statement. Nothing runs. To be asked between cells.
   *
   * @param variable Holds a connection of DuckDB or a session of Spark.
   * @param sql Empty to be told the tables.
   * @throws AgentError `python.closed` when the interpreter ends before; the reason of `signal` when it aborts.
   */
  checkSql(variable: string, sql: string, signal: AbortSignal): Promise<SqlCheck>;
  /** Resolves when the process is gone, with the reason in plain words. */
  readonly closed: Promise<string>;
  /** Ends the process. */
  close(): Promise<void>;
  /** Lets go of a process that can go on without this one and be found again; where left out, none can. */
  leave?(): Promise<void>;
}

/** A Python on a cluster that can be found again. */
export interface KernelName {
  /** Address of the cluster's dashboard. */
  readonly cluster: string;
  readonly name: string;
}

export interface InterpreterOptions {
  /** Terminal title, such as the file's name. */
  readonly title: string;
  /** Whose it is, so that the right terminal can be shown later. */
  readonly sessionId?: string;
  /** Where code runs: relative paths are relative to it. */
  readonly workingDirectory: string;
  /** Where pictures and whole outputs go; exists. */
  readonly outputDirectory: string;
  /** Address-space limit, bytes; 0 for none. */
  readonly memoryLimitBytes: number;
  /** What is to hold the code; `off` where left out. Code runs unheld where the system has nothing that could. */
  readonly sandbox?: SandboxMode;
  /** Told why code is not held although it should be, with the way out. */
  readonly onUnheld?: (reason: string) => void;
  /** Told why the terminal could not be had, before a child process is tried. */
  readonly onFallback?: (reason: string) => void;
  /** Absolute paths of the files that code is told to read, read anew before each cell: elsewhere they are to be there, too. */
  readonly files?: () => readonly string[];
  /** Where the person wants it to run, for those who can start it in more places than one; as they do where left out. */
  readonly place?: RunPlace;
  /** The one that the session had, to be found again where it still runs. */
  readonly kernel?: KernelName;
  /** Nothing is started where that one does not run any more. */
  readonly onlyKnown?: boolean;
  /** Told which one the session has now, so that it can be found again. */
  readonly onKernel?: (kernel: KernelName) => void;
  /** Told what is waited for, where a cluster has no room yet. */
  readonly onWaiting?: (reason: string) => void;
}

/** Starts interpreters. */
export interface InterpreterProvider {
  /**
   * @throws AgentError `python.missing` (what was looked for and the ways out), `python.unreachable` (it started and
   * never dialled back), `python.untrusted` (the workspace may not run code), `remote.*` for one on a cluster:
   * `remote.gone` where only the known one was wanted, and has gone.
   */
  start(options: InterpreterOptions, signal: AbortSignal): Promise<Interpreter>;
}
