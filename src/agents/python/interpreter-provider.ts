import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentError, messageOf } from "../base/errors.ts";
import type { HeldBy, Interpreter, InterpreterOptions, InterpreterProvider } from "../ports/interpreter.ts";
import type { LaunchedProcess, PythonLauncher } from "../ports/python-launcher.ts";
import { abortReason } from "./abort-reason.ts";
import { type Accepted, type Doorway, openDoorway } from "./connection.ts";
import { RunningInterpreter } from "./running-interpreter.ts";
import { type Confinement, confine } from "./sandbox/confinement.ts";
import { type SandboxTool, findSandbox } from "./sandbox/find-sandbox.ts";

/** How long a started Python may take to dial back, milliseconds. */
export const CONNECT_TIMEOUT_MS = 15_000;

export interface InterpreterProviderParts {
  /**
   * The executable to use, looked for anew at every start.
   *
   * @throws AgentError `python.missing`, `python.untrusted`
   */
  readonly python: (signal: AbortSignal) => Promise<string>;
  /** Tried in this order: the terminal, then a child process. Not empty. */
  readonly launchers: readonly PythonLauncher[];
  /** Absolute path of the folder `byzer_interpreter`. */
  readonly programDirectory: string;
  /** What this system holds code with; found by trying where left out. */
  readonly sandbox?: () => Promise<SandboxTool>;
  /** {@link CONNECT_TIMEOUT_MS} where left out. */
  readonly connectTimeoutMs?: number;
}

/** Starts the interpreter program and waits until it has dialled back. Every interpreter has a port and a token of its own. */
export function createInterpreterProvider(parts: InterpreterProviderParts): InterpreterProvider {
  return {
    async start(options, signal) {
      const executable = await parts.python(signal);
      return startWithFirst(parts, parts.launchers, { executable, options }, signal);
    },
  };
}

async function startWithFirst(
  parts: InterpreterProviderParts,
  [launcher, ...others]: readonly PythonLauncher[],
  start: Omit<Start, "launcher">,
  signal: AbortSignal,
): Promise<Interpreter> {
  if (launcher === undefined) {
    throw new TypeError("There is no launcher.");
  }
  try {
    return await startWith(parts, { ...start, launcher }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (others.length === 0) {
      throw error;
    }
    start.options.onFallback?.(messageOf(error));
    return startWithFirst(parts, others, start, signal);
  }
}

interface Start {
  readonly launcher: PythonLauncher;
  readonly executable: string;
  readonly options: InterpreterOptions;
}

async function startWith(parts: InterpreterProviderParts, start: Start, signal: AbortSignal): Promise<Interpreter> {
  signal.throwIfAborted();
  const confinement = await confinementFor(parts, start);
  const doorway = await openDoorway(confinement?.socket);
  const folder = await mkdtemp(join(confinement?.temporary ?? tmpdir(), "byzer-door-"));
  const tokenFile = join(folder, "token");
  let launched: LaunchedProcess | undefined;
  try {
    await writeFile(tokenFile, doorway.token, { mode: 0o600 });
    launched = await launch(parts, start, { doorway, confinement, tokenFile });
    const connection = await dialledBack(parts, { ...start, doorway, launched }, signal);
    if (confinement !== undefined) {
      void launched.exited.then(() => confinement.release());
    }
    return new RunningInterpreter(connection, launched, heldBy(start, connection, confinement));
  } catch (error) {
    launched?.kill();
    confinement?.release();
    throw error;
  } finally {
    doorway.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns `undefined` where nothing is to hold code, or nothing can. */
async function confinementFor(parts: InterpreterProviderParts, start: Start): Promise<Confinement | undefined> {
  const { workingDirectory, outputDirectory, sandbox = "off", onUnheld } = start.options;
  if (sandbox === "off") {
    return undefined;
  }
  const tool = await (parts.sandbox ?? findSandbox)();
  if (tool.kind === "none") {
    onUnheld?.(tool.reason);
    return undefined;
  }
  const { executable } = start;
  const { programDirectory } = parts;
  return confine({ mode: sandbox, tool, executable, programDirectory, workingDirectory, outputDirectory });
}

/** What really holds, as the process itself has found. */
function heldBy(start: Start, { hello }: Accepted, confinement: Confinement | undefined): HeldBy {
  if (confinement === undefined) {
    return { mode: "off", folders: [] };
  }
  const problem = hello.sandbox?.problem ?? "the interpreter did not answer for it";
  if (problem !== "") {
    start.options.onUnheld?.(`${problem}. ${confinement.wayOut}`);
    return { mode: "off", folders: [] };
  }
  return { mode: confinement.mode, folders: confinement.folders };
}

function launch(parts: InterpreterProviderParts, start: Start, way: Way): Promise<LaunchedProcess> {
  const { options } = start;
  const { doorway, confinement } = way;
  const plain = { executable: start.executable, args: ["-X", "utf8", parts.programDirectory] };
  return start.launcher.launch({
    title: options.title,
    ...(options.sessionId === undefined ? {} : { sessionId: options.sessionId }),
    ...(confinement?.wrap(plain, doorway.port) ?? plain),
    env: {
      ...confinement?.env,
      BYZER_INTERPRETER_PORT: String(doorway.port),
      BYZER_INTERPRETER_SOCKET: confinement?.socket ?? "",
      BYZER_INTERPRETER_TOKEN_FILE: way.tokenFile,
      BYZER_INTERPRETER_TITLE: options.title,
      BYZER_INTERPRETER_OUTPUT: options.outputDirectory,
      BYZER_INTERPRETER_MEMORY_LIMIT: String(options.memoryLimitBytes),
    },
    workingDirectory: options.workingDirectory,
  });
}

/** How the process gets back here, and what holds it. */
interface Way {
  readonly doorway: Doorway;
  readonly confinement: Confinement | undefined;
  /** Holds the token: an environment and a command line can be read by others. */
  readonly tokenFile: string;
}

interface Waiting extends Start {
  readonly doorway: Doorway;
  readonly launched: LaunchedProcess;
}

function dialledBack(parts: InterpreterProviderParts, waiting: Waiting, signal: AbortSignal): Promise<Accepted> {
  const timeoutMs = parts.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(unreachable(waiting, reason));
    const timer = setTimeout(() => fail(`did not dial back within ${timeoutMs / 1000} seconds`), timeoutMs);
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    const settled = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    const ended = async (): Promise<void> => {
      const exitCode = await waiting.launched.exited;
      settled();
      fail(`ended ${exitCode === undefined ? "" : `with exit code ${exitCode} `}before it was ready`);
    };
    const accepted = async (): Promise<void> => {
      const connection = await waiting.doorway.accepted;
      settled();
      resolve(connection);
    };
    void ended();
    void accepted();
  });
}

function unreachable(waiting: Waiting, reason: string): AgentError {
  const tail = waiting.launched.tail().trim();
  const where = waiting.launched.place === "terminal" ? "in the terminal " : "";
  const said = tail === "" ? "" : ` It said: ${tail.slice(-1000)}`;
  const message = `${waiting.executable} was started ${where}and ${reason}.${said}`;
  return new AgentError("python.unreachable", { executable: waiting.executable, tail }, message);
}
