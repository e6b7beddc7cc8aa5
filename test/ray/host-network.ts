import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Hosts on this machine: network namespaces on one bridge, each with a home and a `/tmp` of its own. */
export interface HostNetwork {
  /** Address of this machine as the hosts see it. */
  readonly address: string;
  /** Adds a host. @returns Its address. */
  add(name: string): string;
  /** Starts a program on a host, as the leader of a group; it ends with {@link close}. */
  start(name: string, command: readonly string[], env: { readonly [name: string]: string }): ChildProcess;
  /** Where a host's home is on this machine. */
  homeOf(name: string): string;
  /** Unplugs a host: nothing reaches it or comes from it. */
  cut(name: string): void;
  /** Plugs it in again. */
  heal(name: string): void;
  /** Kills everything that runs on a host. */
  stop(name: string): void;
  /** Takes everything away. */
  close(): void;
}

/** Addresses of the third block that is set aside for documentation reach nobody: https://www.rfc-editor.org/rfc/rfc5737. */
const subnet = "203.0.113";

/**
 * Makes a network without hosts. What an earlier one of this name has left behind is taken away first.
 *
 * @param folder Holds homes and temporary folders of the hosts.
 * @throws Error where this machine cannot make one: it needs root and the program `ip`.
 */
export function makeHostNetwork(label: string, folder: string): HostNetwork {
  const bridge = `${label}-br`;
  const space = (name: string): string => `${label}-${name}`;
  const names: string[] = [];
  const removeAll = (): void => {
    for (const each of spacesOf(label)) {
      killAll(each);
      tryIp("netns", "del", each);
    }
    // The links of a name space go some time after it.
    linksOf(label).forEach((each) => tryIp("link", "del", each));
    tryIp("link", "del", bridge);
    tryIp("route", "del", "unreachable", `${subnet}.0/24`);
  };
  removeAll();
  // While the bridge is down nothing that is meant for a host may leave this machine.
  ip("route", "add", "unreachable", `${subnet}.0/24`, "metric", "4096");
  ip("link", "add", "name", bridge, "type", "bridge");
  ip("addr", "add", `${subnet}.1/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  return {
    address: `${subnet}.1`,
    add(name) {
      const address = `${subnet}.${names.length + 2}`;
      names.push(name);
      const link = `${label}-${name}`.slice(0, 15);
      ip("netns", "add", space(name));
      ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", space(name));
      ip("link", "set", link, "master", bridge);
      ip("link", "set", link, "up");
      ip("-n", space(name), "addr", "add", `${address}/24`, "dev", "eth0");
      ip("-n", space(name), "link", "set", "eth0", "up");
      ip("-n", space(name), "link", "set", "lo", "up");
      mkdirSync(join(folder, name, "home"), { recursive: true });
      mkdirSync(join(folder, name, "tmp"), { recursive: true });
      return address;
    },
    start(name, command, env) {
      // A mount namespace gives it a /tmp of its own: several hosts on one machine would share their files else.
      const script = 'mount --bind "$0" /tmp && exec "$@"';
      const inside = ["unshare", "-m", "sh", "-c", script, join(folder, name, "tmp"), ...command];
      return spawn("ip", ["netns", "exec", space(name), ...inside], {
        env: { PATH: process.env["PATH"], LANG: "C.UTF-8", HOME: join(folder, name, "home"), ...env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
    },
    homeOf: (name) => join(folder, name, "home"),
    cut: (name) => ip("link", "set", `${label}-${name}`.slice(0, 15), "down"),
    heal: (name) => ip("link", "set", `${label}-${name}`.slice(0, 15), "up"),
    stop: (name) => killAll(space(name)),
    close: removeAll,
  };
}

function spacesOf(label: string): readonly string[] {
  const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
  return (stdout ?? "")
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((name) => name.startsWith(`${label}-`));
}

function linksOf(label: string): readonly string[] {
  const { stdout } = spawnSync("ip", ["-o", "link"], { encoding: "utf8" });
  return Array.from((stdout ?? "").matchAll(/^\d+: ([^:@]+)[:@]/gmu), ([, name = ""]) => name).filter((name) =>
    name.startsWith(`${label}-`),
  );
}

function killAll(space: string): void {
  const { stdout } = spawnSync("ip", ["netns", "pids", space], { encoding: "utf8" });
  for (const pid of (stdout ?? "").split("\n").filter(Boolean)) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync("ip", args, { encoding: "utf8" });
  if (error !== undefined || status !== 0) {
    const reason = error?.message ?? stderr.trim();
    throw new Error(
      `A network of hosts cannot be made here (ip ${args.join(" ")}: ${reason}). It needs Linux, root and the package iproute2.`,
    );
  }
}

function tryIp(...args: readonly string[]): void {
  spawnSync("ip", args);
}
