import * as z from "zod/mini";
import { modelPricesSchema } from "./model-costs.ts";
import { sessionEventSchema } from "./session-event.ts";

/** What the page with the agents of a session is told. */
export const agentsPushSchema = z.discriminatedUnion("kind", [
  /** The session that is shown, from its first event on; no events where there is none. */
  z.object({ kind: z.literal("session"), prices: modelPricesSchema, events: z.array(sessionEventSchema) }),
  /** Events of that session, in order. */
  z.object({ kind: z.literal("events"), events: z.array(sessionEventSchema) }),
  z.object({ kind: z.literal("prices"), prices: modelPricesSchema }),
  /** What can be done with whom; replaces what was told before. */
  z.object({
    kind: z.literal("agents"),
    agents: z.array(z.object({ name: z.string(), edit: z.boolean(), forget: z.boolean() })),
  }),
]);
export type AgentsPush = z.infer<typeof agentsPushSchema>;

/** What that page says. */
export const agentsRequestSchema = z.discriminatedUnion("kind", [
  /** It has loaded and wants the session. */
  z.object({ kind: z.literal("ready") }),
  /** It could not be drawn. */
  z.object({ kind: z.literal("failed"), message: z.string() }),
  /** The person wants to say what models cost. */
  z.object({ kind: z.literal("set-prices") }),
  /** The person wants to edit an agent's system message, to have an earlier one back, or to make the agent forget. */
  z.object({ kind: z.enum(["edit", "restore", "forget"]), agent: z.string() }),
  /** The person gives a message of a run other words and wants the run played again from there on. */
  z.object({ kind: z.literal("replay"), turnId: z.string(), messageId: z.string(), content: z.string() }),
]);
/** What can be done with an agent of the session. */
export type NotableAgent = Extract<AgentsPush, { kind: "agents" }>["agents"][number];
export type AgentsRequest = z.infer<typeof agentsRequestSchema>;
