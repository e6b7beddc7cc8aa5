import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AgentError } from "../base/errors.ts";
import { createProxyAgents } from "../models/proxy-agents.ts";
import type { InterpreterProvider } from "../ports/interpreter.ts";
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

/** Code on a cluster, for a command. */
export interface CommandCluster {
  readonly python: InterpreterProvider;
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
  return {
    python: createRemoteInterpreterProvider({
      cluster: async (signal) => {
        connecting ??= clusterParts({ ...flags, address }, streams).then((parts) => connectToCluster(parts, signal));
        return connecting;
      },
      resources: () => resources,
      // Nobody comes back for what a command has left behind.
      idleS: 600,
      onTrouble: (error) => streams.err(`${error instanceof Error ? error.message : String(error)}\n`),
    }),
    close: async () => {
      const cluster = await connecting?.catch(() => undefined);
      await cluster?.close();
    },
  };
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
