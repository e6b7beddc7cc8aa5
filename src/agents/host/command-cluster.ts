import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AgentError } from "../base/errors.ts";
import { createProxyAgents } from "../models/proxy-agents.ts";
import type { RemoteHomes } from "../conversing/remote-homes.ts";
import type { AgentDirectory } from "../directory/agent-directory.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { InterpreterProvider } from "../ports/interpreter.ts";
import { isWrittenDown } from "../protocol/remote-agents.ts";
import { ClusterHomes } from "../remote-agents/cluster-homes.ts";
import { openGroupChannel } from "../remote/group-channel.ts";
import { type Cluster, type ClusterParts, type ConnectStep, connectToCluster } from "../remote/cluster.ts";
import { type ClusterAddress, clusterAddress } from "../remote/cluster-address.ts";
import { readClusterPackage } from "../remote/cluster-package.ts";
import type { LinkState } from "../remote/cluster-link.ts";
import { findLocalCluster } from "../remote/local-cluster.ts";
import { createRemoteInterpreterProvider } from "../remote/remote-interpreter-provider.ts";
import { admissionFile } from "./admission-file.ts";
import { type ClusterFlags, kernelResources } from "./cluster-flags.ts";
import type { CommandStreams } from "./command-streams.ts";

/** Where the command line keeps the cluster that it starts on this machine. */
export const localClusterFolder = join(homedir(), ".byzer", "ray");

/** Seconds after which what a command has left behind ends: nobody comes back for it. */
const idleS = 600;

/** Code on a cluster, for a command. */
export interface CommandCluster {
  readonly python: InterpreterProvider;
  /** Where agents of a workspace live that are declared to live on a cluster. */
  readonly homes: (directory: AgentDirectory, models: ModelProvider) => RemoteHomes;
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
export function commandCluster(flags: ClusterFlags, streams: CommandStreams): CommandCluster | undefined {
  if (flags.ray === undefined) {
    return undefined;
  }
  const resources = kernelResources(flags);
  const address = clusterAddress(flags.ray, flags["ray-serve"]);
  let connecting: Promise<Cluster> | undefined;
  const connected = async (signal: AbortSignal): Promise<Cluster> => {
    connecting ??= clusterParts({ ...flags, address }, streams).then((parts) => connectToCluster(parts, signal));
    return connecting;
  };
  const opened: ClusterHomes[] = [];
  return {
    python: createRemoteInterpreterProvider({
      cluster: connected,
      resources: () => resources,
      idleS,
      onTrouble: (error) => streams.err(`${error instanceof Error ? error.message : String(error)}\n`),
    }),
    homes: (directory, models) => {
      const homes = commandHomes({ connected, directory, models, streams });
      opened.push(homes);
      return homes;
    },
    close: async () => {
      await Promise.all(opened.map((homes) => homes.leave(true)));
      const cluster = await connecting?.catch(() => undefined);
      await cluster?.close();
    },
  };
}

interface HomesOrder {
  readonly connected: (signal: AbortSignal) => Promise<Cluster>;
  readonly directory: AgentDirectory;
  readonly models: ModelProvider;
  readonly streams: CommandStreams;
}

/** Homes that end with the command: each has its own, so that two commands do not take them from each other. */
function commandHomes({ connected, directory, models, streams }: HomesOrder): ClusterHomes {
  const own = randomUUID();
  return new ClusterHomes({
    open: async (host, signal) => {
      const { link } = await connected(signal);
      return await openGroupChannel(
        {
          link,
          name: `group-${own}-${createHash("sha256").update(host).digest("hex").slice(0, 16)}`,
          create: { title: host, cpus: 0, memoryBytes: 0, idleS },
          isWrittenDown,
          onRestart: (tail) => streams.err(`${host} was started again on the cluster. ${tail}\n`),
          onWaiting: (reason) => streams.err(`${host} waits for the cluster: ${reason}\n`),
        },
        signal,
      );
    },
    directory,
    // The key of a model stays on this machine.
    way: () => Promise.resolve({ kind: "window" }),
    models,
    onLate: () => undefined,
    onLog: (agent, text) => streams.err(`${agent}: ${text}\n`),
  });
}

/** How a command reaches a cluster. */
export async function clusterParts(
  flags: ClusterFlags & { readonly address: ClusterAddress },
  streams: CommandStreams,
): Promise<ClusterParts> {
  const agentFor = createProxyAgents(process.env);
  const local = await findLocalCluster(localClusterFolder);
  const { address } = flags;
  const isLocal = local?.dashboard === address.dashboard;
  return {
    address: isLocal ? { ...address, serve: local.serve } : address,
    isServeGiven: flags["ray-serve"] !== undefined,
    rayToken: () => (isLocal ? Promise.resolve(local.token) : rayToken(flags["ray-token-env"])),
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

/** As Ray's own programs find it. @throws AgentError `cli.usage` where a variable was named that is not set */
async function rayToken(variable: string | undefined): Promise<string | null> {
  const environment = process.env;
  if (variable !== undefined) {
    const named = environment[variable]?.trim();
    if (named === undefined || named === "") {
      const message = `--ray-token-env names ${variable}, which is not set.`;
      throw new AgentError("cli.usage", { argument: "--ray-token-env" }, message);
    }
    return named;
  }
  const said = environment["RAY_AUTH_TOKEN"]?.trim();
  if (said !== undefined && said !== "") {
    return said;
  }
  const path = environment["RAY_AUTH_TOKEN_PATH"] ?? join(homedir(), ".ray", "auth_token");
  const kept = await readFile(path, "utf8").catch(() => "");
  return kept.trim() === "" ? null : kept.trim();
}
