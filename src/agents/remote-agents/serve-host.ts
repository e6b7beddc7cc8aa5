import { AgentError } from "../base/errors.ts";
import type { Run } from "../core/run.ts";
import type { ChatModel, ModelMessage, ModelProvider } from "../ports/chat-model.ts";
import type { FromAgentHost, ModelAsked, ToAgentHost } from "../protocol/remote-agents.ts";
import type { WindowServices } from "./window-services.ts";

/** What a host asks of the window. */
export type HostCall = Exclude<Extract<FromAgentHost, { readonly call: string }>, { readonly type: "drop" }>;

export interface Serving {
  readonly services: WindowServices;
  readonly run: Run;
  readonly say: (answer: ToAgentHost) => void;
}

/** Does what a host asks for within a question that is asked here. @throws what goes wrong, for the host to be told. */
export async function serveHost(asked: HostCall, { services, run, say }: Serving, signal: AbortSignal): Promise<void> {
  const place = { run: asked.run, call: asked.call };
  switch (asked.type) {
    case "send": {
      const reply = await run.narrow({ signal }).deliver(asked.message);
      return say({ type: "sent", ...place, reply: reply ?? null });
    }
    case "model":
    case "complete":
      return await serveModel(asked, services.models, say, signal);
    case "call-tool": {
      const { text, failed } = await callTool(asked, services, signal);
      return say({ type: "tool-done", ...place, text, failed });
    }
    case "approve": {
      const { callId, agent, tool, origin, input } = asked;
      const request = { turnId: services.turnId(), callId, agent, tool, origin, input };
      const { approvals } = services;
      const isGranted = approvals.granted(request);
      const decision = isGranted ? "session" : await run.budget.offTheClock(() => approvals.ask(request, signal));
      return say({ type: "decided", ...place, decision });
    }
    case "about":
      return say({ type: "words", ...place, text: await services.about(asked.tools, signal) });
    case "ask-person": {
      const { humanInput } = services;
      if (humanInput === undefined) {
        throw new AgentError("agent.no-human", { name: "" }, "An agent wants to ask the person, and nobody is there.");
      }

      const text = await run.budget.offTheClock(() => humanInput.ask(asked.prompt, signal));
      return say({ type: "words", ...place, text });
    }
  }
}

type ModelCall = Extract<HostCall, { readonly type: "model" | "complete" }>;

/** Lets a host use a model of the window; that does not need the question to be asked here. */
export async function serveModel(
  asked: ModelCall,
  models: ModelProvider,
  say: (answer: ToAgentHost) => void,
  signal: AbortSignal,
): Promise<void> {
  const place = { run: asked.run, call: asked.call };
  const model = await modelAsked(asked.asked, models, signal);
  if (asked.type === "model") {
    return say({ type: "model-is", ...place, name: model.name, place: model.place });
  }

  const { messages, tools, maxTokens, temperature } = asked;
  const request = {
    messages: messages.map((message) => plainMessage(message)),
    ...(tools.length === 0 ? {} : { tools }),
    ...(maxTokens === null ? {} : { maxTokens }),
    ...(temperature === null ? {} : { temperature }),
  };
  for await (const event of model.complete(request, signal)) {
    // Events of a model are plain data, which the schema of the protocol repeats.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    say({ type: "model-event", ...place, event: event as Extract<ToAgentHost, { type: "model-event" }>["event"] });
  }
}

async function modelAsked(asked: ModelAsked, models: ModelProvider, signal: AbortSignal): Promise<ChatModel> {
  if (asked.by === "role") {
    return await models.modelFor(asked.role, signal);
  }

  if (models.modelNamed === undefined) {
    const text = `An agent wants the model ${asked.name}, and models cannot be chosen by name here.`;
    throw new AgentError("model.missing", { looked: [asked.name] }, text);
  }

  return await models.modelNamed(asked.name, signal);
}

async function callTool(
  { tool, input, agent }: Extract<HostCall, { readonly type: "call-tool" }>,
  { shelf }: WindowServices,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly failed: boolean }> {
  const failures = (await shelf().prepare?.([tool], signal)) ?? [];
  const [found] = shelf().find([tool]).tools;
  return found === undefined
    ? { text: failures[0]?.message ?? `There is no tool called ${tool} any more.`, failed: true }
    : await found.run(input, { agent, signal });
}

/** Without the fields that are there and empty. */
function plainMessage(message: Extract<ModelCall, { type: "complete" }>["messages"][number]): ModelMessage {
  if (message.role !== "assistant") {
    return message;
  }

  const { role, content, toolCalls } = message;
  return { role, content, ...(toolCalls === undefined ? {} : { toolCalls }) };
}
