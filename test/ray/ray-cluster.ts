import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { type HostNetwork, type NetworkPlace, hostNetworkAt, makeHostNetwork } from "./host-network.ts";
import { oneHost } from "./one-host.ts";

/** A cluster of hosts with addresses of their own, which wants a token. */
export interface RayCluster {
  /** What another process finds it by. */
  readonly plan: RayClusterPlan;
  readonly network: HostNetwork;
  /** Of the dashboard, such as `http://203.0.113.2:8265`. */
  readonly dashboard: string;
  readonly token: string;
  /** Of a host: `head`, `n1`… @throws Error where there is none of that name. */
  addressOf(name: string): string;
  /** Starts the head again, and the nodes, as an operator would after a loss. */
  restartHead(): Promise<void>;
  /** Kills a node other than the head, with all that runs on it. Resolves when the cluster has noticed. */
  killNode(name: string): Promise<void>;
  startNode(name: string): Promise<void>;
  /** Runs a program in Ray's Python on a host, as somebody who has Ray's token. @throws Error with what it said where it failed. */
  runPython(name: string, code: string): Promise<string>;
  /** Asks the dashboard. @param path Begins with a slash. @returns The text of an answer of status 200; else none. */
  ask(path: string): Promise<string>;
  /** What Ray printed, for explaining a failure. */
  readonly log: () => string;
  close(): void;
}

/** A cluster in words that travel between processes. */
export interface RayClusterPlan {
  /** Of the environment that has Ray. */
  readonly python: string;
  readonly folder: string;
  /** `null` where all hosts are this machine. */
  readonly place: NetworkPlace | null;
  /** Why no host can be unplugged; `null` where each can. */
  readonly uncuttable: string | null;
  /** By name, the head first. */
  readonly hosts: readonly (readonly [name: string, address: string])[];
}

/** Of this machine's few cores every host has so many, as far as Ray knows. */
const cpus = "4";
const objectStoreBytes = String(256 * 1024 * 1024);
const readyMs = 300_000;
const token = "cluster-token-canary-0123456789abcdef";
/** A raylet that knows the ports of its agents does not wait for them to say them, which ends it on a busy machine. */
const agentPorts: readonly string[] = [
  "--dashboard-agent-grpc-port=52366",
  "--dashboard-agent-listen-port=52365",
  "--runtime-env-agent-port=52367",
  "--metrics-export-port=52368",
];
const testPlace: NetworkPlace = { label: "bzray", subnet: "203.0.113" };

/**
 * Starts a head and nodes, in network namespaces.
 *
 * @param python Of the environment that has Ray.
 * @param place Where the network is; `null` with the reason for hosts that are all this machine.
 * @throws Error with what Ray printed where it does not come up within five minutes.
 */
export async function startRayCluster(
  python: string,
  nodes: readonly string[] = ["n1", "n2"],
  place: NetworkPlace | { readonly uncuttable: string } = testPlace,
): Promise<RayCluster> {
  // Not below /tmp, of which every host has its own.
  const parent = tmpdir().startsWith("/var/tmp/") ? tmpdir() : "/var/tmp";
  const folder = mkdtempSync(join(parent, "ray-"));
  const network = "label" in place ? makeHostNetwork(place, folder) : oneHost(folder, [], place.uncuttable);
  const names = ["head", ...nodes];
  const hosts = names.map((name) => [name, network.add(name)] as const);
  const where = "label" in place ? { place, uncuttable: null } : { place: null, uncuttable: place.uncuttable };
  const cluster = rayClusterOf({ python, folder, hosts, ...where }, network);
  try {
    await cluster.restartHead();
  } catch (error) {
    cluster.close();
    throw error;
  }
  return cluster;
}

/** The cluster of a plan, which runs. */
export function rayClusterAt(plan: RayClusterPlan): RayCluster {
  const { place, folder, hosts, uncuttable } = plan;
  const names = hosts.map(([name]) => name);
  const network = place === null ? oneHost(folder, names, uncuttable ?? "") : hostNetworkAt(place, folder, names);
  return rayClusterOf(plan, network);
}

