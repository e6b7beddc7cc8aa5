import * as z from "zod/mini";
import { agentDefinitionSchema } from "./agent-definition.ts";
import { modelMessageSchema, modelToolSchema } from "./agent-process.ts";
import { messageSchema } from "./message.ts";
import { tokenUsageSchema } from "./model.ts";
import { problemSchema } from "./problem.ts";
import { sessionEventSchema, toolDecisionSchema } from "./session-event.ts";

/** Version of the messages below; a host of another version is told so and ended. */
export const remoteAgentsVersion = 1;

const run = { run: z.string() };

/** Something that the host asks of the window; `call` is unique. */
const call = { ...run, call: z.string() };

/** An agent or a group that lives in a host. */
export const remoteAgentSchema = z.object({
  definition: agentDefinitionSchema,
  /** The path of its code among the files of the group; `null` where a definition is all there is. */
  code: z.nullable(z.string()),
});
export type RemoteAgent = z.infer<typeof remoteAgentSchema>;

/** How the agents of a host reach models. */
export const modelWaySchema = z.discriminatedUnion("kind", [
  /** Through the window, with whatever model the person has chosen there; waits while no window is there. */
  z.object({ kind: z.literal("window") }),
  /** By themselves. `key` is held in memory only. */
  z.object({
    kind: z.literal("endpoint"),
    baseUrl: z.string(),
    key: z.nullable(z.string()),
    models: z.object({ chat: z.string(), router: z.string(), reviewer: z.string() }),
  }),
]);
export type ModelWay = z.infer<typeof modelWaySchema>;

/** A tool that runs in the window. */
const relayedToolSchema = z.object({ ...modelToolSchema.shape, origin: z.string(), effect: z.enum(["reads", "acts"]) });
export type RelayedTool = z.infer<typeof relayedToolSchema>;

/** Who lives in a host, and what they have; the last word is in force. */
export const settlementSchema = z.object({
  version: z.number(),
  /** Of the window that says it: another one has not heard what was asked of the one before. */
  window: z.string(),
  agents: z.array(remoteAgentSchema),
  /** Code of agents and what it imports: relative paths with `/`. */
  files: z.array(z.object({ path: z.string(), text: z.string() })),
  model: modelWaySchema,
  tools: z.array(relayedToolSchema),
  /** When to choose others, by name; their messages go to the window. */
  purposes: z.record(z.string(), z.string()),
});
export type Settlement = z.infer<typeof settlementSchema>;

/** A piece of what a model says; as the events of `ChatModel`. */
const modelEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["text", "reasoning"]), text: z.string() }),
  z.object({ type: z.literal("tool-delta"), index: z.number(), name: z.string(), arguments: z.string() }),
  z.object({
    type: z.literal("waiting"),
    reason: z.enum(["rate-limited", "server-failed", "connection-lost"]),
    delayMs: z.number(),
    text: z.string(),
  }),
  z.object({ type: z.literal("asked-again") }),
  z.object({
    type: z.literal("end"),
    text: z.string(),
    toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
    finishReason: z.enum(["stop", "length", "tool-calls", "filtered", "unknown"]),
    usage: tokenUsageSchema,
    repairs: z.array(z.string()),
  }),
]);

/** A model by its role or by its name. */
const modelAskedSchema = z.discriminatedUnion("by", [
  z.object({ by: z.literal("role"), role: z.enum(["chat", "router", "reviewer"]) }),
  z.object({ by: z.literal("name"), name: z.string() }),
]);
export type ModelAsked = z.infer<typeof modelAskedSchema>;

/** What agents of a group know when a question begins. */
export const runBeginningSchema = z.object({
  ...run,
  turnId: z.string(),
  /** By agent: everything that it exchanged with others in earlier questions, oldest first. */
  remembered: z.record(z.string(), z.array(messageSchema)),
  /** By agent: the system message that the person gave it for this session. */
  edited: z.record(z.string(), z.string()),
  /** What is left to spend; milliseconds. */
  left: z.object({ modelCalls: z.number(), timeMs: z.number() }),
});
export type RunBeginning = z.infer<typeof runBeginningSchema>;

