import { type ChildProcess, spawn } from "node:child_process";

/** Ends a process that leads a group of its own, and whatever it has started. What is gone already is passed over. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }

  if (process.platform === "win32") {
    // There is no group: nothing of a process that has ended can be found, and its number may be another's by now.
    if (child.exitCode === null && child.signalCode === null) {
      const kill = spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
      kill.on("error", () => child.kill("SIGKILL"));
    }

    return;
  }

  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
