import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Hosts on this machine, each with a home of its own. */
export interface HostNetwork {
  /** Address of this machine as the hosts see it. */
  readonly address: string;
  /** Why no host can be unplugged; `null` where each can. */
  readonly uncuttable: string | null;
  /** Adds a host. @returns Its address. */
  add(name: string): string;
  /** Starts a program on a host, as the leader of a group; it ends with {@link close}. What it prints goes to {@link logOf}. */
  start(name: string, command: readonly string[], env: { readonly [name: string]: string }): ChildProcess;
  /** Runs a program on a host to its end. */
  run(name: string, command: readonly string[], env: { readonly [name: string]: string }): Promise<HostResult>;
  /** Where a host's home is on this machine. */
  homeOf(name: string): string;
  /** Where what its programs print is on this machine. */
  logOf(name: string): string;
  /** Unplugs a host, or this machine as `window`: nothing reaches it or comes from it. */
  cut(name: string): void;
  /** Plugs it in again. */
  heal(name: string): void;
  /** Gives what comes to a host a speed, in Mbit/s; `null`: none, as through memory. */
  limit(name: string, speed: number | null): void;
  /**
   * Kills everything that runs on a host, and removes what Ray has in its `/tmp`, as on a machine that is started again:
   * code that joins Ray takes the head's word for the name of its own node's socket, since it sees the processes of all
   * hosts, and a second socket beside a dead one would have another name.
   */
  stop(name: string): void;
  /** Takes everything away. */
  close(): void;
}

/** How a program on a host has ended. */
export interface HostResult {
  readonly code: number;
  readonly output: string;
}

/** What a network is called, and the first three numbers of its addresses: two that stand at a time differ in both. */
export interface NetworkPlace {
  /** Short: it begins the names of links, which have 15 letters at most. */
  readonly label: string;
  /** Of a block that is set aside, so that its addresses reach nobody: https://www.rfc-editor.org/rfc/rfc5737. */
  readonly subnet: string;
}

/**
 * Makes a network without hosts: each is to be a network namespace on one bridge, with a `/tmp` of its own. What an
 * earlier network of this name has left behind is taken away first.
 *
 * @param folder Holds homes, logs and temporary folders of the hosts.
 * @throws Error where this machine cannot make one: it needs root and the program `ip`.
 */
export function makeHostNetwork({ label, subnet }: NetworkPlace, folder: string): HostNetwork {
  const network = hostNetworkAt({ label, subnet }, folder);
  network.close();
  const [bridge, plug, socket] = [`${label}-br`, `${label}-w0`, linkOf(label, "window")];
  // While this machine is unplugged nothing that is meant for a host may leave it.
  ip("route", "add", "unreachable", `${subnet}.0/24`, "metric", "4096");
  ip("link", "add", "name", bridge, "type", "bridge");
  ip("link", "set", bridge, "up");
  ip("link", "add", socket, "type", "veth", "peer", "name", plug);
  ip("link", "set", socket, "master", bridge);
  ip("link", "set", socket, "up");
  ip("addr", "add", `${subnet}.1/24`, "dev", plug);
  ip("link", "set", plug, "up");
  return network;
}