/** What is said to a host on the cluster. */
export const toAgentHostSchema = z.discriminatedUnion("type", [
  /** What the host asked to be kept before it was lost, by the actor that started it; its first word, also where that is nothing. */
  z.object({ type: z.literal("restore"), entries: z.array(z.object({ key: z.string(), value: z.json() })) }),
  z.object({ type: z.literal("settle"), settlement: settlementSchema }),
  z.object({ type: z.literal("begin"), beginning: runBeginningSchema }),
  z.object({ type: z.literal("deliver"), ...run, message: messageSchema }),
  /** Nobody waits any more for the answer to the delivered message `message`; `null`: to any of this question. */
  z.object({ type: z.literal("cancel"), ...run, message: z.nullable(z.string()) }),
  /** Nothing more comes of this question. */
  z.object({ type: z.literal("finish"), ...run }),
  z.object({ type: z.literal("sent"), ...call, reply: z.nullable(messageSchema) }),
  z.object({ type: z.literal("model-is"), ...call, name: z.string(), place: z.string() }),
  z.object({ type: z.literal("model-event"), ...call, event: modelEventSchema }),
  z.object({ type: z.literal("tool-done"), ...call, text: z.string(), failed: z.boolean() }),
  z.object({ type: z.literal("decided"), ...call, decision: toolDecisionSchema }),
  /** What was asked for words: of the person, or of the session. `null`: the person wants the conversation to end. */
  z.object({ type: z.literal("words"), ...call, text: z.nullable(z.string()) }),
  /** What was asked for cannot be had. */
  z.object({ type: z.literal("refused"), ...call, problem: problemSchema }),
]);
export type ToAgentHost = z.infer<typeof toAgentHostSchema>;

/** What a host says. */
export const fromAgentHostSchema = z.discriminatedUnion("type", [
  /** The first word of a host that has started. */
  z.object({ type: z.literal("hello"), version: z.number(), node: z.string(), pid: z.number() }),
  /** For a host that takes this one's place: know this; `null`: no longer. A window passes it over. */
  z.object({ type: z.literal("keep"), key: z.string(), value: z.json() }),
  /** What was settled is in force, unless there is a problem with it. */
  z.object({
    type: z.literal("settled"),
    problem: z.nullable(problemSchema),
    agents: z.array(z.object({ name: z.string(), problem: z.nullable(problemSchema) })),
  }),
  /** Shown, in order. `event` lacks nothing but its turn and its time, which are the window's. */
  z.object({ type: z.literal("event"), ...run, event: sessionEventSchema }),
  /** The answer to the delivered message `message`. */
  z.object({ type: z.literal("replied"), ...run, message: z.string(), reply: z.nullable(messageSchema) }),
  z.object({ type: z.literal("failed"), ...run, message: z.string(), problem: problemSchema }),
  /** A message to somebody who does not live here. */
  z.object({ type: z.literal("send"), ...call, message: messageSchema }),
  z.object({ type: z.literal("model"), ...call, asked: modelAskedSchema }),
  z.object({
    type: z.literal("complete"),
    ...call,
    asked: modelAskedSchema,
    messages: z.array(modelMessageSchema),
    tools: z.array(modelToolSchema),
    maxTokens: z.nullable(z.number()),
    temperature: z.nullable(z.number()),
  }),
  z.object({ type: z.literal("call-tool"), ...call, agent: z.string(), tool: z.string(), input: z.json() }),
  /** A tool wants the person's yes. `input`: JSON text. */
  z.object({
    type: z.literal("approve"),
    ...call,
    callId: z.string(),
    agent: z.string(),
    tool: z.string(),
    origin: z.string(),
    input: z.string(),
  }),
  /** What an agent with these tools is to be told of the session. */
  z.object({ type: z.literal("about"), ...call, tools: z.array(z.string()) }),
  z.object({ type: z.literal("ask-person"), ...call, prompt: z.string() }),
  /** Nobody waits for the answer to this call any more. */
  z.object({ type: z.literal("drop"), ...call }),
  z.object({ type: z.literal("log"), agent: z.string(), text: z.string() }),
]);
export type FromAgentHost = z.infer<typeof fromAgentHostSchema>;

/** What the actor of a host writes down, so that a host that takes this one's place knows it. Keys of models are in none of it. */
const writtenDown: ReadonlySet<unknown> = new Set<(ToAgentHost | FromAgentHost)["type"]>([
  "begin",
  "deliver",
  "cancel",
  "finish",
  "keep",
  "replied",
  "failed",
]);

/** Whether a body is written down on its way; others only pass. */
export function isWrittenDown(body: unknown): boolean {
  return typeof body === "object" && body !== null && "type" in body && writtenDown.has(body.type);
}
