import { randomInt } from "node:crypto";
import type { Duplex } from "node:stream";
import { AgentError } from "../base/errors.ts";
import type { CellOutput, CellStatus } from "../protocol/cell-output.ts";
import type {
  CellRequest,
  CellResult,
  CodeInspection,
  HeldBy,
  Interpreter,
  InterpreterInfo,
  PythonReading,
  ReadingTrial,
  SqlCheck,
} from "../ports/interpreter.ts";
import type { LaunchedProcess } from "../ports/python-launcher.ts";
import { abortReason } from "./abort-reason.ts";
import { CellClock } from "./cell-clock.ts";
import { describeEnding, type Ending } from "./ending.ts";
import { PendingAnswers } from "./pending-answers.ts";
import { LineReader } from "./line-reader.ts";
import { encodeLine, type Hello, type FromPython, fromPythonSchema, type ToPython } from "./wire.ts";

/** How long an interrupted cell may take to stop before its process is killed, milliseconds. */
export const INTERRUPT_GRACE_MS = 2000;
/** How long a process may take to leave after goodbye, milliseconds. */
export const CLOSE_GRACE_MS = 2000;
/** How long after a lost connection the exit code is awaited, milliseconds. */
export const EXIT_CODE_WAIT_MS = 1000;

/** What is said and heard; `rest` is what had come behind the greeting. */
export interface InterpreterConnection {
  readonly socket: Duplex;
  readonly hello: Hello;
  readonly rest: Buffer;
}

/** Answers to questions of an earlier connection, which may come again, answer none of this one's. */
const firstQuestion = (): number => randomInt(2 ** 40);

/** The cell that runs. */
interface RunningCell {
  readonly request: CellRequest;
  readonly startedAt: number;
  readonly clock: CellClock;
  readonly settle: (result: CellResult) => void;
  interrupted: "stop" | "timeout" | undefined;
  killTimer: NodeJS.Timeout | undefined;
}

