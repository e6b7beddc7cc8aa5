import * as z from "zod/mini";
import { AgentError } from "../../base/errors.ts";
import type { ModelProvider } from "../../ports/chat-model.ts";
import { problemOf } from "../../ports/problem-of.ts";
import { type Message, messageSchema } from "../../protocol/message.ts";
import {
  type FromAgentHost,
  type ModelWay,
  type RunBeginning,
  type Settlement,
  type ToAgentHost,
  fromAgentHostSchema,
  remoteAgentsVersion,
  runBeginningSchema,
  settlementSchema,
  toAgentHostSchema,
} from "../../protocol/remote-agents.ts";
import { endpointModels } from "./endpoint-models.ts";
import { HostedRun } from "./hosted-run.ts";
import { relayedModels } from "./relayed-models.ts";
import type { Residents } from "./residents.ts";
import { WindowCalls } from "./window-calls.ts";

export interface AgentHostParts {
  /** Says something to the window, or to the actor that carries it there. */
  readonly say: (body: FromAgentHost) => void;
  readonly residents: Residents;
  /** Told when the first of those who live here begins to work, and when the last one has ended. */
  readonly onBusy?: (isBusy: boolean) => void;
}

type Endpoint = Extract<ModelWay, { readonly kind: "endpoint" }>;
type Answered = Extract<FromAgentHost, { readonly type: "replied" | "failed" }>;

const keptDeliverySchema = z.object({ run: z.string(), message: messageSchema });

/**
 * Where agents live that are not in the window: it answers what is delivered to them, and asks the window for what is
 * there. It outlives windows: what it has been given to answer, and what it has answered in questions that are not over,
 * is kept by the actor, and a host that takes its place goes on with it.
 */
export class AgentHost {
  readonly #parts: AgentHostParts;
  readonly #calls: WindowCalls;
  readonly #runs = new Map<string, { readonly beginning: RunBeginning; readonly living: HostedRun }>();
  readonly #working = new Set<string>();
  readonly #answered = new Map<string, Answered>();
  readonly #toolless = new Set<string>();
  #settlement: Settlement | undefined;
  #window = "";
  /** Resolves when a window has settled the group since this host started. */
  readonly #settledByWindow = Promise.withResolvers<void>();
  #order: Promise<void> = Promise.resolve();

  constructor(parts: AgentHostParts) {
    this.#parts = parts;
    this.#calls = new WindowCalls(parts.say);
    parts.say({ type: "hello", version: remoteAgentsVersion, node: process.version, pid: process.pid });
  }

  /** @throws what zod throws for something that is no word of the protocol. */
  hear(body: unknown): void {
    const said = toAgentHostSchema.parse(body);
    switch (said.type) {
      case "restore":
        return this.#inTurn(() => this.#restore(said.entries));
      case "settle":
        return this.#inTurn(() => this.#settleForWindow(said.settlement));
      case "begin":
        return this.#inTurn(() => this.#begin(said.beginning));
      case "deliver":
        return this.#inTurn(() => this.#deliver(said.run, said.message));
      case "cancel":
        return this.#inTurn(() => this.#cancel(said));
      case "finish":
        return this.#inTurn(() => this.#finish(said.run));
      default:
        this.#calls.hear(said);
    }
  }

  /** Resolves when everything that was said until now is in force. */
  get settled(): Promise<void> {
    return this.#order;
  }

  async dispose(): Promise<void> {
    for (const { living } of this.#runs.values()) {
      living.cancel(null, new Error("The host is ended."));
    }

    await this.#parts.residents.dispose();
  }

