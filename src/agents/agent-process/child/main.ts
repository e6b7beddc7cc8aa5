import { url as inspectorUrl } from "node:inspector";
import type { AgentProgram } from "../../byzer-agent/agent-program.ts";
import {
  type FromAgentProcess,
  type ToAgentProcess,
  agentProcessVersion,
  processToolSchema,
} from "../../protocol/agent-process.ts";
import { plainJson } from "../../byzer-agent/plain-json.ts";
import { problemOf } from "../../ports/problem-of.ts";
import { HostLink } from "./host-link.ts";
import { loadAgent } from "./load-agent.ts";
import { hookModules } from "./module-hooks.ts";
import { processPowers } from "./process-powers.ts";

/** The pipe to the host; the standard streams belong to the agent. */
const pipe = 3;

type Order<T extends ToAgentProcess["type"]> = Extract<ToAgentProcess, { readonly type: T }>;

const files = hookModules(new URL("./byzer-agent/index.mjs", import.meta.url).href);
const running = new Map<number, AbortController>();
let program: AgentProgram | undefined;

const link = new HostLink(pipe, (message) => {
  switch (message.type) {
    case "load":
      void work(message.id, () => load(message));
      return;
    case "reply":
      void work(message.id, (signal) => reply(message, signal));
      return;
    case "run-tool":
      void work(message.id, (signal) => runTool(message, signal));
      return;
    case "cancel":
      running.get(message.id)?.abort();
      return;
    case "ping":
      link.say({ type: "pong", id: message.id });
      return;
    case "stop":
      process.exit(0);
  }
});

link.say({ type: "hello", version: agentProcessVersion, pid: process.pid, inspector: inspectorUrl() ?? null });

/** Does what was asked for under `id` and says how it ended. */
async function work(id: number, order: (signal: AbortSignal) => Promise<FromAgentProcess>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    link.say(await order(controller.signal));
  } catch (error) {
    link.say({
      type: "failed",
      id,
      problem: problemOf(error),
      ...(program === undefined ? { files: [...files] } : {}),
    });
  } finally {
    running.delete(id);
  }
}

async function load({ id, path, name }: Order<"load">): Promise<FromAgentProcess> {
  link.name = name;
  const log = (text: string): void => link.say({ type: "log", text });
  program = await loadAgent({ path, name, files, log });
  const { definition, tools } = program;
  link.name = definition.name;
  const plainTools = tools.map(({ name: tool, description, parameters, effect = "acts" }) =>
    plainJson(tool, processToolSchema, {
      name: tool,
      description,
      parameters,
      effect,
    }),
  );
  return { type: "loaded", id, definition, tools: plainTools, files: [...files] };
}

async function reply(order: Order<"reply">, signal: AbortSignal): Promise<FromAgentProcess> {
  const { id, message, messages, systemMessage } = order;
  const answering = { message, messages, systemMessage, signal, powers: processPowers(link, id) };
  return { type: "replied", id, reply: await loaded().answer(answering) };
}

async function runTool({ id, tool, input, agent }: Order<"run-tool">, signal: AbortSignal): Promise<FromAgentProcess> {
  return { type: "tool-ran", id, ...(await loaded().runTool(tool, input, { agent, signal })) };
}

function loaded(): AgentProgram {
  if (program === undefined) {
    throw new Error("No agent is loaded.");
  }

  return program;
}
