import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { Duplex } from "node:stream";
import { killTree } from "../base/kill-tree.ts";

/** How an agent's process is started. */
export interface SpawnOptions {
  /** Node, or the editor's own program, which is told to behave like Node. */
  readonly node: string;
  /** The bundle of the child's side. */
  readonly program: string;
  /** Everything that the process sees of an environment; holds no keys. */
  readonly environment: { readonly [name: string]: string };
  readonly workingDirectory: string;
  /** Whether a debugger can attach. */
  readonly inspect: boolean;
}

/** A started process: the pipe of the protocol, and what it prints. */
export interface SpawnedAgent {
  readonly pipe: Duplex;
  /** Resolves with the exit code; `null` where it could not be started. A signal is told as 128 + its number. */
  readonly exited: Promise<number | null>;
  readonly onOutput: (listener: (source: "stdout" | "stderr", chunk: Buffer) => void) => void;
  /** Ends it, and what it has started, at once. */
  readonly kill: () => void;
}

/** @throws Error when the process cannot be started. */
export async function spawnAgent(options: SpawnOptions): Promise<SpawnedAgent> {
  const args = [...(options.inspect ? ["--inspect=127.0.0.1:0"] : []), options.program];
  const child = spawn(options.node, args, {
    cwd: options.workingDirectory,
    env: { ...options.environment, ELECTRON_RUN_AS_NODE: "1" },
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  const exited = exitOf(child);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pipe = child.stdio[3];
  if (!(pipe instanceof Duplex)) {
    child.kill("SIGKILL");
    throw new TypeError("The process has no pipe.");
  }

  return {
    pipe,
    exited,
    onOutput: (listener) => {
      child.stdout?.on("data", (chunk: Buffer) => listener("stdout", chunk));
      child.stderr?.on("data", (chunk: Buffer) => listener("stderr", chunk));
    },
    kill: () => killTree(child),
  };
}

/** How long after its end the last output of a process is awaited, milliseconds. */
const lastOutputMs = 300;

/** Resolves when the process has ended and what it printed has been read; what it had started is ended too. */
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", (code, signal) => {
      killTree(child);
      const end = (): void => resolve(code ?? (signal === null ? null : 128 + constants.signals[signal]));
      child.once("close", end);
      setTimeout(end, lastOutputMs).unref();
    });
  });
}
