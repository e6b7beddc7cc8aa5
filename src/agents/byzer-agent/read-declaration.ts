import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import {
  type AgentDefinition,
  agentLimitsSchema,
  agentNameSchema,
  completeDefinition,
  inputModeSchema,
} from "../protocol/agent-definition.ts";
import type { AgentDeclaration, ReplyDeclaration, ToolDeclaration } from "./agent-types.ts";

type AnyFunction = (...given: readonly never[]) => unknown;

const functionSchema = z.custom<AnyFunction>((value) => typeof value === "function", "Expected a function");

/** As models accept names of tools. */
const toolSchema = z.strictObject({
  name: z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/u)),
  description: z.string(),
  parameters: z.record(z.string(), z.json()),
  effect: z.optional(z.enum(["reads", "acts"])),
  run: functionSchema,
});

const replySchema = z.strictObject({
  name: z.optional(z.string().check(z.minLength(1))),
  trigger: z.optional(z.union([z.literal("anyone"), z.array(z.string()), functionSchema])),
  position: z.optional(
    z.union([z.enum(["first", "last"]), z.strictObject({ before: z.string() }), z.strictObject({ after: z.string() })]),
  ),
  config: z.optional(z.unknown()),
  reply: functionSchema,
});

const handOffSchema = z.union([
  agentNameSchema,
  z.strictObject({ agent: agentNameSchema, label: z.optional(z.string()), prompt: z.optional(z.string()) }),
]);

const agentSchema = z.strictObject({
  name: z.optional(agentNameSchema),
  description: z.optional(z.string()),
  systemMessage: z.optional(z.string()),
  model: z.optional(z.string()),
  tools: z.optional(z.array(z.union([z.string(), toolSchema]))),
  asks: z.optional(z.array(agentNameSchema)),
  handOffs: z.optional(z.array(handOffSchema)),
  limits: z.optional(z.strictObject(agentLimitsSchema.shape)),
  inputMode: z.optional(inputModeSchema),
  location: z.optional(z.enum(["local", "ray"])),
  replies: z.optional(z.array(replySchema)),
  setup: z.optional(functionSchema),
});

/**
 * Says what is wrong with an agent, a tool or a reply function that somebody wrote.
 *
 * @param what How to call it: an agent's name or its file.
 * @throws AgentError `agent.declaration`.
 */
export function checkAgent(what: string, value: unknown): asserts value is AgentDeclaration {
  check(agentSchema, what, value);
}

/** As {@link checkAgent}, for a tool. @throws AgentError `agent.declaration`. */
export function checkTool(what: string, value: unknown): asserts value is ToolDeclaration {
  check(toolSchema, what, value);
}

/** As {@link checkAgent}, for a reply function. @throws AgentError `agent.declaration`. */
export function checkReply(what: string, value: unknown): asserts value is ReplyDeclaration {
  check(replySchema, what, value);
}

function check(schema: z.ZodMiniType, what: string, value: unknown): void {
  const { error } = schema.safeParse(value);
  if (error !== undefined) {
    const reason = error.issues
      .flatMap((issue) => leavesOf(issue))
      .map((issue) => describe(issue, value))
      .join("; ");
    throw new AgentError("agent.declaration", { name: what, reason }, `${what}: ${reason}.`);
  }
}

/** Of a choice, what is wrong with the shape that was meant: the one whose outermost kind is right. */
function leavesOf(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  const meant =
    issue.code === "invalid_union"
      ? issue.errors.find((inner) => inner.some(({ code, path }) => code !== "invalid_type" || path.length > 0))
      : undefined;
  return meant === undefined
    ? [issue]
    : meant.flatMap((inner) => leavesOf(Object.assign({}, inner, { path: [...issue.path, ...inner.path] })));
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return `an object is needed, and this is ${nameOf(value)}`;
  }

  const place = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return `${place === "" ? "" : `${place}: `}nothing is known of ${issue.keys.join(", ")}`;
  }

  return `${place === "" ? "" : `${place}: `}${issue.message.replace(/^Invalid input: /u, "")}`;
}

/** What a value is, for people. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }

  return Array.isArray(value) ? "a list" : `${/^[aeiou]/u.test(typeof value) ? "an" : "a"} ${typeof value}`;
}

/**
 * The plain data of an agent.
 *
 * @param name What it is called unless it says so itself.
 * @param moreTools Tools that were declared beside it.
 */
export function definitionOf(
  agent: AgentDeclaration,
  name: string,
  moreTools: readonly ToolDeclaration[],
): AgentDefinition {
  const tools = [...(agent.tools ?? []), ...moreTools].map((tool) => (typeof tool === "string" ? tool : tool.name));
  return completeDefinition({
    name: agent.name ?? name,
    description: agent.description ?? "",
    systemMessage: agent.systemMessage ?? "",
    model: agent.model ?? null,
    tools: [...new Set(tools)],
    asks: [...(agent.asks ?? [])],
    handOffs: (agent.handOffs ?? []).map((handOff) =>
      typeof handOff === "string"
        ? { agent: handOff, label: "", prompt: "" }
        : { agent: handOff.agent, label: handOff.label ?? "", prompt: handOff.prompt ?? "" },
    ),
    inputMode: agent.inputMode ?? "NEVER",
    limits: agent.limits ?? {},
    ...(agent.location === undefined ? {} : { location: agent.location }),
  });
}
