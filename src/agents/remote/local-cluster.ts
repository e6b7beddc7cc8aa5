import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { once } from "node:events";
import { homedir } from "node:os";
import { delimiter, join, parse } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { isAlive } from "../base/is-alive.ts";
import { type Environment, cleanEnvironment } from "../python/clean-environment.ts";
import type { ClusterAddress } from "./cluster-address.ts";
import { ClusterControl } from "./cluster-control.ts";
import { pause } from "./pause.ts";
import { rayVersions } from "./ray-version.ts";

/** Where the cluster of this machine is kept, for the command line and every window of the editor. */
export const localClusterFolder = join(homedir(), ".byzer", "ray");

/** What a Python needs to run a cluster of this machine, as pip reads it. */
export const localClusterPackages: readonly string[] = [
  `ray[default,serve]==${rayVersions.tested}`,
  // Serve imports it and does not declare it.
  "jinja2",
];

/** Ray gives up before, or its program ends; a machine that is busy with other things takes minutes. */
const startTimeoutMs = 600_000;
const startTimeoutS = String(startTimeoutMs / 1000);
const mostTries = 5;
const tooSlow = /current node timed out during startup/u;
const stopTimeoutMs = 20_000;
const usualDashboardPort = 8265;
const usualServePort = 8000;

const recordSchema = z.object({ pid: z.int(), dashboard: z.string(), serve: z.string() });

/** A cluster of this machine alone, for trying. */
export interface LocalCluster extends ClusterAddress {
  /** The token that Ray wants. */
  readonly token: string;
  /** Of the program that holds it. */
  readonly pid: number;
}

export interface LocalClusterParts {
  /** Where its token and its log are kept: a folder of its own. */
  readonly folder: string;
  readonly environment: Environment;
}

/** The cluster of this machine that was started from `folder` and still runs. */
export async function findLocalCluster(folder: string): Promise<LocalCluster | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(join(folder, "cluster.json"), "utf8")));
    const token = await readFile(join(folder, "token"), "utf8");
    return isAlive(record.pid) ? { ...record, token } : undefined;
  } catch {
    return undefined;
  }
}

/** An address with what is known of it where it is that of the cluster of this machine; `token`: `null` where it is not. */
export async function knownAddress(
  folder: string,
  address: ClusterAddress,
): Promise<{ readonly address: ClusterAddress; readonly token: string | null }> {
  const local = await findLocalCluster(folder);
  return local?.dashboard === address.dashboard
    ? { address: { ...address, serve: local.serve }, token: local.token }
    : { address, token: null };
}

/**
 * Starts Ray on this machine with a token of its own, its dashboard and Serve reached from this machine only; or finds
 * the one that runs.
 *
 * @param python With {@link localClusterPackages}.
 * @throws AgentError `remote.unreachable` with what Ray said last
 */
export async function startLocalCluster(
  parts: LocalClusterParts,
  python: string,
  signal: AbortSignal,
): Promise<LocalCluster> {
  const found = await findLocalCluster(parts.folder);
  if (found !== undefined) {
    return found;
  }
  await mkdir(parts.folder, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString("hex");
  await writeFile(join(parts.folder, "token"), token, { mode: 0o600 });
  const [dashboardPort, servePort] = [await freePort(usualDashboardPort), await freePort(usualServePort)];
  const address = {
    dashboard: `http://127.0.0.1:${dashboardPort}`,
    serve: `http://127.0.0.1:${servePort}`,
  };
  const pid = await startUp(parts, { python, port: dashboardPort, ...address, token }, signal);
  const cluster = { pid, token, ...address };
  const record = { pid, dashboard: cluster.dashboard, serve: cluster.serve };
  await writeFile(join(parts.folder, "cluster.json"), JSON.stringify(record), { mode: 0o600 });
  return cluster;
}

interface Start extends ClusterAddress {
  readonly python: string;
  /** Of the dashboard. */
  readonly port: number;
  readonly token: string;
}

/**
 * Starts it, and again where Ray gave one of its own parts too little time: a quarter of a minute for some, which cannot
 * be set.
 *
 * @returns Its pid.
 */
async function startUp(parts: LocalClusterParts, start: Start, signal: AbortSignal): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    // oxlint-disable no-await-in-loop -- one try after the other
    const pid = await spawnRay(parts, start.python, start.port);
    try {
      await untilUp({ ...start, pid }, parts.folder, signal);
      return pid;
    } catch (error) {
      await endRay(pid);
      signal.throwIfAborted();
      if (tries === mostTries || !tooSlow.test(await logOf(parts.folder))) {
        throw error;
      }
    }
    // oxlint-enable no-await-in-loop
  }
}

