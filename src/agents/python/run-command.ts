import { spawn } from "node:child_process";
import { messageOf } from "../base/errors.ts";
import { abortReason } from "./abort-reason.ts";
import type { Environment } from "./clean-environment.ts";

const TAIL_CHARS = 8 * 1024;

export interface Command {
  readonly executable: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  /** Milliseconds; 0 for none. */
  readonly timeoutMs: number;
  /** Where it runs; here where left out. */
  readonly workingDirectory?: string;
  /** Called with every line of both streams. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** `null`: it could not be started, or was ended by a signal; `output` says which. */
  readonly exitCode: number | null;
  /** The last 8,192 characters of both streams. */
  readonly output: string;
}

/** Runs a program to its end, without a shell and without input. Rejects only when `signal` aborts. */
export function runCommand(command: Command, signal: AbortSignal): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.executable, command.args, {
      env: { ...command.environment },
      ...(command.workingDirectory === undefined ? {} : { cwd: command.workingDirectory }),
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      signal,
      killSignal: "SIGKILL",
    });
    // Not the option of `spawn`: its timer outlives a program that could not be started, and keeps this process alive.
    const timer = command.timeoutMs > 0 ? setTimeout(() => child.kill("SIGKILL"), command.timeoutMs) : undefined;
    let output = "";
    let partial = "";
    const take = (text: string): void => {
      output = (output + text).slice(-TAIL_CHARS);
      const lines = (partial + text).split(/\r?\n/);
      partial = lines.pop() ?? "";
      lines.forEach((line) => command.onLine?.(line));
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", take);
    }
    child.once("error", (error) => {
      clearTimeout(timer);
      if (signal.aborted) {
        reject(abortReason(signal));
      } else {
        resolve({ exitCode: null, output: messageOf(error) });
      }
    });
    child.once("close", (exitCode, ended) => {
      clearTimeout(timer);
      const reason = ended === null ? "" : `It was ended by ${ended}${command.timeoutMs > 0 ? " (too slow)" : ""}.`;
      resolve({ exitCode, output: `${output}${reason}` });
    });
  });
}
