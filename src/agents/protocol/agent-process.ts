import * as z from "zod/mini";
import { agentDefinitionSchema } from "./agent-definition.ts";
import { messageSchema } from "./message.ts";
import { problemSchema } from "./problem.ts";

/** Version of the messages below; an agent's process says it first, and one of another version is ended. */
export const agentProcessVersion = 1;

/**
 * The largest message that is sent between a host and an agent's process, bytes of its JSON. Whoever wants to send more
 * refuses it and says so; one that arrives ends the process.
 */
export const agentMessageLimitBytes = 16 * 1024 * 1024;

/** What goes on between both sides at the same time is told apart by `id`: one load, one answer, one call of a tool. */
const work = { id: z.number() };

/** Something that the process asks of its host while it works on `id`; `call` is its number. */
const call = { id: z.number(), call: z.number() };

const metadataSchema = z.record(z.string(), z.json());

const toolCallSchema = z.object({ id: z.string(), name: z.string(), arguments: z.string() });

/** One message for a model. */
export const modelMessageSchema = z.union([
  z.object({ role: z.enum(["system", "user"]), content: z.string() }),
  z.object({
    role: z.literal("assistant"),
    content: z.string(),
    toolCalls: z.optional(z.array(toolCallSchema)),
  }),
  z.object({ role: z.literal("tool"), toolCallId: z.string(), content: z.string() }),
]);

/** What a model is offered to call. */
export const modelToolSchema = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.json()),
});

/** A tool that lives in an agent's process. */
export const processToolSchema = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.json()),
  effect: z.enum(["reads", "acts"]),
});
export type ProcessTool = z.infer<typeof processToolSchema>;

/** What reply functions made of a message. */
export const processReplySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("answer"), content: z.string(), metadata: metadataSchema }),
  z.object({ kind: z.literal("silence") }),
  z.object({ kind: z.literal("pass") }),
]);

/** What a host says to an agent's process. */
export const toAgentProcessSchema = z.discriminatedUnion("type", [
  /** Load the file at `path`; its agent is called `name` unless it says otherwise. */
  z.object({ type: z.literal("load"), ...work, path: z.string(), name: z.string() }),
  /** Answer `message`, the last of `messages`. */
  z.object({
    type: z.literal("reply"),
    ...work,
    message: messageSchema,
    messages: z.array(messageSchema),
    systemMessage: z.string(),
  }),
  z.object({ type: z.literal("run-tool"), ...work, tool: z.string(), input: z.json(), agent: z.string() }),
  /** Nobody waits for `id` any more. */
  z.object({ type: z.literal("cancel"), ...work }),
  /** Another agent has answered, or was only told. */
  z.object({ type: z.literal("sent"), ...call, reply: z.nullable(messageSchema) }),
  /** A piece of what the model says. */
  z.object({ type: z.literal("model-text"), ...call, text: z.string() }),
  z.object({ type: z.literal("completed"), ...call, text: z.string(), toolCalls: z.array(toolCallSchema) }),
  z.object({ type: z.literal("tool-done"), ...call, text: z.string(), failed: z.boolean() }),
  /** What was asked for cannot be had. */
  z.object({ type: z.literal("refused"), ...call, problem: problemSchema }),
  /** Say that the thread is alive. */
  z.object({ type: z.literal("ping"), ...work }),
  z.object({ type: z.literal("stop") }),
]);
export type ToAgentProcess = z.infer<typeof toAgentProcessSchema>;

/** What an agent's process says to its host. */
export const fromAgentProcessSchema = z.discriminatedUnion("type", [
  /** The first word. `inspector`: the address of its debugger, where it has one. */
  z.object({ type: z.literal("hello"), version: z.number(), pid: z.number(), inspector: z.nullable(z.string()) }),
  /** `files`: paths of all files that were loaded for it. */
  z.object({
    type: z.literal("loaded"),
    ...work,
    definition: agentDefinitionSchema,
    tools: z.array(processToolSchema),
    files: z.array(z.string()),
  }),
  /** What was asked for under `id` went wrong. `files`: as of `loaded`, where it was a load. */
  z.object({
    type: z.literal("failed"),
    ...work,
    problem: problemSchema,
    files: z.optional(z.array(z.string())),
  }),
  z.object({ type: z.literal("replied"), ...work, reply: processReplySchema }),
  z.object({ type: z.literal("tool-ran"), ...work, text: z.string(), failed: z.boolean() }),
  /** A piece of the answer. */
  z.object({ type: z.literal("show"), ...work, text: z.string() }),
  z.object({
    type: z.literal("send"),
    ...call,
    to: z.string(),
    content: z.string(),
    metadata: metadataSchema,
    requestReply: z.boolean(),
    silent: z.optional(z.boolean()),
  }),
  /** `streams`: pieces are wanted as they come. */
  z.object({
    type: z.literal("complete"),
    ...call,
    messages: z.array(modelMessageSchema),
    tools: z.array(modelToolSchema),
    streams: z.boolean(),
  }),
  z.object({ type: z.literal("call-tool"), ...call, tool: z.string(), input: z.json() }),
  z.object({ type: z.literal("pong"), ...work }),
  /** A line for the agent's log. */
  z.object({ type: z.literal("log"), text: z.string() }),
]);
export type FromAgentProcess = z.infer<typeof fromAgentProcessSchema>;
