import type { ClusterState } from "../protocol/cluster-state.ts";

const shares = { cpus: 12, gpus: 0, memoryBytes: 2 ** 34 };

/** A cluster of one machine of which nobody uses anything. */
export const idleCluster: Extract<ClusterState, { readonly status: "up" }> = {
  status: "up",
  address: "http://head:8265",
  machines: [{ ...shares, custom: {} }],
  ...shares,
  free: shares,
  custom: [],
  children: 0,
};
