import * as z from "zod/mini";
import { problemSchema } from "./problem.ts";

/** What connecting to a cluster is doing. */
export const connectStepSchema = z.enum(["looking", "uploading", "deploying", "admitting", "linking"]);
export type ConnectStep = z.infer<typeof connectStepSchema>;

/** Something to share out. Memory in bytes. */
const sharesSchema = z.object({ cpus: z.number(), gpus: z.number(), memoryBytes: z.number() });
export type ClusterShares = z.infer<typeof sharesSchema>;

/** A machine of a cluster, and what it has in all. `custom`: amounts of resources of its own, by name. */
const machineSchema = z.object({ ...sharesSchema.shape, custom: z.record(z.string(), z.number()) });
export type ClusterMachine = z.infer<typeof machineSchema>;

const address = { address: z.string() };

/** What is known of the cluster of a workspace. `address`: of the dashboard, which is the name of a cluster for people. */
export const clusterStateSchema = z.discriminatedUnion("status", [
  /** None was named. */
  z.object({ status: z.literal("none") }),
  /** One is named, and not connected: the person disconnected it, or nothing needed it since the window was opened. */
  z.object({ status: z.literal("off"), ...address }),
  z.object({ status: z.literal("connecting"), ...address, step: connectStepSchema }),
  z.object({
    status: z.literal("up"),
    ...address,
    machines: z.array(machineSchema),
    /** What it has in all. */
    ...sharesSchema.shape,
    /** What nobody uses. */
    free: sharesSchema,
    /** Names of resources of its own. */
    custom: z.array(z.string()),
    /** How much of ours runs there. */
    children: z.number(),
  }),
  /** The link was cut and is made again. `since`: milliseconds since 1970. `reason`: in plain words. */
  z.object({ status: z.literal("reconnecting"), ...address, since: z.number(), reason: z.string() }),
  /** Not connected, and not tried again before somebody asks for it. */
  z.object({ status: z.literal("failed"), ...address, problem: problemSchema }),
]);
export type ClusterState = z.infer<typeof clusterStateSchema>;
