import * as z from "zod/mini";

/** How a model on a cluster is. `gone`: it was put there, and has been taken away by somebody else. */
export type ClusterModelState = "deploying" | "running" | "unhealthy" | "failed" | "removing" | "gone";

/** GPUs that a model wants, and those that its cluster has. */
export const modelShortageSchema = z.object({ wanted: z.number(), found: z.number() });
export type ModelShortage = z.infer<typeof modelShortageSchema>;
