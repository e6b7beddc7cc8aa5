import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { AgentError, messageOf } from "../base/errors.ts";
import { killTree } from "../base/kill-tree.ts";
import type { LaunchedProcess, LaunchRequest, PythonLauncher } from "../ports/python-launcher.ts";
import { cleanEnvironment, type Environment } from "./clean-environment.ts";

const TAIL_CHARS = 8 * 1024;

/**
 * Starts programs as child processes, each the leader of its own group, so that what it starts ends with it.
 * `environment` is scrubbed of secrets first. Exit by a signal is told as 128 + its number, as shells do.
 */
export function createChildProcessLauncher(environment: Environment = process.env): PythonLauncher {
  return {
    async launch(request: LaunchRequest): Promise<LaunchedProcess> {
      const child = spawn(request.executable, request.args, {
        cwd: request.workingDirectory,
        env: { ...cleanEnvironment(environment), ...request.env },
        detached: process.platform !== "win32",
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
      });
      const tail = collectTail(child);
      const exited = exitOf(child);
      await started(child, request);
      return {
        place: "process",
        interrupt: () => signalGroup(child, "SIGINT"),
        kill: () => killTree(child),
        exited,
        tail,
      };
    },
  };
}

function started(child: ChildProcess, request: LaunchRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      const reason = messageOf(error);
      const message = `${request.executable} could not be started: ${reason}`;
      reject(new AgentError("python.unusable", { executable: request.executable, reason }, message, error));
    });
  });
}

function exitOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("exit", (code, signal) => {
      resolve(code ?? (signal === null ? undefined : 128 + constants.signals[signal]));
    });
  });
}

function collectTail(child: ChildProcess): () => string {
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", (text: string) => {
      tail = (tail + text).slice(-TAIL_CHARS);
    });
  }
  return () => tail;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