/** Ends the cluster that was started from `folder`, with all that runs there. @returns Whether there was one. */
export async function stopLocalCluster(folder: string): Promise<boolean> {
  const found = await findLocalCluster(folder);
  if (found !== undefined) {
    await endRay(found.pid);
  }
  await rm(join(folder, "cluster.json"), { force: true });
  await rm(join(folder, "token"), { force: true });
  return found !== undefined;
}

/** `--block` keeps one program in front of all others of the cluster, which ends them with itself. */
async function spawnRay({ folder, environment }: LocalClusterParts, python: string, port: number): Promise<number> {
  const log = await open(join(folder, "ray.log"), "w", 0o600);
  // Said outright, because Ray goes on without its dashboard where that is slow to start and was not asked for.
  const dashboard = ["--include-dashboard", "true", "--dashboard-host", "127.0.0.1", "--dashboard-port", String(port)];
  const args = ["-m", "ray.scripts.scripts", "start", "--head", "--block", "--port", "0", ...dashboard];
  const child = spawn(python, [...args, "--disable-usage-stats"], {
    env: {
      ...cleanEnvironment(environment),
      PATH: withOwnNode(environment["PATH"] ?? ""),
      RAY_AUTH_MODE: "token",
      RAY_AUTH_TOKEN_PATH: join(folder, "token"),
      RAY_USAGE_STATS_ENABLED: "0",
      // What it gives its own parts to start, half a minute to a minute, is too short for a busy machine.
      RAY_raylet_start_wait_time_s: "90",
      RAY_DASHBOARD_STARTUP_TIMEOUT_S: startTimeoutS,
      RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT: startTimeoutS,
      RAY_agent_register_timeout_ms: String(startTimeoutMs),
      RAY_worker_register_timeout_seconds: startTimeoutS,
      RAY_gcs_rpc_server_connect_timeout_s: startTimeoutS,
      // A cluster of one machine has no other to put its work on: that it is slow to answer is no loss.
      RAY_health_check_timeout_ms: "60000",
    },
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    windowsHide: true,
  });
  await once(child, "spawn");
  await log.close();
  child.unref();
  return child.pid ?? 0;
}

/** Agents there find the Node that this program runs on, behind any other. */
function withOwnNode(path: string): string {
  const { dir, name } = parse(process.execPath);
  return name === "node" ? [path, dir].filter((part) => part !== "").join(delimiter) : path;
}

async function untilUp({ dashboard, token, pid }: LocalCluster, folder: string, signal: AbortSignal): Promise<void> {
  const control = new ClusterControl({ address: dashboard, token: () => Promise.resolve(token) });
  const deadline = Date.now() + startTimeoutMs;
  let last: unknown;
  while (Date.now() < deadline && isAlive(pid)) {
    // oxlint-disable no-await-in-loop -- asked again until it answers
    try {
      if ((await control.machines(signal)).length > 0) {
        return;
      }
    } catch (error) {
      signal.throwIfAborted();
      last = error;
    }
    await pause(500, signal);
    // oxlint-enable no-await-in-loop
  }
  const said = lastWords(await logOf(folder));
  const reason = `Ray did not start. It last said: ${said} The rest is in ${join(folder, "ray.log")}.`;
  throw new AgentError("remote.unreachable", { address: dashboard, reason }, reason, last);
}

function logOf(folder: string): Promise<string> {
  return readFile(join(folder, "ray.log"), "utf8").catch(() => "");
}

/** The last lines, each as long as a person reads it. */
function lastWords(log: string): string {
  const lines = log.trim().split("\n").slice(-3);
  return lines.map((line) => line.slice(0, 200)).join(" ");
}

async function endRay(pid: number): Promise<void> {
  signalGroup(pid, "SIGTERM");
  const deadline = Date.now() + stopTimeoutMs;
  while (isAlive(pid) && Date.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it has ended
    await pause(200);
  }
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has gone already.
  }
}

/** The usual one where nobody has it. */
async function freePort(usual: number): Promise<number> {
  return (await canListen(usual)) ?? (await canListen(0)) ?? usual;
}

async function canListen(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return portOf(server.address());
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}

function portOf(address: AddressInfo | string | null): number | undefined {
  return typeof address === "object" && address !== null ? address.port : undefined;
}
