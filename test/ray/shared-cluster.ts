import { inject } from "vitest";
import { type RayCluster, rayClusterAt } from "./ray-cluster.ts";

/** The cluster of all files of this run: a head and the nodes `n1` and `n2`. Whoever takes one away puts it back. */
export function sharedCluster(): RayCluster {
  return rayClusterAt(inject("rayCluster"));
}
