import { CodeAgents } from "../agent-process/code-agents.ts";
import { processLimits } from "../agent-process/process-limits.ts";
import { forPerson } from "../conversing/speech.ts";
import { ConversableAgent } from "../core/agent.ts";
import { Budget, type BudgetLimits } from "../core/budget.ts";
import { PostOffice } from "../core/post-office.ts";
import type { RunEvent } from "../core/run.ts";
import type { Tool, ToolApprovalRequest } from "../ports/tool.ts";
import { type AgentDefinition, completeDefinition } from "../protocol/agent-definition.ts";
import type { Message } from "../protocol/message.ts";
import type { ModelWay, Settlement } from "../protocol/remote-agents.ts";
import { AgentHost } from "../remote-agents/host/agent-host.ts";
import { Residents } from "../remote-agents/host/residents.ts";
import { type LateAnswer, RemoteGroup } from "../remote-agents/remote-group.ts";
import type { WindowServices } from "../remote-agents/window-services.ts";
import { type ScriptedModel, createScriptedModel, provideModel } from "./scripted-model.ts";

/**
 * What starts hosts of agents and carries bodies between them and windows, as the actor on a cluster does: it keeps what a
 * host asks it to keep, gives it to the next one, and holds back what no window is there to hear.
 */
export interface RemoteActor {
  /** Everything that was said, as JSON text. */
  readonly said: readonly string[];
  readonly kept: ReadonlyMap<string, unknown>;
  /** Ends the host without a word and starts another. */
  crash(): void;
  /** The window is closed; what comes from now on waits for the next. */
  detach(): void;
}

export interface RemoteTownOptions {
  readonly remote: readonly (Pick<AgentDefinition, "name"> & Partial<AgentDefinition>)[];
  /** Agents in this process, by name: what each says to a message. */
  readonly local?: { readonly [name: string]: (message: Message) => string };
  readonly tools?: readonly Tool[];
  readonly granted?: boolean;
  readonly limits?: Partial<BudgetLimits>;
  readonly way?: ModelWay;
}

/** A person and local agents in a window, and agents in a host that only JSON reaches. */
export interface RemoteTown {
  readonly model: ScriptedModel;
  readonly actor: RemoteActor;
  readonly events: readonly RunEvent[];
  readonly asked: readonly ToolApprovalRequest[];
  readonly late: readonly LateAnswer[];
  readonly controller: AbortController;
  readonly settled: Promise<Awaited<ReturnType<RemoteGroup["settle"]>>>;
  /** Asks as the person does. */
  ask(to: string, content?: string): Promise<Message | undefined>;
  /** Who said what to whom, as `from > to: text`. */
  readonly messages: readonly string[];
  /** Opens the window anew: what the one before waited for, nobody waits for. */
  reopen(): Promise<void>;
}

class Actor implements RemoteActor {
  readonly said: string[] = [];
  readonly kept = new Map<string, unknown>();
  #host: AgentHost;
  #window: ((body: unknown) => void) | undefined;
  #waiting: unknown[] = [];

  constructor() {
    this.#host = this.#start();
  }

  attach(window: (body: unknown) => void): void {
    this.#window = window;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((body) => queueMicrotask(() => window(body)));
  }

  detach(): void {
    this.#window = undefined;
  }

  crash(): void {
    const dead = this.#host;
    this.#host = this.#start();
    void dead.dispose();
  }

  toHost(body: unknown): void {
    const line = JSON.stringify(body);
    this.said.push(line);
    this.#host.hear(JSON.parse(line));
  }

