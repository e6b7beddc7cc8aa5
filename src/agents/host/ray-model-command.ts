import { parseArgs } from "node:util";
import { AgentError } from "../base/errors.ts";
import { modelStateText } from "../protocol/words/cluster-model-text.ts";
import { clusterAddress } from "../remote/cluster-address.ts";
import { ClusterModels, type ClusterModel } from "../remote/cluster-models.ts";
import { type Cluster, connectToCluster } from "../remote/cluster.ts";
import { findLocalCluster, localClusterFolder } from "../remote/local-cluster.ts";
import { checkModelOrder, type ModelOrder } from "../remote/model-order.ts";
import { clusterFlags } from "./cluster-flags.ts";
import { clusterParts } from "./command-cluster.ts";
import type { CommandStreams } from "./command-streams.ts";
import { untilInterrupted } from "./interruption.ts";
import { modelText } from "./ray-status-text.ts";

/** The options of `byzer ray model`. */
export const modelCommandOptions = {
  ...clusterFlags,
  json: { type: "boolean", default: false },
  model: { type: "string" },
  "served-name": { type: "string" },
  workers: { type: "string" },
  "gpus-per-worker": { type: "string" },
  accelerator: { type: "string" },
  backend: { type: "string" },
  engine: { type: "string", multiple: true },
  wait: { type: "string", default: "0" },
} as const;

type Values = ReturnType<typeof parsed>["values"];

interface Order {
  readonly values: Values;
  readonly streams: CommandStreams;
  readonly signal: AbortSignal;
}

const usage = "byzer ray model (deploy | status | list | remove) [NAME]. See byzer ray --help.";
const locale = "en";

/** `byzer ray model deploy|status|list|remove [NAME]`: models on a cluster. @param args What follows `model`. */
export async function rayModelCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parsed(args);
  const [verb = "", name, ...rest] = positionals;
  if (rest.length > 0) {
    throw new AgentError("cli.usage", { argument: rest.join(" ") }, `Name one model: ${usage}`);
  }
  await untilInterrupted((signal) => run(verb, name, { values, streams, signal }));
}

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], options: modelCommandOptions, allowPositionals: true });
}

async function run(verb: string, name: string | undefined, order: Order): Promise<void> {
  switch (verb) {
    case "deploy":
      return deploy(named(name), order);
    case "remove":
      return remove(named(name), order);
    case "status":
    case "list":
      return list(name, order);
    default: {
      const said = verb === "" ? "Say what to do" : `byzer ray model has no "${verb}"`;
      throw new AgentError("cli.usage", { argument: verb }, `${said}: ${usage}`);
    }
  }
}

function named(name: string | undefined): string {
  if (name === undefined) {
    throw new AgentError("cli.usage", { argument: "NAME" }, `Name a model: ${usage}`);
  }
  return name;
}

async function deploy(name: string, order: Order): Promise<void> {
  const { values, streams, signal } = order;
  const model = orderOf(name, values);
  const waitMs = amount("--wait", values.wait) * 1000;
  const onState = (now: ClusterModel): void => streams.err(`${modelText(now)}\n`);
  await onCluster(order, async (models) => {
    const made = await models.deploy(model, { waitMs, onState }, signal);
    say(order, made, made.already ? `${made.name} was there already. ${modelText(made)}` : modelText(made));
    if (made.state === "failed") {
      throw notRunning(made);
    }
  });
}

async function remove(name: string, order: Order): Promise<void> {
  await onCluster(order, async (models) => {
    const removed = await models.remove(name, order.signal);
    if (!removed) {
      throw await missing(name, models, order.signal);
    }
    say(order, { removed }, `${name} is removed.`);
  });
}

async function list(name: string | undefined, order: Order): Promise<void> {
  await onCluster(order, async (models) => {
    if (name === undefined) {
      const found = await models.list(order.signal);
      const text = found.length === 0 ? "No model of ours is there." : found.map(modelText).join("\n");
      say(order, { models: found }, text);
      return;
    }
    const found = await models.find(name, order.signal);
    if (found === null) {
      throw await missing(name, models, order.signal);
    }
    say(order, found, modelText(found));
  });
}

/** Connects to the cluster that is named, or to the one of this machine, and lets go of it. */
async function onCluster(order: Order, work: (models: ClusterModels) => Promise<void>): Promise<void> {
  const { values, streams, signal } = order;
  const address =
    values.ray === undefined
      ? await findLocalCluster(localClusterFolder)
      : clusterAddress(values.ray, values["ray-serve"]);
  if (address === undefined) {
    const message = "Name the cluster with --ray ADDRESS, or start one on this machine with byzer ray up.";
    throw new AgentError("cli.usage", { argument: "--ray" }, message);
  }
  const cluster: Cluster = await connectToCluster(await clusterParts({ ...values, address }, streams), signal);
  try {
    await work(new ClusterModels(cluster));
  } finally {
    await cluster.close();
  }
}

/** @throws AgentError `cli.usage`, `remote.model-order` */
function orderOf(name: string, values: Values): ModelOrder {
  const { model, workers, accelerator, backend, engine = [] } = values;
  const servedName = values["served-name"];
  const gpusPerWorker = values["gpus-per-worker"];
  if (model === undefined) {
    const message = `Say what the engine is to load, with --model: its name at Hugging Face, or a path that all nodes can read. Such as byzer ray model deploy ${name} --model Qwen/Qwen2.5-7B-Instruct.`;
    throw new AgentError("cli.usage", { argument: "--model" }, message);
  }
  return checkModelOrder({
    name,
    model,
    ...(servedName === undefined ? {} : { servedName }),
    ...(workers === undefined ? {} : { workers: amount("--workers", workers) }),
    ...(gpusPerWorker === undefined ? {} : { gpusPerWorker: amount("--gpus-per-worker", gpusPerWorker) }),
    ...(accelerator === undefined ? {} : { acceleratorType: accelerator }),
    ...(backend === undefined ? {} : { backend }),
    ...(engine.length === 0 ? {} : { engineArguments: Object.fromEntries(engine.map(engineArgument)) }),
  });
}

/** `NAME=VALUE`, whose value is JSON where it can be read as such, else a text. */
function engineArgument(text: string): readonly [string, unknown] {
  const [, name = "", value = ""] = /^([A-Za-z]\w*)=(.*)$/su.exec(text) ?? [];
  if (name === "") {
    const message = `--engine wants NAME=VALUE, such as max_model_len=8192; got ${text}.`;
    throw new AgentError("cli.usage", { argument: "--engine" }, message);
  }
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

function amount(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new AgentError("cli.usage", { argument: flag }, `${flag} wants a number from 0 on; got ${text}.`);
  }
  return value;
}

function say({ values, streams }: Order, document: object, text: string): void {
  streams.out(values.json ? `${JSON.stringify(document)}\n` : `${text}\n`);
}

function notRunning({ name, state, message }: ClusterModel): AgentError {
  const text = `The model "${name}" ${modelStateText(state, locale)}. ${message}`.trim();
  return new AgentError("remote.model-not-running", { name, state, reason: message }, text);
}

async function missing(name: string, models: ClusterModels, signal: AbortSignal): Promise<AgentError> {
  const known = (await models.list(signal)).map((model) => model.name);
  const there = known.length === 0 ? "None of ours is there." : `There are: ${known.join(", ")}.`;
  return new AgentError("remote.model-missing", { name, known }, `No model "${name}" is on the cluster. ${there}`);
}
