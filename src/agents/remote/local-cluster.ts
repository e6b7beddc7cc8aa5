import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { isAlive } from "../base/is-alive.ts";
import { type Environment, cleanEnvironment } from "../python/clean-environment.ts";
import type { ClusterAddress } from "./cluster-address.ts";
import { ClusterControl } from "./cluster-control.ts";
import { pause } from "./pause.ts";
import { rayVersions } from "./ray-version.ts";

/** What a Python needs to run a cluster of this machine, as pip reads it. */
export const localClusterPackages: readonly string[] = [
  `ray[default,serve]==${rayVersions.tested}`,
  // Serve imports it and does not declare it.
  "jinja2",
];

const startTimeoutMs = 180_000;
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
  const pid = await spawnRay(parts, python, dashboardPort);
  const cluster = {
    pid,
    token,
    dashboard: `http://127.0.0.1:${dashboardPort}`,
    serve: `http://127.0.0.1:${servePort}`,
  };
  try {
    await untilUp(cluster, parts.folder, signal);
  } catch (error) {
    await endRay(pid);
    throw error;
  }
  const record = { pid, dashboard: cluster.dashboard, serve: cluster.serve };
  await writeFile(join(parts.folder, "cluster.json"), JSON.stringify(record), { mode: 0o600 });
  return cluster;
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
  const local = ["--dashboard-host", "127.0.0.1", "--dashboard-port", String(port)];
  const args = ["-m", "ray.scripts.scripts", "start", "--head", "--block", "--port", "0", ...local];
  const child = spawn(python, [...args, "--disable-usage-stats"], {
    env: {
      ...cleanEnvironment(environment),
      RAY_AUTH_MODE: "token",
      RAY_AUTH_TOKEN_PATH: join(folder, "token"),
      RAY_USAGE_STATS_ENABLED: "0",
      // Half a minute, which it gives its own parts to start, is too short for a busy machine.
      RAY_raylet_start_wait_time_s: "120",
      RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT: "120",
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

async function untilUp({ dashboard, token, pid }: LocalCluster, folder: string, signal: AbortSignal): Promise<void> {
  const control = new ClusterControl({ address: dashboard, token: () => Promise.resolve(token) });
  const deadline = Date.now() + startTimeoutMs;
  let last: unknown;
  while (Date.now() < deadline && isAlive(pid)) {
    // oxlint-disable no-await-in-loop -- asked again until it answers
    try {
      await control.version(signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      last = error;
    }
    await pause(500, signal);
    // oxlint-enable no-await-in-loop
  }
  const said = (await readFile(join(folder, "ray.log"), "utf8").catch(() => "")).trim().slice(-1500);
  const reason = `Ray did not start. It last said: ${said}`;
  throw new AgentError("remote.unreachable", { address: dashboard, reason }, reason, last);
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