function rayClusterOf(plan: RayClusterPlan, network: HostNetwork): RayCluster {
  const { folder } = plan;
  const addresses = new Map(plan.hosts);
  const nodes = plan.hosts.map(([name]) => name).filter((name) => name !== "head");
  const addressOf = (name: string): string => {
    const address = addresses.get(name);
    if (address === undefined) {
      throw new Error(`There is no host ${name}.`);
    }
    return address;
  };
  const dashboard = `http://${addressOf("head")}:8265`;
  const ask = async (path: string): Promise<string> => {
    const { status, text } = await get(dashboard + path);
    return status === 200 ? text : "";
  };
  const log = (): string =>
    [...addresses.keys()]
      .filter((name) => existsSync(network.logOf(name)))
      .map((name) => `${name}:\n${readFileSync(network.logOf(name), "utf8").slice(-4000)}`)
      .join("\n");
  const until = (
    holds: () => Promise<boolean>,
    what: string,
    { program, withinMs = readyMs }: { readonly program?: ChildProcess; readonly withinMs?: number } = {},
  ): Promise<void> =>
    untilHolds(holds, { what, log, withinMs, hasEnded: () => program !== undefined && program.exitCode !== null });
  const start = (name: string, args: readonly string[]): ChildProcess => {
    const all = [join(dirname(plan.python), "ray"), "start", ...args, `--node-ip-address=${addressOf(name)}`];
    const common = [`--num-cpus=${cpus}`, `--object-store-memory=${objectStoreBytes}`, "--disable-usage-stats"];
    const ports = plan.place === null ? [] : agentPorts;
    const program = network.start(name, [...all, ...common, ...ports, "--block"], environmentOf(network.homeOf(name)));
    program.unref();
    return program;
  };
  const isAlive = async (name: string): Promise<boolean> => (await aliveNodes(ask))?.includes(addressOf(name)) === true;
  const isHeadUp = (): Promise<boolean> => isAlive("head");
  const joinHead = async (name: string, withinMs: number): Promise<void> => {
    const program = start(name, [`--address=${addressOf("head")}:6379`]);
    await until(() => isAlive(name), `${name} has joined`, { program, withinMs });
  };
  const startNode = async (name: string): Promise<void> => {
    // A raylet gives up, or waits for what does not come, where the machine is too busy to start its parts in time.
    await joinHead(name, readyMs / 5).catch(async () => {
      network.stop(name);
      await joinHead(name, readyMs);
    });
  };
  return {
    plan,
    network,
    dashboard,
    token,
    addressOf,
    restartHead: async () => {
      [...addresses.keys()].forEach((name) => network.stop(name));
      // What lies there is of the cluster that has ended.
      const temporary = plan.place === null ? [`--temp-dir=${folder}/r`] : [];
      const ports = ["--port=6379", "--dashboard-host=0.0.0.0", "--include-dashboard=true"];
      const program = start("head", ["--head", ...ports, ...temporary]);
      await until(isHeadUp, "the dashboard knows the head", { program });
      await Promise.all(nodes.map((name) => startNode(name)));
    },
    killNode: async (name) => {
      if (!nodes.includes(name)) {
        throw new Error(`${name} is none of the nodes ${nodes.join(", ")}.`);
      }
      network.stop(name);
      const isMissed = async (): Promise<boolean> => (await aliveNodes(ask))?.includes(addressOf(name)) === false;
      await until(isMissed, `${name} is missed`);
    },
    startNode,
    runPython: async (name, code) => {
      const environment = environmentOf(network.homeOf(name));
      const { code: status, output } = await network.run(name, [plan.python, "-c", code], environment);
      if (status !== 0) {
        throw new Error(`A program on ${name} ended with ${status}: ${output.slice(-2000)}`);
      }
      return output;
    },
    ask,
    log,
    close: () => {
      network.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function environmentOf(home: string): { readonly [name: string]: string } {
  mkdirSync(join(home, ".ray"), { recursive: true });
  writeFileSync(join(home, ".ray", "auth_token"), token, { mode: 0o600 });
  return {
    RAY_AUTH_MODE: "token",
    // Where what stands in for the engine of models lies.
    PYTHONPATH: join(import.meta.dirname, "python"),
    RAY_USAGE_STATS_ENABLED: "0",
    // A node that was killed is missed after some seconds, one that is slow is not.
    RAY_health_check_period_ms: "1000",
    RAY_health_check_timeout_ms: "6000",
    RAY_health_check_failure_threshold: "5",
    RAY_enable_autoscaler_v2: "0",
    // Half a minute, which Ray gives its own parts to start, is too short for a busy machine.
    RAY_raylet_start_wait_time_s: "240",
    RAY_DASHBOARD_STARTUP_TIMEOUT_S: "240",
    RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT: "240",
  };
}

interface Wait {
  readonly what: string;
  readonly withinMs: number;
  readonly log: () => string;
  readonly hasEnded: () => boolean;
}

async function untilHolds(holds: () => Promise<boolean>, { what, log, withinMs, hasEnded }: Wait): Promise<void> {
  const end = performance.now() + withinMs;
  // oxlint-disable no-await-in-loop -- asked again until it holds
  while (!(await holds())) {
    if (performance.now() > end || hasEnded()) {
      throw new Error(`Ray did not come up: not so far that ${what}.\n${log()}`);
    }
    await wait(250);
  }
  // oxlint-enable no-await-in-loop
}

const nodesSchema = z.object({
  data: z.object({
    // Of one that has been lost soon, little is known.
    summary: z.array(
      z.object({ raylet: z.object({ state: z.optional(z.string()), nodeManagerAddress: z.optional(z.string()) }) }),
    ),
  }),
});

/** Addresses; `undefined` where the dashboard does not tell. */
async function aliveNodes(ask: RayCluster["ask"]): Promise<readonly string[] | undefined> {
  const text = await ask("/nodes?view=summary");
  const found = text === "" ? undefined : nodesSchema.safeParse(JSON.parse(text)).data;
  return found?.data.summary.flatMap(({ raylet: { state, nodeManagerAddress } }) =>
    state === "ALIVE" && nodeManagerAddress !== undefined ? [nodeManagerAddress] : [],
  );
}

function get(url: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve) => {
    const nothing = { status: 0, text: "" };
    const asked = request(url, { headers: { Authorization: `Bearer ${token}` }, timeout: 5000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on("error", () => resolve(nothing));
    });
    asked.on("error", () => resolve(nothing));
    asked.on("timeout", () => asked.destroy());
    asked.end();
  });
}
