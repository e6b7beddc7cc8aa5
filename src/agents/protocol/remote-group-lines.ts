import * as z from "zod/mini";

/**
 * What the actor that runs a host of agents says to it, one line each, and what the host says to the actor. Bodies are
 * those of `remote-agents.ts`. `body` is written down by the actor and told again, as `replay`, to a host that takes this
 * one's place; `passing` is delivered as reliably and never written down.
 */
export const toGroupProgramSchema = z.discriminatedUnion("t", [
  /** The first line. `lives`: how often a host was started for this group. */
  z.object({ t: z.literal("begin"), name: z.string(), lives: z.number() }),
  /** What was said before; `from`: who said it. */
  z.object({ t: z.literal("replay"), from: z.enum(["window", "group"]), body: z.json() }),
  /** All of that was told: from now on it is new. */
  z.object({ t: z.literal("live") }),
  z.object({ t: z.enum(["body", "passing"]), body: z.json() }),
  /** A window has come, or gone. */
  z.object({ t: z.literal("window"), window: z.string(), here: z.boolean() }),
]);

/** What a host says to its actor. */
export type FromGroupProgram =
  | { readonly t: "body" | "passing"; readonly body: unknown }
  /** Whether anybody works, so that it is not ended for want of a window. */
  | { readonly t: "busy"; readonly busy: boolean }
  | { readonly t: "log"; readonly text: string };

/** What a body of a group is wrapped in on its way through a channel, and what else its actor says there. */
export const groupBodySchema = z.union([
  z.object({ line: z.json() }),
  z.object({ passing: z.nullable(z.json()) }),
  /** The host ended by itself and was started again. */
  z.object({ restarted: z.object({ tail: z.string() }) }),
  /** It ended too often. */
  z.object({ exited: z.object({ tail: z.string() }) }),
]);
