import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostNetwork, runToEnd, startLogged } from "./host-network.ts";

/** Says of a program, in its environment and in that of all it starts, on which host it runs. */
const mark = "BYZER_TEST_HOST";

/**
 * Hosts that are this machine, told apart by their loopback addresses: where no network can be made. They share its
 * files, and none can be unplugged.
 *
 * @param folder Holds homes and logs. @param hosts The names of those that stand, in their order. @param uncuttable Why.
 */
export function oneHost(folder: string, hosts: readonly string[], uncuttable: string): HostNetwork {
  const names = [...hosts];
  const logOf = (name: string): string => join(folder, name, "log.txt");
  const markOf = (name: string): string => `${folder}/${name}`;
  const refuse = (): never => {
    throw new Error(`No host has a link of its own: ${uncuttable}`);
  };
  return {
    address: "127.0.0.1",
    uncuttable,
    add(name) {
      names.push(name);
      mkdirSync(join(folder, name, "home"), { recursive: true });
      return `127.0.0.${names.length}`;
    },
    start(name, command, env) {
      const marks = { [mark]: markOf(name), TMPDIR: tmpdir() };
      return startLogged(command, { HOME: join(folder, name, "home"), ...env, ...marks }, logOf(name));
    },
    run: (name, command, env) => runToEnd(command, { HOME: join(folder, name, "home"), ...env }),
    homeOf: (name) => join(folder, name, "home"),
    logOf,
    cut: refuse,
    heal: refuse,
    limit: refuse,
    stop: (name) => killMarked(`${mark}=${markOf(name)}`),
    close: () => names.forEach((name) => killMarked(`${mark}=${markOf(name)}`)),
  };
}

/** Kills what has an entry in its environment; again, as long as some of it starts more. */
function killMarked(entry: string): void {
  for (let round = 0; round < 5; round += 1) {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name) && environmentOf(name).includes(entry));
    for (const pid of pids) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}
