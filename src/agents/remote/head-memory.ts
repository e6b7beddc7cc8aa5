import { AgentError } from "../base/errors.ts";
import type { ClusterMachine } from "./cluster-control.ts";

/** What Ray Serve and ours take on the head, measured with Ray 2.58: its controller and proxy, our gateway and ledger, a job. */
const neededBytes = 1e9;
/** The share of a machine's memory that must be free, or Ray ends programs there (docs.ray.io, "Out-Of-Memory Prevention"). */
const spareShare = 0.05;

/**
 * Refuses a cluster whose head has no memory left for what is to be put there: Ray would end it, or something else of its.
 * A head that does not tell what it has, as one that has just started, is not refused.
 *
 * @throws AgentError `remote.memory`
 */
export function refuseFullHead(address: string, machines: readonly ClusterMachine[]): void {
  const memory = machines.find(({ isHead }) => isHead)?.memory ?? null;
  if (memory === null) {
    return;
  }
  const free = Math.max(0, memory.availableBytes - memory.totalBytes * spareShare);
  if (free < neededBytes) {
    const sizes = { free: gigabytes(free), total: gigabytes(memory.totalBytes), needed: gigabytes(neededBytes) };
    const message = `The head of the cluster at ${address} has ${sizes.free} of its ${sizes.total} of memory left before Ray ends programs there, and Byzer takes about ${sizes.needed}. Nothing was put there. End something that runs there, or start the cluster on a machine with more memory.`;
    throw new AgentError("remote.memory", { address, ...sizes }, message);
  }
}

/** @param bytes Said in units of 10⁹. */
function gigabytes(bytes: number): string {
  return `${(Math.floor(bytes / 1e8) / 10).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
}
