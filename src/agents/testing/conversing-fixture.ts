import { DeclaredMailbox } from "../conversing/declared-mailbox.ts";
import type { ConversingParts } from "../conversing/conversing-parts.ts";
import { forPerson } from "../conversing/speech.ts";
import { ConversableAgent } from "../core/agent.ts";
import { Budget, type BudgetLimits } from "../core/budget.ts";
import { PostOffice } from "../core/post-office.ts";
import type { RunEvent } from "../core/run.ts";
import { AgentDirectory, type DirectoryEntry } from "../directory/agent-directory.ts";
import type { Tool, ToolApprovalRequest } from "../ports/tool.ts";
import { type AgentDefinition, completeDefinition } from "../protocol/agent-definition.ts";
import type { Message } from "../protocol/message.ts";
import { type ScriptedModel, createScriptedModel, provideModel } from "./scripted-model.ts";

type Given = Pick<AgentDefinition, "name"> & Partial<AgentDefinition>;

/** Agents of a person's own around a model that is scripted. */
export interface Circle {
  readonly model: ScriptedModel;
  readonly events: readonly RunEvent[];
  readonly controller: AbortController;
  readonly asked: readonly ToolApprovalRequest[];
  /** Answers of the person to tools that ask, in order; yes where none is left. */
  readonly decisions: ("once" | "session" | "deny")[];
  /** Replaces what is declared. */
  declare(...entries: readonly DirectoryEntry[]): void;
  /** Asks as the person does. */
  ask(to: string, content?: string): Promise<Message | undefined>;
  /** What the person reads, as `agent (role): text`. */
  readonly shown: readonly string[];
  /** Who said what to whom, as `from > to: text`. */
  readonly messages: readonly string[];
}

export interface CircleOptions {
  readonly limits?: Partial<BudgetLimits>;
  readonly tools?: readonly Tool[];
  readonly granted?: (request: ToolApprovalRequest) => boolean;
  readonly parts?: Partial<ConversingParts>;
}

/** An entry of the directory for a definition of which only some things are said. */
export function entryOf(given: Given, fields: Partial<DirectoryEntry> = {}): DirectoryEntry {
  return {
    definition: completeDefinition(given),
    origin: { kind: "file", path: `/w/.byzer/agents/${given.name}.agent.md` },
    state: "ready",
    problem: null,
    replies: [],
    ...fields,
  };
}

/** Makes a circle of agents. */
export function createCircle(given: readonly DirectoryEntry[], options: CircleOptions = {}): Circle {
  let entries = given;
  const listeners = new Set<() => void>();
  const directory = new AgentDirectory();
  directory.add({
    get entries() {
      return entries;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const model = createScriptedModel();
  const events: RunEvent[] = [];
  const asked: ToolApprovalRequest[] = [];
  const decisions: ("once" | "session" | "deny")[] = [];
  const { tools = [], granted = () => false } = options;
  const parts: ConversingParts = {
    models: provideModel(model),
    shelf: () => ({
      all: tools,
      find: (names) => ({ tools: tools.filter(({ name }) => names.includes(name)), unknown: [] }),
    }),
    approvals: {
      granted,
      ask: (request) => {
        asked.push(request);
        return Promise.resolve(decisions.shift() ?? "once");
      },
    },
    turnId: () => "t1",
    find: (name) => directory.find(name),
    purposeOf: (name) => directory.find(name)?.definition.description ?? "",
    about: () => Promise.resolve(""),
    remembered: () => [],
    edited: () => null,
    toolless: new Set(),
    ...options.parts,
  };
  const mailboxes = new Map<string, DeclaredMailbox>();
  const office = new PostOffice((name) => {
    if (directory.find(name) === undefined) {
      return undefined;
    }

    const mailbox = mailboxes.get(name) ?? new DeclaredMailbox(name, parts);
    mailboxes.set(name, mailbox);
    return mailbox;
  });
  const user = new ConversableAgent({ name: "user", maxConsecutiveAutoReply: 0 });
  office.register("user", user);
  const controller = new AbortController();
  const plenty = { messages: 200, modelCalls: 100, tokens: 1_000_000, timeMs: 60_000 };
  return {
    model,
    events,
    controller,
    asked,
    decisions,
    declare: (...now) => {
      entries = now;
      listeners.forEach((listener) => listener());
    },
    ask: (to, content = "What now?") => {
      const budget = new Budget({ ...plenty, ...options.limits });
      const run = office.open({ signal: controller.signal, budget, onEvent: (event) => events.push(event) });
      return user.send(run, to, content, { metadata: forPerson });
    },
    get shown() {
      const dropped = new Set(events.flatMap((event) => (event.type === "block-drop" ? [event.blockId] : [])));
      const last = new Map(
        events.flatMap((event) =>
          event.type === "text-end" && !dropped.has(event.blockId)
            ? [[event.blockId, `${event.agent} (${event.role}): ${event.text}`] as const]
            : [],
        ),
      );
      return [...last.values()];
    },
    get messages() {
      return events.flatMap((event) =>
        event.type === "message" ? [`${event.message.from} > ${event.message.to}: ${event.message.content}`] : [],
      );
    },
  };
}

/** A tool that gives back what `run` makes of its input. */
export function toolOf(
  name: string,
  run: (input: unknown) => string | Promise<string>,
  fields: Partial<Tool> = {},
): Tool {
  return {
    name,
    description: `Does ${name}.`,
    parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    origin: "test",
    effect: "reads",
    run: async (input) => ({ text: await run(input), failed: false }),
    ...fields,
  };
}