  /** Orders take effect one after the other; what they start goes on beside them. */
  #inTurn(order: () => Promise<void> | void): void {
    this.#order = this.#after(this.#order, order);
  }

  async #after(before: Promise<void>, order: () => Promise<void> | void): Promise<void> {
    await before;
    try {
      await order();
    } catch (error) {
      this.#parts.say({
        type: "log",
        agent: "",
        text: `An order could not be carried out: ${problemOf(error).message}`,
      });
    }
  }

  async #restore(entries: Extract<ToAgentHost, { type: "restore" }>["entries"]): Promise<void> {
    const of = (kind: string): readonly unknown[] =>
      entries.filter(({ key }) => key.startsWith(`${kind}:`)).map(({ value }) => value);
    for (const kept of of("settlement")) {
      // oxlint-disable-next-line no-await-in-loop -- there is one
      await this.#settle(settlementSchema.parse(kept));
    }

    of("run").forEach((kept) => this.#begin(runBeginningSchema.parse(kept)));
    for (const kept of of("answer")) {
      const answered = fromAgentHostSchema.parse(kept);
      if (answered.type === "replied" || answered.type === "failed") {
        this.#answered.set(answered.message, answered);
      }
    }

    for (const kept of of("delivery")) {
      const { run, message } = keptDeliverySchema.parse(kept);
      this.#deliver(run, message);
    }
  }

  async #settleForWindow(settlement: Settlement): Promise<void> {
    try {
      if (settlement.version !== remoteAgentsVersion) {
        const reason = `version ${settlement.version} of the protocol, where ${remoteAgentsVersion} is spoken on the cluster`;
        throw new AgentError("agent.protocol", { name: "window", reason }, `This window speaks ${reason}.`);
      }

      const agents = await this.#settle(settlement);
      this.#keep("settlement:", { ...settlement, model: withoutKey(settlement.model) });
      this.#settledByWindow.resolve();
      this.#parts.say({ type: "settled", problem: null, agents: [...agents] });
    } catch (error) {
      this.#parts.say({ type: "settled", problem: problemOf(error), agents: [] });
    }

    if (this.#window !== "" && this.#window !== settlement.window) {
      this.#calls.askAgain();
    }

    this.#window = settlement.window;
  }

  #settle(settlement: Settlement): ReturnType<Residents["settle"]> {
    this.#settlement = settlement;
    return this.#parts.residents.settle(settlement);
  }

  #begin(beginning: RunBeginning): void {
    const { run } = beginning;
    if (this.#runs.has(run)) {
      return;
    }

    this.#keep(`run:${run}`, beginning);
    const living = new HostedRun({
      beginning,
      settlement: () => this.#settled(),
      residents: this.#parts.residents,
      models: this.#models(run),
      calls: this.#calls,
      toolless: this.#toolless,
      emit: (event) => {
        const { turnId } = beginning;
        // An event lacks nothing but its turn and its time.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
        const whole = { ...event, at: Date.now(), turnId } as Extract<FromAgentHost, { type: "event" }>["event"];
        this.#parts.say({ type: "event", run, event: whole });
      },
    });
    this.#runs.set(run, { beginning, living });
  }

  /** A message that comes twice is answered once; its answer is said again. */
  #deliver(run: string, message: Message): void {
    const known = this.#answered.get(message.id);
    if (known !== undefined) {
      this.#parts.say(known);
    } else if (!this.#working.has(message.id)) {
      this.#working.add(message.id);
      this.#tellBusy(1);
      this.#keep(`delivery:${message.id}`, { run, message });
      void this.#answer(run, message);
    }
  }

  async #answer(run: string, message: Message): Promise<void> {
    const answered = await this.#answerTo(run, message);
    this.#working.delete(message.id);
    this.#tellBusy(0);
    if (this.#runs.has(run)) {
      this.#answered.set(message.id, answered);
      this.#keep(`answer:${message.id}`, answered);
    }

    this.#keep(`delivery:${message.id}`, null);
    this.#parts.say(answered);
  }

  async #answerTo(run: string, message: Message): Promise<Answered> {
    const { id } = message;
    try {
      const known = this.#runs.get(run);
      if (known === undefined) {
        throw new AgentError("agent.stopped", { name: message.to }, "The question was over when this message came.");
      }

      return { type: "replied", run, message: id, reply: (await known.living.receive(message)) ?? null };
    } catch (error) {
      return { type: "failed", run, message: id, problem: problemOf(error) };
    }
  }

  #cancel({ run, message }: Extract<ToAgentHost, { type: "cancel" }>): void {
    this.#runs.get(run)?.living.cancel(message, new Error("Stopped."));
  }

  #finish(run: string): void {
    const known = this.#runs.get(run);
    this.#runs.delete(run);
    known?.living.cancel(null, new Error("The question is over."));
    this.#keep(`run:${run}`, null);
    for (const [id, answered] of this.#answered) {
      if (answered.run === run) {
        this.#answered.delete(id);
        this.#keep(`answer:${id}`, null);
      }
    }
  }

  #models(run: string): ModelProvider {
    const relayed = relayedModels(this.#calls, run);
    const own = endpointModels((signal) => this.#endpoint(signal));
    const now = (): ModelProvider => (this.#settled().model.kind === "window" ? relayed : own);
    return {
      modelFor: async (role, signal) => await now().modelFor(role, signal),
      modelNamed: async (name, signal) => {
        const models = now();
        return await (models.modelNamed?.(name, signal) ?? models.modelFor("chat", signal));
      },
    };
  }

  /** A key is not kept: where the host that knew it was lost, the next window brings it. */
  async #endpoint(signal: AbortSignal): Promise<Endpoint> {
    const { model } = this.#settled();
    if (model.kind === "endpoint" && model.key === keyElsewhere) {
      await Promise.race([this.#settledByWindow.promise, aborted(signal)]);
      return this.#endpoint(signal);
    }

    if (model.kind === "window") {
      throw new TypeError("The models are the window's.");
    }

    return model;
  }

  #settled(): Settlement {
    if (this.#settlement === undefined) {
      throw new TypeError("Nobody lives here yet.");
    }

    return this.#settlement;
  }

  /** @param first How many work when it has just begun. */
  #tellBusy(first: 0 | 1): void {
    if (this.#working.size === first) {
      this.#parts.onBusy?.(first === 1);
    }
  }

  #keep(key: string, value: unknown): void {
    // Everything that is kept came as JSON, or goes as JSON.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    this.#parts.say({ type: "keep", key, value: value as Extract<FromAgentHost, { type: "keep" }>["value"] });
  }
}

/** Stands for a key that only the lost host knew. */
const keyElsewhere = "\u0000";

function withoutKey(model: ModelWay): ModelWay {
  return model.kind === "endpoint" && model.key !== null ? { ...model, key: keyElsewhere } : model;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    signal.addEventListener("abort", fail, { once: true });
    if (signal.aborted) {
      fail();
    }
  });
}
