import type { AgentPowers } from "../byzer-agent/answering.ts";
import { noHelp } from "../byzer-agent/program-reply.ts";
import type { FromAgentProcess, ToAgentProcess } from "../protocol/agent-process.ts";
import { problemOf } from "../ports/problem-of.ts";

/** What an agent's process asks of its host while it answers. */
type HostCall = Extract<FromAgentProcess, { readonly call: number }>;

/**
 * Does what an agent asks for, with the powers of the message that it answers, and says what came of it.
 *
 * @param powers `undefined` where nobody waits for that answer any more.
 */
export async function serveCall(
  asked: HostCall,
  powers: AgentPowers | undefined,
  say: (answer: ToAgentProcess) => void,
): Promise<void> {
  const { id, call } = asked;
  try {
    if (powers === undefined) {
      throw noHelp("An agent that is not answering", "peer");
    }

    say(await answerOf(asked, powers, say));
  } catch (error) {
    say({ type: "refused", id, call, problem: problemOf(error) });
  }
}

async function answerOf(
  asked: HostCall,
  powers: AgentPowers,
  say: (answer: ToAgentProcess) => void,
): Promise<ToAgentProcess> {
  const { id, call } = asked;
  switch (asked.type) {
    case "send": {
      const { to, content, metadata, requestReply, silent } = asked;
      const options = { metadata, requestReply, ...(silent === undefined ? {} : { silent }) };
      return { type: "sent", id, call, reply: await powers.send(to, content, options) };
    }
    case "complete": {
      const onText = (text: string): void => say({ type: "model-text", id, call, text });
      const messages = asked.messages.map((message) => plainMessage(message));
      const said = await powers.complete(messages, { tools: asked.tools, ...(asked.streams ? { onText } : {}) });
      const toolCalls = said.toolCalls.map(({ id: toolCall, name, arguments: input }) => ({
        id: toolCall,
        name,
        arguments: input,
      }));
      return { type: "completed", id, call, text: said.text, toolCalls };
    }
    case "call-tool":
      return { type: "tool-done", id, call, ...(await powers.tool(asked.tool, asked.input)) };
  }
}

type Given = Extract<HostCall, { type: "complete" }>["messages"][number];
type Said = Parameters<AgentPowers["complete"]>[0][number];

/** Without the fields that are there and empty. */
function plainMessage(message: Given): Said {
  if (message.role !== "assistant") {
    return message;
  }

  const { role, content, toolCalls } = message;
  return { role, content, ...(toolCalls === undefined ? {} : { toolCalls }) };
}
