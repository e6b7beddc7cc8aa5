import { parseArgs } from "node:util";
import { AgentError } from "../base/errors.ts";
import { findPython } from "../python/find-python.ts";
import { MANAGED_PACKAGES, ensureManagedEnvironment } from "../python/managed-environment.ts";
import { type Cluster, connectToCluster, findOnCluster, removeFromCluster } from "../remote/cluster.ts";
import { type ClusterAddress, clusterAddress } from "../remote/cluster-address.ts";
import type { GatewayStatus } from "../remote/gateway.ts";
import {
  type LocalCluster,
  findLocalCluster,
  localClusterPackages,
  startLocalCluster,
  stopLocalCluster,
} from "../remote/local-cluster.ts";
import { clusterFlags } from "./cluster-flags.ts";
import { clusterParts, localClusterFolder } from "./command-cluster.ts";
import type { CommandStreams } from "./command-streams.ts";
import { untilInterrupted } from "./interruption.ts";
import { managedDirectory } from "./command-python.ts";

const options = {
  ...clusterFlags,
  json: { type: "boolean", default: false },
  remove: { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
  python: { type: "string" },
} as const;

type Values = ReturnType<typeof parsed>["values"];

const usage = "byzer ray (up | status | down) [ADDRESS]. See byzer ray --help.";

/** `byzer ray up|status|down [ADDRESS]`: what of ours runs on a cluster, or a cluster of this machine for trying. */
export async function rayCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parsed(args);
  const [verb, named, ...rest] = positionals;
  if (rest.length > 0) {
    throw new AgentError("cli.usage", { argument: rest.join(" ") }, `Name one cluster: ${usage}`);
  }
  const said = named ?? values.ray;
  const address = said === undefined ? undefined : clusterAddress(said, values["ray-serve"]);
  await untilInterrupted((signal) => run({ verb, address, values, streams, signal }));
}

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

interface Order {
  readonly verb: string | undefined;
  readonly address: ClusterAddress | undefined;
  readonly values: Values;
  readonly streams: CommandStreams;
  readonly signal: AbortSignal;
}

function run(order: Order): Promise<void> {
  switch (order.verb) {
    case "up":
      return up(order);
    case "status":
      return status(order);
    case "down":
      return down(order);
    default:
      throw new AgentError("cli.usage", { argument: order.verb ?? "" }, usage);
  }
}

async function up(order: Order): Promise<void> {
  const { values, streams, signal } = order;
  const address = order.address ?? (await startHere(order));
  const parts = await clusterParts({ ...values, address }, streams);
  await shown(await connectToCluster(parts, signal), order);
}

async function status(order: Order): Promise<void> {
  const { values, streams, signal } = order;
  const address = order.address ?? (await localAddress());
  const parts = await clusterParts({ ...values, address }, streams);
  await shown(await findOnCluster(parts, signal), order);
}

async function down({ address, values, streams, signal }: Order): Promise<void> {
  const local = await findLocalCluster(localClusterFolder);
  if (address === undefined || address.dashboard === local?.dashboard) {
    const wasThere = await stopLocalCluster(localClusterFolder);
    say(streams, values.json, { stopped: wasThere }, wasThere ? "The local cluster has ended." : "There was none.");
    return;
  }
  if (!values.remove) {
    const message = `The cluster at ${address.dashboard} is not ours to stop. With --remove, everything of Byzer's on it is ended and removed.`;
    throw new AgentError("cli.usage", { argument: "--remove" }, message);
  }
  await removeFromCluster(await clusterParts({ ...values, address }, streams), signal);
  say(streams, values.json, { removed: true }, `Nothing of Byzer's is left on ${address.dashboard}.`);
}

/** Prints what there is, and lets go of the cluster. */
async function shown(cluster: Cluster, { values, streams, signal }: Order): Promise<void> {
  try {
    const found = await cluster.gateway.status(signal);
    const { dashboard, serve } = cluster.address;
    say(streams, values.json, { address: dashboard, serve, ...found }, statusText(dashboard, found));
  } finally {
    await cluster.close();
  }
}

function say(streams: CommandStreams, asJson: boolean, document: object, text: string): void {
  streams.out(asJson ? `${JSON.stringify(document)}\n` : `${text}\n`);
}

function statusText(dashboard: string, { server, nodes, children }: GatewayStatus): string {
  const machines = nodes.map(
    (node) =>
      `  ${node.address}${node.isHead ? " (head)" : ""}: ${node.cpus} CPU, ${node.gpus} GPU, ${gigabytes(node.memoryBytes)}`,
  );
  const ours = children.map(({ kind, name, title, node, state }) => `  ${kind} ${title ?? name} on ${node}: ${state}`);
  return [
    `${dashboard}: Ray ${server.ray}, Python ${server.python}, Byzer ${server.version}`,
    ...machines,
    ours.length === 0 ? "Nothing of ours runs there." : "Of ours there:",
    ...ours,
  ].join("\n");
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

async function localAddress(): Promise<ClusterAddress> {
  const found = await findLocalCluster(localClusterFolder);
  if (found === undefined) {
    const message = `No cluster was started here with byzer ray up. Name one: ${usage}`;
    throw new AgentError("cli.usage", { argument: "ADDRESS" }, message);
  }
  return found;
}

/** Starts a cluster of this machine. @throws AgentError `cli.usage` where Ray may not be installed for it */
async function startHere(order: Order): Promise<LocalCluster> {
  const { streams, signal } = order;
  const found = await findLocalCluster(localClusterFolder);
  if (found !== undefined) {
    return found;
  }
  const python = order.values.python ?? (await pythonWithRay(order));
  streams.err("Starting Ray on this machine…\n");
  return startLocalCluster({ folder: localClusterFolder, environment: process.env }, python, signal);
}

async function pythonWithRay({ values, streams, signal }: Order): Promise<string> {
  const environment = process.env;
  const base = await findPython({ candidates: [], environment }, signal);
  if (!values.yes && !(await isAgreed(streams, signal))) {
    const message = `A local cluster needs Ray, which is about 600 MB. With --yes it is installed into ${managedDirectory}-ray; or name a Python that has it with --python.`;
    throw new AgentError("cli.usage", { argument: "--yes" }, message);
  }
  return ensureManagedEnvironment(
    {
      directory: `${managedDirectory}-ray`,
      basePython: base.executable,
      packages: [...MANAGED_PACKAGES, ...localClusterPackages],
      environment,
      onProgress: (line) => streams.err(`${line}\n`),
    },
    signal,
  );
}

async function isAgreed({ ask }: CommandStreams, signal: AbortSignal): Promise<boolean> {
  const answer = await ask?.(`Install Ray (about 600 MB) into ${managedDirectory}-ray? [y/N] `, signal);
  return /^y(?:es)?$/iu.test(answer?.trim() ?? "");
}
