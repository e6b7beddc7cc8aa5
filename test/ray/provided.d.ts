import "vitest";
import type { RayClusterPlan } from "./ray-cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What `start-cluster.ts` started. */
    readonly rayCluster: RayClusterPlan;
  }
}
