import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AgentError } from "../base/errors.ts";
import { createEndpointMemory } from "../models/endpoint-memory.ts";
import { createEnvironmentModels } from "../models/environment-models.ts";
import { createProxyAgents } from "../models/proxy-agents.ts";
import type { RemoteHomes } from "../conversing/remote-homes.ts";
import type { InterpreterProvider } from "../ports/interpreter.ts";
import type { ConnectStep } from "../protocol/cluster-state.ts";
import type { ModelWay } from "../protocol/remote-agents.ts";
import { type Cluster, type ClusterParts, connectToCluster } from "../remote/cluster.ts";
import { type ClusterAddress, clusterAddress } from "../remote/cluster-address.ts";
import { readClusterPackage } from "../remote/cluster-package.ts";
import type { LinkState } from "../remote/cluster-link.ts";
import { knownAddress, localClusterFolder } from "../remote/local-cluster.ts";
import { createRemoteInterpreterProvider } from "../remote/remote-interpreter-provider.ts";
import { admissionFile } from "./admission-file.ts";
import { type ClusterFlags, kernelResources, modelsWay } from "./cluster-flags.ts";
import { CommandHomes, type HomesOrder } from "./command-homes.ts";
import { type ModelFlags, modelFlags } from "./question-command.ts";
import type { CommandStreams } from "./command-streams.ts";

/** Seconds after which what a command has left behind ends: nobody comes back for it. */
const idleS = 600;

/** Code on a cluster, for a command. */
export interface CommandCluster {
  readonly python: InterpreterProvider;
  /** Where agents of a workspace live that are declared to live on a cluster. */
  readonly homes: (order: HomesOrder) => RemoteHomes;
  /** The cluster; connected to once for all who ask. */
  readonly connected: (signal: AbortSignal) => Promise<Cluster>;
  readonly close: () => Promise<void>;
}

const steps: Readonly<Record<ConnectStep, string>> = {
  looking: "Looking at the cluster…",
  uploading: "Putting Byzer's part on the cluster…",
  deploying:
    "Starting Byzer's gateway there. Whoever can reach it with a token that you admit can run code on the cluster, and code on a cluster can do there what its administrator can…",
  admitting: "Admitting this machine…",
  linking: "Connecting…",
};

/**
 * Code on the cluster that `--ray` names; it is connected to when code is first to run.
 *
 * @returns `undefined` where the code is to run on this machine. @throws AgentError `cli.usage`, `remote.not-ray`
 */
export function commandCluster(flags: ClusterFlags & ModelFlags, streams: CommandStreams): CommandCluster | undefined {
  if (flags.ray === undefined) {
    return undefined;
  }
  const resources = kernelResources(flags);
  const way = commandModelWay(modelsWay(flags), flags, streams);
  const address = clusterAddress(flags.ray, flags["ray-serve"]);
  let connecting: Promise<Cluster> | undefined;
  const connected = async (signal: AbortSignal): Promise<Cluster> => {
    connecting ??= clusterParts({ ...flags, address }, streams).then((parts) => connectToCluster(parts, signal));
    return connecting;
  };
  const opened: CommandHomes[] = [];
  return {
    python: createRemoteInterpreterProvider({
      cluster: connected,
      resources: () => resources,
      idleS,
      onTrouble: (error) => streams.err(`${error instanceof Error ? error.message : String(error)}\n`),
    }),
    homes: (order) => {
      const homes = new CommandHomes(order, { connected, way, streams });
      opened.push(homes);
      return homes;
    },
    connected,
    close: async () => {
      await Promise.all(opened.map((homes) => homes.leave()));
      const cluster = await connecting?.catch(() => undefined);
      await cluster?.close();
    },
  };
}

/** How agents there reach models: with `window` the key of a model stays on this machine. */
function commandModelWay(
  how: "window" | "endpoint",
  flags: ModelFlags,
  streams: CommandStreams,
): (signal: AbortSignal) => Promise<ModelWay> {
  if (how === "window") {
    return () => Promise.resolve({ kind: "window" });
  }
  const say = (sentence: string): void => streams.err(`${sentence}\n`);
  const parts = { flags: modelFlags(flags), environment: process.env, memory: createEndpointMemory(), say };
  const models = createEnvironmentModels(parts);
  return async (signal) => ({ kind: "endpoint", ...(await models.endpoint(signal)) });
}

/** How a command reaches a cluster. */
export async function clusterParts(
  flags: ClusterFlags & { readonly address: ClusterAddress },
  streams: CommandStreams,
): Promise<ClusterParts> {
  const agentFor = createProxyAgents(process.env);
  const { address, token } = await knownAddress(localClusterFolder, flags.address);
  let source: string | undefined;
  const found = async (): Promise<string | null> => {
    const read = await rayToken(flags["ray-token-env"]);
    source = read?.source;
    return read?.token ?? null;
  };
  return {
    address,
    isServeGiven: flags["ray-serve"] !== undefined,
    rayToken: () => (token === null ? found() : Promise.resolve(token)),
    rayTokenSource: () => source,
    admissions: admissionFile(join(homedir(), ".byzer", "clusters.json")),
    package: () => readClusterPackage(join(import.meta.dirname, "ray")),
    ...(agentFor === null ? {} : { agentFor }),
    onStep: (step) => streams.err(`${steps[step]}\n`),
    onState: (state) => sayState(state, streams),
  };
}

function sayState(state: LinkState, streams: CommandStreams): void {
  if (state.phase === "reconnecting" && state.attempts === 0) {
    streams.err(`The link to the cluster is cut (${state.reason}). Reconnecting…\n`);
  } else if (state.phase === "down" && state.problem !== null) {
    streams.err(`${state.problem.message}\n`);
  }
}

/** Ray's token, and where it was. */
interface FoundToken {
  readonly token: string;
  readonly source: string;
}

/** As Ray's own programs find it. @throws AgentError `cli.usage` where a variable was named that is not set */
async function rayToken(variable: string | undefined): Promise<FoundToken | null> {
  const environment = process.env;
  if (variable !== undefined) {
    const named = environment[variable]?.trim();
    if (named === undefined || named === "") {
      const message = `--ray-token-env names ${variable}, which is not set.`;
      throw new AgentError("cli.usage", { argument: "--ray-token-env" }, message);
    }
    return { token: named, source: `the variable ${variable}` };
  }
  const said = environment["RAY_AUTH_TOKEN"]?.trim();
  if (said !== undefined && said !== "") {
    return { token: said, source: "the variable RAY_AUTH_TOKEN" };
  }
  const path = environment["RAY_AUTH_TOKEN_PATH"] ?? join(homedir(), ".ray", "auth_token");
  const kept = (await readFile(path, "utf8").catch(() => "")).trim();
  return kept === "" ? null : { token: kept, source: `the file ${path}` };
}
