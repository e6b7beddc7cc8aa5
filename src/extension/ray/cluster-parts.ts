import { Uri } from "vscode";
import { createProxyAgents } from "../../agents/models/proxy-agents.ts";
import type { ConnectStep } from "../../agents/protocol/cluster-state.ts";
import type { ClusterParts } from "../../agents/remote/cluster.ts";
import { clusterAddress } from "../../agents/remote/cluster-address.ts";
import { readClusterPackage } from "../../agents/remote/cluster-package.ts";
import { knownAddress, localClusterFolder } from "../../agents/remote/local-cluster.ts";
import { readSetting } from "../platform/configuration.ts";
import type { ClusterSecrets } from "./cluster-secrets.ts";

/**
 * How this window reaches a cluster.
 *
 * @param dashboard As people write it. @throws AgentError `remote.not-ray` for what is no address
 */
export async function clusterPartsOf(
  dashboard: string,
  { secrets, extensionUri }: { readonly secrets: ClusterSecrets; readonly extensionUri: Uri },
  onStep: (step: ConnectStep) => void = () => undefined,
): Promise<ClusterParts> {
  const serve = readSetting("ray.serveAddress");
  const { address, token } = await knownAddress(localClusterFolder, clusterAddress(dashboard, serve));
  return {
    address,
    isServeGiven: serve !== "",
    rayToken: () => (token === null ? secrets.rayToken(address.dashboard) : Promise.resolve(token)),
    admissions: secrets.admissions,
    package: () => readClusterPackage(Uri.joinPath(extensionUri, "dist", "ray").fsPath),
    agentFor: createProxyAgents(process.env) ?? undefined,
    onStep,
  };
}
