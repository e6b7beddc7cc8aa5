import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type HostNetwork, makeHostNetwork } from "./host-network.ts";

/** A cluster of hosts with addresses of their own, which wants a token. */
export interface RayCluster {
  readonly network: HostNetwork;
  /** Of the dashboard, such as `http://203.0.113.2:8265`. */
  readonly dashboard: string;
  readonly token: string;
  /** Starts the head again, and the nodes, as an operator would after a loss. */
  restartHead(): Promise<void>;
  /** Kills a node with all that runs on it. Resolves when the cluster has noticed. */
  killNode(name: string): Promise<void>;
  startNode(name: string): Promise<void>;
  /** What Ray printed, for explaining a failure. */
  readonly log: () => string;
  close(): void;
}

/** Of this machine's few cores every host has so many, as far as Ray knows. */
const cpus = "4";
const objectStoreBytes = String(256 * 1024 * 1024);
const readyMs = 120_000;
const token = "cluster-token-canary-0123456789abcdef";

/**
 * Starts a head and nodes, in network namespaces.
 *
 * @param python Of the environment that has Ray.
 * @throws Error with what Ray printed where it does not come up within two minutes.
 */
export async function startRayCluster(python: string, nodes: readonly string[] = ["n1", "n2"]): Promise<RayCluster> {
  // Not below /tmp, of which every host has its own.
  const folder = mkdtempSync("/var/tmp/byzer-ray-");
  const network = makeHostNetwork("bzray", folder);
  const addresses = new Map(["head", ...nodes].map((name) => [name, network.add(name)]));
  const printed: string[] = [];
  const ray = join(python, "..", "ray");
  const dashboard = `http://${addresses.get("head")}:8265`;
  const environment = (name: string): { readonly [name: string]: string } => {
    const home = network.homeOf(name);
    mkdirSync(join(home, ".ray"), { recursive: true });
    writeFileSync(join(home, ".ray", "auth_token"), token, { mode: 0o600 });
    return {
      RAY_AUTH_MODE: "token",
      RAY_USAGE_STATS_ENABLED: "0",
      // Half a minute to notice that a node is lost is too long for a test, and nothing here is that slow.
      RAY_health_check_period_ms: "1000",
      RAY_health_check_timeout_ms: "3000",
      RAY_health_check_failure_threshold: "3",
      RAY_enable_autoscaler_v2: "0",
    };
  };
  const start = (name: string, args: readonly string[]): ChildProcess => {
    const all = [ray, "start", ...args, `--node-ip-address=${addresses.get(name)}`, `--num-cpus=${cpus}`];
    const common = [`--object-store-memory=${objectStoreBytes}`, "--disable-usage-stats", "--block"];
    const child = network.start(name, [...all, ...common], environment(name));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => printed.push(`${name}: ${text}`));
    }
    return child;
  };
  const startHead = async (): Promise<void> => {
    start("head", ["--head", "--port=6379", "--dashboard-host=0.0.0.0", "--include-dashboard=true"]);
    await until(async () => (await status(`${dashboard}/api/version`)) === 200, "the dashboard answers");
  };
  const startNode = async (name: string): Promise<void> => {
    start(name, [`--address=${addresses.get("head")}:6379`]);
    const address = addresses.get(name) ?? "";
    await until(async () => (await aliveNodes(dashboard)).includes(address), `${name} has joined`);
  };
  const until = async (
    holds: () => Promise<boolean>,
    what: string,
    end = performance.now() + readyMs,
  ): Promise<void> => {
    if (await holds()) {
      return;
    }
    if (performance.now() > end) {
      throw new Error(`Ray did not come up: not so far that ${what}.\n${printed.join("").slice(-4000)}`);
    }
    await wait(250);
    await until(holds, what, end);
  };
  const close = (): void => {
    network.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await startHead();
    await Promise.all(nodes.map((name) => startNode(name)));
  } catch (error) {
    close();
    throw error;
  }
  return {
    network,
    dashboard,
    token,
    restartHead: async () => {
      ["head", ...nodes].forEach((name) => network.stop(name));
      await startHead();
      await Promise.all(nodes.map((name) => startNode(name)));
    },
    killNode: async (name) => {
      network.stop(name);
      const address = addresses.get(name) ?? "";
      await until(async () => !(await aliveNodes(dashboard)).includes(address), `${name} is missed`);
    },
    startNode,
    log: () => printed.join(""),
    close,
  };
}

async function aliveNodes(dashboard: string): Promise<readonly string[]> {
  const text = await body(`${dashboard}/nodes?view=summary`);
  const found: unknown = text === "" ? null : JSON.parse(text);
  const summary = asSummary(found);
  return summary.filter(({ raylet }) => raylet?.state === "ALIVE").map(({ ip }) => ip);
}

interface NodeSummary {
  readonly ip: string;
  readonly raylet?: { readonly state?: string };
}

function asSummary(found: unknown): readonly NodeSummary[] {
  // The dashboard's own form; what it lacks makes the test wait and fail with what Ray printed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const { data } = (found ?? {}) as { readonly data?: { readonly summary?: readonly NodeSummary[] } };
  return data?.summary ?? [];
}

function status(url: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(url, { headers: { Authorization: `Bearer ${token}` }, timeout: 5000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", () => resolve(0));
    asked.on("timeout", () => asked.destroy());
    asked.end();
  });
}

function body(url: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(url, { headers: { Authorization: `Bearer ${token}` }, timeout: 5000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("end", () => resolve(answer.statusCode === 200 ? text : ""));
    });
    asked.on("error", () => resolve(""));
    asked.on("timeout", () => asked.destroy());
    asked.end();
  });
}
