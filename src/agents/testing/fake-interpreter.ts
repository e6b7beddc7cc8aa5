import { AgentError } from "../base/errors.ts";
import type {
  CellRequest,
  CellResult,
  CodeInspection,
  HeldBy,
  Interpreter,
  InterpreterInfo,
  InterpreterOptions,
  InterpreterProvider,
  PythonReading,
  ReadingTrial,
  SqlCheck,
} from "../ports/interpreter.ts";
import type { CellOutput, CellStatus } from "../protocol/cell-output.ts";

/** What is expected of one cell, and what comes of it. */
export interface ScriptedCell {
  /** What the code must contain; any code where left out. */
  readonly code?: string;
  /** Printed to stdout, before the other outputs. */
  readonly print?: string;
  readonly outputs?: readonly CellOutput[];
  /** `ok` where left out. `exited` ends the interpreter. */
  readonly status?: CellStatus;
  /** Awaited after the outputs; an abort meanwhile ends the cell as `interrupted`. */
  readonly until?: Promise<unknown>;
}

/** How the fake Python is. */
export interface FakePythonOptions {
  /** pandas and matplotlib where left out. */
  readonly packages?: { readonly [name: string]: string };
  /** What reading the code tells; nothing remarkable where left out. */
  readonly inspect?: (code: string) => Partial<CodeInspection>;
  /** Why the terminal could not be had. */
  readonly fallback?: string;
  /** What comes of trying a reading call; nothing can be said where left out. */
  readonly reads?: (trial: ReadingTrial, signal: AbortSignal) => PythonReading | Promise<PythonReading>;
  /** What checking SQL tells; there is no connection where left out. */
  readonly checksSql?: (variable: string, sql: string) => SqlCheck;
  /** What is installed when it is looked again. */
  readonly refreshed?: () => { readonly [name: string]: string };
  /** Why nothing holds the code. */
  readonly unheld?: string;
  /** What holds the code; nothing where left out. */
  readonly sandbox?: HeldBy;
  /** A child process where left out. */
  readonly place?: InterpreterInfo["place"];
  /** What it may use of memory; nobody knows where left out. */
  readonly memoryBytes?: number;
  /** Awaited by every start; an abort meanwhile rejects. */
  readonly startsAfter?: () => Promise<unknown>;
  readonly startError?: AgentError;
}

/** A Python that runs from a script. */
export interface FakePython extends InterpreterProvider {
  /** The code of every cell that ran, in order. */
  readonly ran: readonly string[];
  /** The options of every start. */
  readonly starts: readonly InterpreterOptions[];
  /** Appends to the script. */
  expect(...cells: readonly ScriptedCell[]): void;
  /** Ends the running process, as a person who closes the terminal does. */
  end(): void;
  /** @throws Error when an unexpected cell ran, or a cell is left over. */
  assertFinished(): void;
}

/** A Python for tests: each cell takes the next step of the script, and a cell that was not expected is an error. */
export function createFakePython(options: FakePythonOptions = {}): FakePython {
  const script: ScriptedCell[] = [];
  const ran: string[] = [];
  const starts: InterpreterOptions[] = [];
  const unexpected: string[] = [];
  let ending: ((reason: string) => void) | undefined;
  const next = (code: string): ScriptedCell => {
    ran.push(code);
    const cell = script.shift();
    if (cell === undefined || (cell.code !== undefined && !code.includes(cell.code))) {
      unexpected.push(code);
      throw new Error(`This cell was not expected:\n${code}`);
    }

    return cell;
  };
  return {
    ran,
    starts,
    expect: (...cells) => void script.push(...cells),
    end: () => ending?.("The process has ended."),
    async start(given, signal) {
      starts.push(given);
      if (options.fallback !== undefined) {
        given.onFallback?.(options.fallback);
      }

      if (options.unheld !== undefined) {
        given.onUnheld?.(options.unheld);
      }

      await untilAborted(options.startsAfter?.() ?? Promise.resolve(), signal);
      if (options.startError !== undefined) {
        throw options.startError;
      }

      const { promise: closed, resolve } = Promise.withResolvers<string>();
      let hasEnded = false;
      const end = (reason: string) => {
        hasEnded = true;
        resolve(reason);
      };
      ending = end;
      return fakeInterpreter(options, { next, closed, end, hasEnded: () => hasEnded });
    },
    assertFinished() {
      if (unexpected.length > 0 || script.length > 0) {
        throw new Error(`Unexpected cells: ${JSON.stringify(unexpected)}; ${script.length} expected ones did not run.`);
      }
    },
  };
}

function fakeInterpreter(
  { packages, inspect, sandbox, place, memoryBytes, refreshed, reads, checksSql }: FakePythonOptions,
  life: {
    readonly next: (code: string) => ScriptedCell;
    readonly closed: Promise<string>;
    readonly end: (reason: string) => void;
    readonly hasEnded: () => boolean;
  },
): Interpreter {
  let packagesNow = packages ?? info.packages;
  return {
    get info() {
      const now = { ...info, packages: packagesNow, sandbox: sandbox ?? info.sandbox, place: place ?? info.place };
      return memoryBytes === undefined ? now : { ...now, memoryBytes };
    },
    closed: life.closed,
    close: () => Promise.resolve(life.end("Closed.")),
    refresh: async () => {
      packagesNow = refreshed?.() ?? packagesNow;
    },
    inspect: (code) => Promise.resolve({ syntaxError: null, imports: [], effects: [], ...inspect?.(code) }),
    checkReading: async (trial, signal) => (await reads?.(trial, signal)) ?? { status: "unread", reason: "made up" },
    checkSql: (variable, sql) => Promise.resolve(checksSql?.(variable, sql) ?? { status: "absent" }),
    async run(request, signal) {
      if (life.hasEnded()) {
        throw new AgentError("python.closed", { reason: "ended" }, "Python has ended.");
      }

      const result = await runCell(life.next(request.code), request, signal);
      if (result.status === "exited") {
        life.end("The cell ended the process.");
      }

      return result;
    },
  };
}

async function runCell(cell: ScriptedCell, request: CellRequest, signal: AbortSignal): Promise<CellResult> {
  const printed: readonly CellOutput[] =
    cell.print === undefined ? [] : [{ type: "text", stream: "stdout", text: cell.print }];
  for (const output of [...printed, ...(cell.outputs ?? [])]) {
    request.onOutput(output);
  }

  try {
    await untilAborted(cell.until ?? Promise.resolve(), signal);
  } catch (error) {
    if (signal.aborted) {
      return { status: "interrupted", durationMs: 3 };
    }

    throw error;
  }

  return { status: cell.status ?? "ok", durationMs: 3 };
}

async function untilAborted(gate: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([gate, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

const info: InterpreterInfo = {
  executable: "/usr/bin/python3",
  version: "3.11.7",
  packages: { pandas: "2.2.0", matplotlib: "3.8.0" },
  chineseFont: null,
  pid: 1,
  place: "process",
  sandbox: { mode: "off", folders: [] },
};
