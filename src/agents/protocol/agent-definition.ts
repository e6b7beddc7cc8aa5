import * as z from "zod/mini";

/** What an agent or a group may be called: letters of any script, figures, `_` and `-`. */
export const agentNamePattern = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;

export const agentNameSchema = z.string().check(z.regex(agentNamePattern));

/** When the person is asked for words: see `HumanInputMode` of the core. */
export const inputModeSchema = z.enum(["ALWAYS", "TERMINATE", "NEVER"]);

/** Another agent that may be given the whole conversation. */
export const handOffSchema = z.object({
  agent: agentNameSchema,
  /** What a person reads on the way, such as "Have it reviewed". */
  label: z.string(),
  /** Said to the other agent besides the question; empty for nothing. */
  prompt: z.string(),
});
export type HandOff = z.infer<typeof handOffSchema>;

/** What an agent may spend on one message; what is left out is bounded by the run alone. */
export const agentLimitsSchema = z.object({
  /** Replies to one peer in a row. */
  replies: z.optional(z.number()),
  modelCalls: z.optional(z.number()),
  tokens: z.optional(z.number()),
  seconds: z.optional(z.number()),
});
export type AgentLimits = z.infer<typeof agentLimitsSchema>;

/** A rule by which a group chat ends; none of them reads words. */
export const endRuleSchema = z.discriminatedUnion("rule", [
  /** A member calls the tool `finish`, whose argument is the answer. */
  z.object({ rule: z.literal("finish") }),
  /** This member has spoken. */
  z.object({ rule: z.literal("speaker"), agent: agentNameSchema }),
  /** Nobody has anything to add: a member passes. */
  z.object({ rule: z.literal("silence") }),
  /** The group's model is asked after each round whether the task is done. */
  z.object({ rule: z.literal("judge") }),
]);
export type EndRule = z.infer<typeof endRuleSchema>;

/** How the members of a group talk. */
export const groupPlanSchema = z.object({
  /** Agents or groups, by name; in this order for `round-robin`. */
  members: z.array(agentNameSchema).check(z.minLength(1)),
  /** Who speaks next: in turn, as the group's model says, or as `script` says. */
  speaker: z.enum(["round-robin", "model", "script"]),
  /** Names in the order in which they speak, where `speaker` is `script`. */
  script: z.array(agentNameSchema),
  /** Words of members after which the chat ends at the latest. */
  maxRounds: z.number(),
  /** The chat ends when any of these holds, at the latest after `maxRounds`. */
  end: z.array(endRuleSchema),
  /** The group's answer: the last word, or what its model makes of all words. */
  answer: z.enum(["last", "summary"]),
});
export type GroupPlan = z.infer<typeof groupPlanSchema>;

/**
 * What an agent is, wherever it was declared: in a file, in code, or by another extension. Plain data, so that it can be
 * shown, edited, compared and sent to another process.
 */
export const agentDefinitionSchema = z.object({
  name: agentNameSchema,
  /** When to choose it: one sentence for people, routers and other agents. */
  description: z.string(),
  systemMessage: z.string(),
  /** A role (`chat`, `router`, `reviewer`) or the name of a model; `null` for the chat's model. */
  model: z.nullable(z.string()),
  /** Names of tools; `server/*` stands for all of a server. */
  tools: z.array(z.string()),
  /** Agents that it may ask while it answers. */
  asks: z.array(agentNameSchema),
  handOffs: z.array(handOffSchema),
  inputMode: inputModeSchema,
  limits: agentLimitsSchema,
  /** Where it lives: in this process (or one beside it), or on a cluster. */
  location: z.enum(["local", "ray"]),
  /** Where it is a group. */
  group: z.nullable(groupPlanSchema),
});
export type AgentDefinition = z.infer<typeof agentDefinitionSchema>;

/** A definition of which only some things are said; the rest is as a person would expect. */
export function completeDefinition(given: Pick<AgentDefinition, "name"> & Partial<AgentDefinition>): AgentDefinition {
  return {
    description: "",
    systemMessage: "",
    model: null,
    tools: [],
    asks: [],
    handOffs: [],
    inputMode: "NEVER",
    limits: {},
    location: "local",
    group: null,
    ...given,
  };
}
