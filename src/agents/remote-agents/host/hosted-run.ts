import type { ConversingParts } from "../../conversing/conversing-parts.ts";
import { DeclaredMailbox } from "../../conversing/declared-mailbox.ts";
import { Budget, defaultBudget } from "../../core/budget.ts";
import { endedByFailure } from "../../core/ended-by-failure.ts";
import { PostOffice } from "../../core/post-office.ts";
import type { Mailbox, Run, RunEvent } from "../../core/run.ts";
import { ToolRack } from "../../directory/tool-rack.ts";
import type { ModelProvider } from "../../ports/chat-model.ts";
import type { Message } from "../../protocol/message.ts";
import type { RunBeginning, Settlement } from "../../protocol/remote-agents.ts";
import { relayedTools } from "./relayed-tools.ts";
import type { Residents } from "./residents.ts";
import type { WindowCalls } from "./window-calls.ts";

export interface HostedRunParts {
  readonly beginning: RunBeginning;
  readonly settlement: () => Settlement;
  readonly residents: Residents;
  readonly models: ModelProvider;
  readonly calls: WindowCalls;
  /** Models that were seen to be unable to call tools. */
  readonly toolless: Set<string>;
  readonly emit: (event: RunEvent) => void;
}

/** One question of a person, as far as agents of this host take part in it. */
export class HostedRun {
  readonly #parts: HostedRunParts;
  readonly #stop = new AbortController();
  readonly #deliveries = new Map<string, AbortController>();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #conversing: ConversingParts;
  readonly #run: Run;

  constructor(parts: HostedRunParts) {
    this.#parts = parts;
    this.#conversing = this.#conversingParts();
    const { modelCalls, timeMs } = parts.beginning.left;
    this.#run = new PostOffice((name) => this.#mailboxOf(name)).open({
      signal: this.#stop.signal,
      budget: new Budget({ ...defaultBudget, modelCalls, timeMs }),
      onEvent: (event) => this.#show(event),
    });
  }

  /** Lets whoever lives here under the message's name answer it. @throws AgentError `agent.*`, `model.*`, `run.budget`. */
  async receive(message: Message): Promise<Message | undefined> {
    const controller = new AbortController();
    this.#deliveries.set(message.id, controller);
    const signal = AbortSignal.any([this.#stop.signal, controller.signal]);
    try {
      const mailbox = this.#mailboxOf(message.to);
      return await endedByFailure(signal, (asked) => mailbox.receive(message, this.#run.narrow({ signal: asked })));
    } finally {
      this.#deliveries.delete(message.id);
    }
  }

  /** Stops what is done for one message; for all where it is `null`. */
  cancel(message: string | null, reason: unknown): void {
    (message === null ? this.#stop : this.#deliveries.get(message))?.abort(reason);
  }

  #mailboxOf(name: string): Mailbox {
    const known = this.#mailboxes.get(name);
    if (known !== undefined) {
      return known;
    }

    const mailbox = this.#parts.residents.has(name) ? new DeclaredMailbox(name, this.#conversing) : this.#window;
    this.#mailboxes.set(name, mailbox);
    return mailbox;
  }

  /** Everyone who does not live here is reached through the window. */
  readonly #window: Mailbox = {
    receive: async (message, { signal }) => {
      const { calls, beginning } = this.#parts;
      const { reply } = await calls.ask({ type: "send", run: beginning.run, message }, "sent", signal);
      return reply ?? undefined;
    },
  };

  /** What goes through the window is shown there. */
  #show(event: RunEvent): void {
    const { residents, emit } = this.#parts;
    if (event.type !== "message" || (residents.has(event.message.from) && residents.has(event.message.to))) {
      emit(event);
    }
  }

  #conversingParts(): ConversingParts {
    const { beginning, settlement, residents, models, calls, toolless } = this.#parts;
    const { run, turnId, remembered, edited } = beginning;
    const shelf = new ToolRack();
    shelf.add({
      get tools() {
        return relayedTools(settlement().tools, calls, run);
      },
    });
    return {
      models,
      shelf: () => shelf,
      approvals: {
        granted: () => false,
        ask: async ({ callId, agent, tool, origin, input }, signal) => {
          const asked = { type: "approve", run, callId, agent, tool, origin, input } as const;
          return (await calls.ask(asked, "decided", signal)).decision;
        },
      },
      turnId: () => turnId,
      find: (name) => residents.find(name),
      purposeOf: (name) => residents.find(name)?.definition.description ?? settlement().purposes[name] ?? "",
      about: async (tools, signal) =>
        tools.length === 0
          ? ""
          : ((await calls.ask({ type: "about", run, tools: [...tools] }, "words", signal)).text ?? ""),
      remembered: (agent) => remembered[agent] ?? [],
      edited: (agent) => edited[agent] ?? null,
      humanInput: {
        ask: async (prompt, signal) => (await calls.ask({ type: "ask-person", run, prompt }, "words", signal)).text,
      },
      toolless,
    };
  }
}
