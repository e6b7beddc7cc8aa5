import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { startRayCluster } from "./ray-cluster.ts";

/** Tells a second project of the same run that the cluster stands. */
const planVariable = "BYZER_RAY_TEST_CLUSTER";

/**
 * Starts a cluster of a head and two nodes once for all files of a run; tests have it by `sharedCluster()`. Where
 * `BYZER_RAY_ONE_HOST` says why, all of its hosts are this machine.
 *
 * @returns Ends it.
 */
export async function setup({ provide }: Pick<TestProject, "provide">): Promise<() => void> {
  const stands = process.env[planVariable];
  if (stands !== undefined) {
    provide("rayCluster", JSON.parse(stands));
    return () => undefined;
  }
  const python = resolve(".cache", "ray", "bin", "python");
  if (!existsSync(python)) {
    throw new Error("There is no Ray for tests: run `npm run test:ray`, which makes it.");
  }
  const reason = process.env["BYZER_RAY_ONE_HOST"] ?? "";
  const cluster = await startRayCluster(python, undefined, reason === "" ? undefined : { uncuttable: reason });
  process.env[planVariable] = JSON.stringify(cluster.plan);
  provide("rayCluster", cluster.plan);
  return () => {
    delete process.env[planVariable];
    cluster.close();
  };
}