/** A network that stands: for a process that has not made it. @param hosts The names of its hosts, in their order. */
export function hostNetworkAt(
  { label, subnet }: NetworkPlace,
  folder: string,
  hosts: readonly string[] = [],
): HostNetwork {
  const space = (name: string): string => `${label}-${name}`;
  const names = [...hosts];
  const homeOf = (name: string): string => join(folder, name, "home");
  const logOf = (name: string): string => join(folder, name, "log.txt");
  const inside = (name: string, command: readonly string[]): readonly string[] => {
    // A mount namespace gives it a /tmp of its own: several hosts on one machine would share their files else. A working
    // copy that lies below /tmp is there all the same.
    const below = process.cwd().startsWith("/tmp/") ? process.cwd().slice("/tmp".length) : "";
    const kept = below === "" ? "" : 'mkdir -p "$0$1" && mount --bind "/tmp$1" "$0$1" && ';
    const script = `${kept}mount --rbind "$0" /tmp && shift && exec "$@"`;
    const mounted = ["unshare", "-m", "sh", "-c", script, join(folder, name, "tmp"), below, ...command];
    return ["ip", "netns", "exec", space(name), ...mounted];
  };
  return {
    address: `${subnet}.1`,
    uncuttable: null,
    add(name) {
      const address = `${subnet}.${names.length + 2}`;
      names.push(name);
      const link = linkOf(label, name);
      ip("netns", "add", space(name));
      ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", space(name));
      ip("link", "set", link, "master", `${label}-br`);
      ip("link", "set", link, "up");
      ip("-n", space(name), "addr", "add", `${address}/24`, "dev", "eth0");
      ip("-n", space(name), "link", "set", "eth0", "up");
      ip("-n", space(name), "link", "set", "lo", "up");
      mkdirSync(homeOf(name), { recursive: true });
      mkdirSync(join(folder, name, "tmp"), { recursive: true });
      return address;
    },
    start: (name, command, env) => startLogged(inside(name, command), { HOME: homeOf(name), ...env }, logOf(name)),
    run: (name, command, env) => runToEnd(inside(name, command), { HOME: homeOf(name), ...env }),
    homeOf,
    logOf,
    cut: (name) => ip("link", "set", linkOf(label, name), "down"),
    heal: (name) => ip("link", "set", linkOf(label, name), "up"),
    limit: (name, speed) => {
      const device = ["dev", linkOf(label, name), "root"];
      const rate = ["tbf", "rate", `${speed}mbit`, "burst", "256kb", "latency", "50ms"];
      run("tc", ["qdisc", ...(speed === null ? ["del", ...device] : ["replace", ...device, ...rate])]);
    },
    stop: (name) => {
      killAll(space(name));
      // What dies may be writing still.
      rmSync(join(folder, name, "tmp", "ray"), { recursive: true, force: true, maxRetries: 10 });
    },
    close: () => removeAll({ label, subnet }),
  };
}

/** Starts a program that is its own group's leader, and outlives whoever starts it. @param log Is appended to. */
export function startLogged(
  [command = "", ...args]: readonly string[],
  env: { readonly [name: string]: string },
  log: string,
): ChildProcess {
  const file = openSync(log, "a");
  return spawn(command, args, {
    env: { PATH: process.env["PATH"], LANG: "C.UTF-8", ...env },
    stdio: ["ignore", file, file],
    detached: true,
  });
}

/** Runs a program to its end. */
export function runToEnd(
  [command = "", ...args]: readonly string[],
  env: { readonly [name: string]: string },
): Promise<HostResult> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env["PATH"], LANG: "C.UTF-8", ...env } };
    const child = execFile(command, args, options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? 1, output: out + err }),
    );
  });
}

function linkOf(label: string, name: string): string {
  return `${label}-${name}`.slice(0, 15);
}

function removeAll({ label, subnet }: NetworkPlace): void {
  for (const each of spacesOf(label)) {
    killAll(each);
    tryIp("netns", "del", each);
  }
  // The links of a name space go some time after it.
  linksOf(label).forEach((each) => tryIp("link", "del", each));
  tryIp("link", "del", `${label}-br`);
  tryIp("route", "del", "unreachable", `${subnet}.0/24`);
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
  run("ip", args);
}

function run(command: "ip" | "tc", args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined || status !== 0) {
    const reason = error?.message ?? stderr.trim();
    throw new Error(
      `A network of hosts cannot be made here (${command} ${args.join(" ")}: ${reason}). It needs Linux, root and the package iproute2.`,
    );
  }
}

function tryIp(...args: readonly string[]): void {
  spawnSync("ip", args);
}
