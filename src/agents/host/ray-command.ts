import { type ParseArgsConfig, parseArgs } from "node:util";
import { AgentError } from "../base/errors.ts";
import { findPython } from "../python/find-python.ts";
import { type Cluster, connectToCluster, findOnCluster, removeFromCluster } from "../remote/cluster.ts";
import { type ClusterAddress, clusterAddress } from "../remote/cluster-address.ts";
import { ClusterModels } from "../remote/cluster-models.ts";
import {
  type LocalCluster,
  findLocalCluster,
  localClusterFolder,
  startLocalCluster,
  stopLocalCluster,
} from "../remote/local-cluster.ts";
import { ensureLocalClusterPython } from "../remote/local-cluster-python.ts";
import { clusterFlags } from "./cluster-flags.ts";
import { clusterParts } from "./command-cluster.ts";
import type { CommandStreams } from "./command-streams.ts";
import { untilInterrupted } from "./interruption.ts";
import { endOneChild } from "./ray-end.ts";
import { modelCommandOptions, rayModelCommand } from "./ray-model-command.ts";
import { statusText } from "./ray-status-text.ts";
import { managedDirectory } from "./command-python.ts";

const options = {
  ...clusterFlags,
  json: { type: "boolean", default: false },
  remove: { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
  python: { type: "string" },
} as const;

type Values = ReturnType<typeof parsed>["values"];

const usage =
  "byzer ray (up | status | down) [ADDRESS], byzer ray end NAME [ADDRESS], or byzer ray model …. See byzer ray --help.";

/** `byzer ray up|status|down [ADDRESS]`: what of ours runs on a cluster, or a cluster of this machine for trying. */
export async function rayCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const aboutModels = withoutWord(args, "model", { ...options, ...modelCommandOptions });
  if (aboutModels !== null) {
    return rayModelCommand(aboutModels, streams);
  }
  const { values, positionals } = parsed(args);
  const [verb, ...words] = positionals;
  const [child, named, ...rest] = verb === "end" ? words : [undefined, ...words];
  if (rest.length > 0) {
    throw new AgentError("cli.usage", { argument: rest.join(" ") }, `Name one cluster: ${usage}`);
  }
  const said = named ?? values.ray;
  const address = said === undefined ? undefined : clusterAddress(said, values["ray-serve"]);
  await untilInterrupted((signal) => run({ verb, child, address, values, streams, signal }));
}

/** @returns The arguments without their first word, where that is `word`; else `null`. */
function withoutWord(
  args: readonly string[],
  word: string,
  known: NonNullable<ParseArgsConfig["options"]>,
): readonly string[] | null {
  const { tokens } = parseArgs({
    args: [...args],
    options: known,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const first = tokens.find(({ kind }) => kind === "positional");
  return first?.kind === "positional" && first.value === word ? args.toSpliced(first.index, 1) : null;
}

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

interface Order {
  readonly verb: string | undefined;
  /** What is to end. */
  readonly child: string | undefined;
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
    case "end":
      return end(order);
    default:
      throw unknownVerb(order.verb);
  }
}

function unknownVerb(verb: string | undefined): AgentError {
  const said = verb === undefined ? "Say what to do" : `byzer ray has no "${verb}"`;
  return new AgentError("cli.usage", { argument: verb ?? "" }, `${said}: ${usage}`);
}

async function up(order: Order): Promise<void> {
  const { values, streams, signal } = order;
  const address = order.address ?? (await startHere(order));
  const parts = await clusterParts({ ...values, address }, streams);
  await shown(await connectToCluster(parts, signal), order);
}

async function status(order: Order): Promise<void> {
  await shown(await onCluster(order), order);
}

/** The cluster that is named, or the one of this machine, where ours runs already. */
async function onCluster({ address, values, streams, signal }: Order): Promise<Cluster> {
  const named = address ?? (await localAddress());
  return await findOnCluster(await clusterParts({ ...values, address: named }, streams), signal);
}

async function end(order: Order): Promise<void> {
  const { child, values, streams, signal } = order;
  if (child === undefined) {
    const message = "Say what is to end: byzer ray end NAME [ADDRESS]. byzer ray status lists what runs there.";
    throw new AgentError("cli.usage", { argument: "NAME" }, message);
  }
  const cluster = await onCluster(order);
  try {
    const { kind, name, title } = await endOneChild(cluster.gateway, child, signal);
    say(streams, values.json, { ended: { kind, name, title } }, `${title ?? name} has ended.`);
  } finally {
    await cluster.close();
  }
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
    const [there, models] = await Promise.all([
      cluster.gateway.status(signal),
      new ClusterModels(cluster).list(signal),
    ]);
    const { dashboard, serve } = cluster.address;
    say(streams, values.json, { address: dashboard, serve, ...there, models }, statusText(dashboard, there, models));
  } finally {
    await cluster.close();
  }
}

function say(streams: CommandStreams, asJson: boolean, document: object, text: string): void {
  streams.out(asJson ? `${JSON.stringify(document)}\n` : `${text}\n`);
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
  const onProgress = (line: string): void => streams.err(`${line}\n`);
  return ensureLocalClusterPython({ directory: `${managedDirectory}-ray`, base, environment, onProgress }, signal);
}

async function isAgreed({ ask }: CommandStreams, signal: AbortSignal): Promise<boolean> {
  const answer = await ask?.(`Install Ray (about 600 MB) into ${managedDirectory}-ray? [y/N] `, signal);
  return /^y(?:es)?$/iu.test(answer?.trim() ?? "");
}