/** An interpreter over an accepted connection and the process behind it. Cells that are asked for at once wait in line. */
export class RunningInterpreter implements Interpreter {
  readonly closed: Promise<string>;
  private readonly connection: InterpreterConnection;
  private readonly launched: LaunchedProcess;
  private readonly sandbox: HeldBy;
  private readonly lines = new LineReader();
  private readonly inspections = new PendingAnswers<CodeInspection>(firstQuestion());
  private readonly resolveClosed: (reason: string) => void;
  private readonly refreshes = new PendingAnswers<InterpreterInfo["packages"]>(firstQuestion());
  private readonly readings = new PendingAnswers<PythonReading>(firstQuestion());
  private readonly sqlChecks = new PendingAnswers<SqlCheck>(firstQuestion());
  private refreshed: InterpreterInfo["packages"] | undefined;
  private chineseFont: string | null = null;
  private cause: Ending["cause"] = "itself";
  private ended: string | undefined;
  private cell: RunningCell | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  /** @param sandbox What holds the process. */
  constructor(connection: InterpreterConnection, launched: LaunchedProcess, sandbox: HeldBy) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    this.resolveClosed = resolve;
    this.connection = connection;
    this.launched = launched;
    this.sandbox = sandbox;
    this.listen();
  }

  get info(): InterpreterInfo {
    const { executable, version, pid, memoryBytes = 0 } = this.connection.hello;
    const packages = this.refreshed ?? this.connection.hello.packages;
    const { chineseFont, sandbox } = this;
    const { place } = this.launched;
    const info = { executable, version, packages, pid, chineseFont, place, sandbox };
    return memoryBytes > 0 ? { ...info, memoryBytes } : info;
  }

  async run(request: CellRequest, signal: AbortSignal): Promise<CellResult> {
    const turn = this.queue.then(() => this.runNow(request, signal));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  async inspect(code: string): Promise<CodeInspection> {
    this.assertOpen();
    const { id, answer } = this.inspections.open();
    this.send({ t: "inspect", id, code });
    return answer;
  }

  async refresh(): Promise<void> {
    this.assertOpen();
    const { id, answer } = this.refreshes.open();
    this.send({ t: "refresh", id });
    this.refreshed = await answer;
  }

  async checkReading(trial: ReadingTrial, signal: AbortSignal): Promise<PythonReading> {
    this.assertOpen();
    const { id, answer } = this.readings.open();
    this.send({ t: "check-reading", id, ...trial });
    const stop = (): void => this.send({ t: "stop-check", id });
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) {
      stop();
    }
    try {
      return await answer;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async checkSql(variable: string, sql: string, signal: AbortSignal): Promise<SqlCheck> {
    this.assertOpen();
    signal.throwIfAborted();
    const { id, answer } = this.sqlChecks.open();
    this.send({ t: "check-sql", id, variable, sql });
    return await unlessAborted(answer, signal);
  }

  async close(): Promise<void> {
    if (this.ended === undefined) {
      this.cause = "closed";
      this.send({ t: "close" });
      this.connection.socket.end();
      const timer = setTimeout(() => this.launched.kill(), CLOSE_GRACE_MS);
      await this.closed;
      clearTimeout(timer);
    }
  }

  private runNow(request: CellRequest, signal: AbortSignal): Promise<CellResult> {
    this.assertOpen();
    if (signal.aborted) {
      return Promise.resolve({ status: "interrupted", durationMs: 0 });
    }
    return new Promise((resolve) => {
      const onAbort = (): void => this.interrupt(cell, "stop");
      const cell: RunningCell = {
        request,
        startedAt: performance.now(),
        clock: new CellClock(request.timeLimitMs, () => this.interrupt(cell, "timeout")),
        settle: (result) => {
          signal.removeEventListener("abort", onAbort);
          cell.clock.pause();
          clearTimeout(cell.killTimer);
          this.cell = undefined;
          resolve(result);
        },
        interrupted: undefined,
        killTimer: undefined,
      };
      this.cell = cell;
      signal.addEventListener("abort", onAbort, { once: true });
      cell.clock.resume();
      const number = request.number === undefined ? {} : { number: request.number };
      this.send({ t: "run", cell: request.cellId, code: request.code, ...number });
    });
  }

  private interrupt(cell: RunningCell, reason: "stop" | "timeout"): void {
    if (this.cell !== cell || cell.interrupted !== undefined) {
      return;
    }
    cell.interrupted = reason;
    this.send({ t: "interrupt", cell: cell.request.cellId, reason });
    this.killLater(cell);
  }

  /** One that could not hear of the interrupt yet has not ignored it. */
  private killLater(cell: RunningCell): void {
    const wasReachable = this.isReachable();
    cell.killTimer = setTimeout(() => {
      if (wasReachable && this.isReachable()) {
        this.cause = "ignored-interrupt";
        this.launched.kill();
      } else {
        this.killLater(cell);
      }
    }, INTERRUPT_GRACE_MS);
  }

  private isReachable(): boolean {
    return this.launched.isReachable?.() ?? true;
  }

  private listen(): void {
    const { socket, rest } = this.connection;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => this.receive(chunk));
    socket.once("close", () => void this.finish());
    void this.launched.exited.then(() => socket.destroy());
    if (rest.length > 0) {
      this.receive(rest.toString("utf8"));
    }
    socket.resume();
  }

  private receive(chunk: string): void {
    let messages: readonly FromPython[];
    try {
      messages = this.lines.push(chunk).map((line) => fromPythonSchema.parse(JSON.parse(line)));
    } catch {
      this.cause = "protocol";
      this.launched.kill();
      return;
    }
    for (const message of joinText(messages)) {
      this.handle(message);
    }
  }

  private handle(message: FromPython): void {
    const cell = this.cell;
    switch (message.t) {
      case "output":
        if (cell?.request.cellId === message.cell) {
          cell.request.onOutput(message.output);
        }
        return;
      case "waiting":
        if (message.waiting) {
          cell?.clock.pause();
        } else {
          cell?.clock.resume();
        }
        return;
      case "font":
        this.chineseFont = message.name;
        return;
      case "done":
        if (cell?.request.cellId === message.cell) {
          cell.settle({ status: statusOf(message.status, cell.interrupted), durationMs: message.durationMs });
        }
        return;
      default:
        this.settle(message);
    }
  }

  /** Answers what was asked beside the cells. */
  private settle(message: Extract<FromPython, { t: "refreshed" | "inspection" | "reading" | "sql-check" }>): void {
    switch (message.t) {
      case "refreshed":
        return this.refreshes.settle(message.id, message.packages);
      case "inspection":
        return this.inspections.settle(message.id, message.inspection);
      case "reading":
        return this.readings.settle(message.id, message.reading);
      case "sql-check":
        return this.sqlChecks.settle(message.id, message.check);
    }
  }

  /** The connection is gone: explains why, to the running cell and to whoever waits. */
  private async finish(): Promise<void> {
    const timer = new AbortController();
    const exitCode = await Promise.race([this.launched.exited, pauseFor(EXIT_CODE_WAIT_MS, timer.signal)]);
    timer.abort();
    this.launched.kill();
    const explanation = this.launched.explanation?.();
    const { memoryLimited, memoryBytes } = this.connection.hello;
    const memoryLimitBytes = memoryLimited ? memoryBytes : undefined;
    const tail = this.launched.tail();
    const reason = describeEnding({ exitCode, cause: this.cause, tail, explanation, memoryLimitBytes });
    this.ended = reason;
    const cell = this.cell;
    if (cell !== undefined) {
      cell.request.onOutput({ type: "error", name: "InterpreterExited", message: reason, traceback: "" });
      cell.settle({ status: "exited", durationMs: performance.now() - cell.startedAt });
    }
    this.inspections.fail(closedError(reason));
    this.refreshes.fail(closedError(reason));
    this.readings.fail(closedError(reason));
    this.sqlChecks.fail(closedError(reason));
    this.resolveClosed(reason);
  }

  private send(message: ToPython): void {
    if (this.connection.socket.writable) {
      this.connection.socket.write(encodeLine(message));
    }
  }

  private assertOpen(): void {
    if (this.ended !== undefined || this.cause !== "itself") {
      throw closedError(this.ended ?? describeEnding({ exitCode: undefined, cause: this.cause, tail: "" }));
    }
  }
}

function closedError(reason: string): AgentError {
  return new AgentError("python.closed", { reason }, reason);
}

function statusOf(status: "ok" | "error" | "interrupted", asked: "stop" | "timeout" | undefined): CellStatus {
  return status === "interrupted" && asked === "timeout" ? "timeout" : status;
}

/** Joins neighbouring text of one stream, so that a chatty cell makes few calls. */
function joinText(messages: readonly FromPython[]): readonly FromPython[] {
  const joined: FromPython[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const merged = last === undefined ? undefined : mergeText(last, message);
    if (merged === undefined) {
      joined.push(message);
    } else {
      joined[joined.length - 1] = merged;
    }
  }
  return joined;
}

function mergeText(left: FromPython, right: FromPython): FromPython | undefined {
  if (left.t !== "output" || right.t !== "output" || left.cell !== right.cell) {
    return undefined;
  }
  const before: CellOutput = left.output;
  const after: CellOutput = right.output;
  if (before.type !== "text" || after.type !== "text" || before.stream !== after.stream) {
    return undefined;
  }
  return { ...left, output: { ...before, text: before.text + after.text } };
}

/** An answer that nobody waits for any more may still come. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(abortReason(signal));
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function pauseFor(durationMs: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), durationMs);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
