import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** The number of the process that has started another. @throws Error where that one has ended. */
export function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** The actor that owns the program of a child: between them stands what ends the one with the other. */
export function actorOf(program: number): number {
  return parentOf(parentOf(program));
}

/** The processes whose command line holds a text. */
export function processesOf(text: string): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && textOf(pid, "cmdline").includes(text));
}

/** The environment of a process as it was started, one `NAME=value` after the other; none where it has ended. */
export function environmentOf(pid: number): string {
  return textOf(pid, "environ");
}

/** Ends a process without a word. */
export function kill(pid: number): void {
  process.kill(pid, "SIGKILL");
}

/** Resolves when a process has ended. @throws Error after a minute. */
export async function untilEnded(pid: number): Promise<void> {
  const end = performance.now() + 60_000;
  while (textOf(pid, "cmdline") !== "") {
    if (performance.now() > end) {
      throw new Error(`Process ${pid} still runs: ${textOf(pid, "cmdline")}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- looked at again until it has ended
    await pause(50);
  }
}

function textOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}
