import { AgentError } from "../../base/errors.ts";
import type { ChatModel, ModelEvent, ModelMessage, ModelProvider, ModelRequest } from "../../ports/chat-model.ts";
import type { FromAgentHost, ModelAsked } from "../../protocol/remote-agents.ts";
import type { WindowCalls } from "./window-calls.ts";

/** Models as the window has them; every piece of an answer comes from there. They wait for as long as no window is there. */
export function relayedModels(calls: WindowCalls, run: string): ModelProvider {
  const open = async (asked: ModelAsked, signal: AbortSignal): Promise<ChatModel> => {
    const { name, place } = await calls.ask({ type: "model", run, asked }, "model-is", signal);
    return {
      name,
      place,
      complete: (request, stopped) => completeThere(calls, { run, asked, name, place }, request, stopped),
    };
  };
  return {
    modelFor: (role, signal) => open({ by: "role", role }, signal),
    modelNamed: (name, signal) => open({ by: "name", name }, signal),
  };
}

interface There {
  readonly run: string;
  readonly asked: ModelAsked;
  readonly name: string;
  readonly place: string;
}

async function* completeThere(
  calls: WindowCalls,
  { run, asked, place }: There,
  { messages, tools = [], maxTokens, temperature }: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const request = {
    messages: messages.map((message) => plainMessage(message)),
    tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters: { ...parameters } })),
    maxTokens: maxTokens ?? null,
    temperature: temperature ?? null,
  };
  // Schemas are JSON already.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const order = { type: "complete", run, asked, ...request } as Omit<Completing, "call">;
  for await (const answer of calls.listen(order, signal)) {
    if (answer.type === "model-event") {
      yield answer.event;
      if (answer.event.type === "end") {
        return;
      }
    }
  }

  throw new AgentError("model.cut", { baseUrl: place, text: "" }, "The window stopped in the middle of an answer.");
}

type Completing = Extract<FromAgentHost, { readonly type: "complete" }>;

/** Pictures stay in the window: agents of a group exchange words. */
function plainMessage(message: ModelMessage): Completing["messages"][number] {
  if (message.role !== "assistant") {
    return message.role === "tool" ? message : { role: message.role, content: message.content };
  }

  const { role, content, toolCalls } = message;
  return { role, content, ...(toolCalls === undefined ? {} : { toolCalls: toolCalls.map((each) => ({ ...each })) }) };
}
