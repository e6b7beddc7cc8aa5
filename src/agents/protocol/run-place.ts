import * as z from "zod/mini";

const amountSchema = z.number().check(z.gte(0));

/** So much of a cluster. */
export const clusterPlaceSchema = z.object({
  kind: z.literal("cluster"),
  cpus: amountSchema,
  gpus: amountSchema,
  /** 0: no limit. */
  memoryBytes: z.int().check(z.gte(0)),
  /** The cluster's own resources, by name. */
  custom: z.record(z.string(), amountSchema),
});
export type ClusterPlace = z.infer<typeof clusterPlaceSchema>;

/** Where the Python of a session runs. */
export const runPlaceSchema = z.discriminatedUnion("kind", [z.object({ kind: z.literal("here") }), clusterPlaceSchema]);
export type RunPlace = z.infer<typeof runPlaceSchema>;

export const runHere: RunPlace = { kind: "here" };

/** What a person is offered first: one processor, and as much memory as its machine has. */
export const usualClusterPlace: ClusterPlace = { kind: "cluster", cpus: 1, gpus: 0, memoryBytes: 0, custom: {} };

/** Whether a Python that runs in one place runs as it is to in the other. */
export function isSamePlace(one: RunPlace, other: RunPlace): boolean {
  if (one.kind === "here" || other.kind === "here") {
    return one.kind === other.kind;
  }
  const names = new Set([...Object.keys(one.custom), ...Object.keys(other.custom)]);
  return (
    one.cpus === other.cpus &&
    one.gpus === other.gpus &&
    one.memoryBytes === other.memoryBytes &&
    [...names].every((name) => (one.custom[name] ?? 0) === (other.custom[name] ?? 0))
  );
}

/** How the Python of a session is that runs on a cluster. */
export const kernelStateSchema = z.object({
  /**
   * `none`: the next code starts it. `starting`: the cluster is being connected to, or Python starts there. `waiting`: the
   * cluster has no room yet. `reconnecting`: the link is cut, and code goes on. `ended`: it ended without being told to.
   */
  phase: z.enum(["none", "starting", "waiting", "running", "reconnecting", "ended", "failed"]),
  /** The machine on which it runs, as the cluster calls it. */
  node: z.optional(z.string()),
  /** What it is, such as `Python 3.11.7 · pandas · matplotlib`. */
  python: z.optional(z.string()),
  /** What is waited for, what went wrong, or what one that runs lacks; in the person's language where the product says it. */
  detail: z.string(),
});
export type KernelState = z.infer<typeof kernelStateSchema>;
