import { AgentError, messageOf } from "../base/errors.ts";
import type { Run } from "../core/run.ts";
import type { Completion, CompletionRequest, ReplyHelp } from "../ports/reply-help.ts";
import type { ToolResult } from "../ports/tool.ts";
import type { Message } from "../protocol/message.ts";
import type { AgentProgram } from "./agent-program.ts";
import type { OfficeModel, OfficeOptions } from "./office-types.ts";
import { noHelp } from "./program-reply.ts";

/** What the agents of one office share. */
export interface OfficeMeans {
  readonly model: OfficeModel | undefined;
  readonly approve: NonNullable<OfficeOptions["approve"]>;
  readonly onText: NonNullable<OfficeOptions["onText"]>;
  /** Whose tool it is. */
  readonly ownerOf: (tool: string) => AgentProgram | undefined;
}

/** Model, tools and streaming for an agent of an office. */
export function officeHelp(means: OfficeMeans, program: AgentProgram, run: Run): ReplyHelp {
  const { name, model } = program.definition;
  return {
    complete: (request, onText) => complete({ means, name, model, run }, request, onText),
    callTool: (tool, input) => callTool({ means, program, run }, tool, input),
    show: (text) => means.onText(name, text),
  };
}

interface Asking {
  readonly means: OfficeMeans;
  readonly name: string;
  readonly model: string | null;
  readonly run: Run;
}

async function complete(
  { means, name, model, run }: Asking,
  { messages, tools = [] }: CompletionRequest,
  onText: (text: string) => void = () => undefined,
): Promise<Completion> {
  if (means.model === undefined) {
    throw noHelp(name, "model");
  }

  run.budget.spendModelCall();
  const said = await means.model({ messages: messages.map(textOnly), tools, model, signal: run.signal, onText });
  return typeof said === "string" ? { text: said, toolCalls: [] } : said;
}

/** Pictures have no place in an office. */
function textOnly(message: CompletionRequest["messages"][number]): CompletionRequest["messages"][number] {
  return message.role === "system" || message.role === "user"
    ? { role: message.role, content: message.content }
    : message;
}

interface Calling {
  readonly means: OfficeMeans;
  readonly program: AgentProgram;
  readonly run: Run;
}

async function callTool({ means, program, run }: Calling, name: string, input: unknown): Promise<ToolResult> {
  const { name: agent, tools } = program.definition;
  const owner = tools.includes(name) ? means.ownerOf(name) : undefined;
  const tool = owner?.tools.find((known) => known.name === name);
  if (owner === undefined || tool === undefined) {
    const known = tools.length === 0 ? "It has none." : `It has ${tools.join(", ")}.`;
    return { text: `${agent} has no tool ${name}. ${known}`, failed: true };
  }

  if ((tool.effect ?? "acts") === "acts" && !(await means.approve({ agent, tool: name, input }))) {
    return { text: `${name} was not allowed.`, failed: true };
  }

  return owner.runTool(name, input, { agent, signal: run.signal });
}

const maxToolRounds = 20;

/** Lets the agent's model answer: its system message, what was said with the sender, and its tools, until it only talks. */
export async function modelAnswer(
  means: OfficeMeans,
  program: AgentProgram,
  given: { readonly run: Run; readonly messages: readonly Message[]; readonly systemMessage: string },
): Promise<string> {
  const { name, tools } = program.definition;
  const help = officeHelp(means, program, given.run);
  const offered = tools.flatMap((tool) => means.ownerOf(tool)?.tools.filter((known) => known.name === tool) ?? []);
  const messages: CompletionRequest["messages"][number][] = [
    ...(given.systemMessage === "" ? [] : [{ role: "system" as const, content: given.systemMessage }]),
    ...given.messages.map(({ from, content }) =>
      from === name ? { role: "assistant" as const, content } : { role: "user" as const, content },
    ),
  ];
  for (let round = 0; round < maxToolRounds; round += 1) {
    // Each word follows from the results before it.
    /* oxlint-disable no-await-in-loop */
    const said = await help.complete({ messages, tools: offered }, (text) => help.show(text));
    if (said.toolCalls.length === 0) {
      return said.text;
    }

    messages.push({ role: "assistant", content: said.text, toolCalls: said.toolCalls });
    for (const call of said.toolCalls) {
      const { text } = await callRead(help, call.name, call.arguments);
      messages.push({ role: "tool", toolCallId: call.id, content: text });
    }
    /* oxlint-enable no-await-in-loop */
  }

  const limit = maxToolRounds;
  throw new AgentError(
    "run.budget",
    { what: "model calls", limit },
    `${name} went on calling tools; stopped after ${limit} rounds.`,
  );
}

async function callRead(help: ReplyHelp, name: string, written: string): Promise<ToolResult> {
  let input: unknown;
  try {
    input = JSON.parse(written === "" ? "{}" : written);
  } catch (error) {
    return { text: `The arguments are no JSON: ${messageOf(error)}`, failed: true };
  }

  return help.callTool(name, input);
}