  #start(): AgentHost {
    const say = (body: unknown): void => {
      // Its first word comes while it is being made.
      if (host === undefined || host === this.#host) {
        this.#fromHost(body);
      }
    };
    let host: AgentHost | undefined;
    const limits = processLimits;
    const trust = { isTrusted: () => true, ask: () => Promise.resolve(true) };
    const code = new CodeAgents({
      node: process.execPath,
      program: "",
      environment: () => ({}),
      workingDirectory: () => "/",
      limits,
      trust,
      onLog: () => undefined,
    });
    host = new AgentHost({ say, residents: new Residents("/", code) });
    this.#host = host;
    host.hear({ type: "restore", entries: [...this.kept].map(([key, value]) => ({ key, value })) });
    return host;
  }

  #fromHost(body: unknown): void {
    const line = JSON.stringify(body);
    this.said.push(line);
    const said: { type: string; key?: string; value?: unknown } = JSON.parse(line);
    if (said.type === "keep") {
      if (said.value === null) {
        this.kept.delete(said.key ?? "");
      } else {
        this.kept.set(said.key ?? "", said.value);
      }

      return;
    }

    if (this.#window === undefined) {
      this.#waiting.push(said);
    } else {
      this.#window(said);
    }
  }
}

/** Makes a town whose remote agents have moved in. */
export async function createRemoteTown(options: RemoteTownOptions): Promise<RemoteTown> {
  const { remote, local = {}, tools = [], granted = false, way = { kind: "window" } } = options;
  const model = createScriptedModel();
  const actor = new Actor();
  const events: RunEvent[] = [];
  const asked: ToolApprovalRequest[] = [];
  const late: LateAnswer[] = [];
  const controller = new AbortController();
  const services: WindowServices = {
    models: provideModel(model),
    shelf: () => ({
      all: tools,
      find: (names) => ({ tools: tools.filter(({ name }) => names.includes(name)), unknown: [] }),
    }),
    approvals: {
      granted: () => granted,
      ask: (request) => {
        asked.push(request);
        return Promise.resolve("once");
      },
    },
    turnId: () => "t1",
    about: () => Promise.resolve("About this session: a test."),
  };
  const names = new Set(remote.map(({ name }) => name));
  const settlement: Omit<Settlement, "version" | "window"> = {
    agents: remote.map((given) => ({ definition: completeDefinition({ ...given, location: "ray" }), code: null })),
    files: [],
    model: way,
    tools: tools.map(({ name, description, origin, effect }) => ({
      name,
      description,
      parameters: { type: "object", properties: { text: { type: "string" } } },
      origin,
      effect: effect === "own" ? "acts" : effect,
    })),
    purposes: {},
  };
  let group: RemoteGroup;
  const open = (): Promise<Awaited<ReturnType<RemoteGroup["settle"]>>> => {
    let isOpen = true;
    const end = Promise.withResolvers<string>();
    group = new RemoteGroup({
      name: "team",
      channel: {
        send: (body) => actor.toHost(body),
        onBody: (listener) => {
          actor.attach((body) => (isOpen ? listener(body) : undefined));
          return () => {
            isOpen = false;
          };
        },
        leave: () => undefined,
        closed: end.promise,
      },
      models: services.models,
      onLate: (answer) => late.push(answer),
      onLog: () => undefined,
    });
    return group.settle(settlement);
  };
  const settled = open();
  await settled;
  const user = new ConversableAgent({ name: "user", maxConsecutiveAutoReply: 0 });
  const office = new PostOffice((name) =>
    names.has(name) ? group.mailbox(services, () => ({ remembered: {}, edited: {} })) : undefined,
  );
  office.register("user", user);
  for (const [name, reply] of Object.entries(local)) {
    const says = { name: "says", trigger: "anyone" as const };
    office.register(
      name,
      new ConversableAgent({
        name,
        replies: [
          {
            ...says,
            reply: ({ message }) => Promise.resolve({ kind: "answer", content: reply(message), metadata: {} }),
          },
        ],
      }),
    );
  }

  const plenty = { messages: 200, modelCalls: 100, tokens: 1_000_000, timeMs: 60_000 };
  return {
    model,
    actor,
    events,
    asked,
    late,
    controller,
    settled,
    ask: (to, content = "What now?") => {
      const budget = new Budget({ ...plenty, ...options.limits });
      const run = office.open({ signal: controller.signal, budget, onEvent: (event) => events.push(event) });
      return user.send(run, to, content, { metadata: forPerson });
    },
    get messages() {
      return events.flatMap((event) =>
        event.type === "message" ? [`${event.message.from} > ${event.message.to}: ${event.message.content}`] : [],
      );
    },
    reopen: async () => {
      actor.detach();
      await open();
    },
  };
}
