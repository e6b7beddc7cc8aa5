import { AgentError } from "../base/errors.ts";
import { isLeaving } from "../base/leaving.ts";
import { errorOf } from "../agent-process/error-of.ts";
import type { Mailbox, Run, RunEvent } from "../core/run.ts";
import { problemOf } from "../ports/problem-of.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { Message } from "../protocol/message.ts";
import type { Problem } from "../protocol/problem.ts";
import {
  type FromAgentHost,
  type RunBeginning,
  type Settlement,
  type ToAgentHost,
  fromAgentHostSchema,
  remoteAgentsVersion,
} from "../protocol/remote-agents.ts";
import type { BodyChannel } from "../ports/body-channel.ts";
import { type HostCall, serveHost, serveModel } from "./serve-host.ts";
import type { WindowServices } from "./window-services.ts";

/** An answer to a question that this window does not know: it was asked in one that was closed meanwhile. */
export interface LateAnswer {
  readonly run: string;
  /** The message that is answered. */
  readonly message: string;
  readonly reply: Message | null;
  readonly problem: Problem | null;
}

export interface RemoteGroupParts {
  /** For people, such as the group's or the agent's name. */
  readonly name: string;
  readonly channel: BodyChannel;
  /** For agents whose question was asked in a window that is gone. */
  readonly models: ModelProvider;
  readonly onLate: (answer: LateAnswer) => void;
  readonly onLog: (agent: string, text: string) => void;
}

/** What agents elsewhere know of a question when it begins, apart from what the run itself says. */
export type Beginning = Pick<RunBeginning, "remembered" | "edited">;

interface Pending {
  readonly resolve: (reply: Message | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Known {
  readonly run: Run;
  readonly services: WindowServices;
  readonly pending: Map<string, Pending>;
}

/**
 * Agents that live elsewhere, as the window sees them. A message to them and one of theirs to agents here are the same
 * plain data with an id; models, tools, approvals and the person's words are the window's.
 */
export class RemoteGroup {
  readonly #parts: RemoteGroupParts;
  readonly #runs = new Map<string, Known>();
  /** What the host waits for. */
  readonly #calls = new Map<string, { readonly run: string; readonly controller: AbortController }>();
  readonly #window = crypto.randomUUID();
  /** Those who wait for word of a settlement, in the order of asking. */
  readonly #settling: PromiseWithResolvers<Moved>[] = [];
  #lost: AgentError | undefined;

  constructor(parts: RemoteGroupParts) {
    this.#parts = parts;
    parts.channel.onBody((body) => this.#receive(body));
    void this.#watch();
  }

  /**
   * Says who lives there and what they have. To be said again when any of it changes.
   *
   * @returns Everyone, with what keeps them from answering.
   * @throws AgentError `agent.stopped` where the group is lost; what is wrong with the settlement.
   */
  async settle(settlement: Omit<Settlement, "version" | "window">) {
    this.#assertThere();
    const moving = Promise.withResolvers<Moved>();
    this.#settling.push(moving);
    this.#say({ type: "settle", settlement: { ...settlement, version: remoteAgentsVersion, window: this.#window } });
    return await moving.promise;
  }

  /** Where agents that live there receive, within questions asked in one session. */
  mailbox(services: WindowServices, beginning: () => Beginning): Mailbox {
    return {
      receive: (message, run) => this.#deliver(message, run, { services, beginning }),
    };
  }

  /** Asks for the answer to a message that a window delivered which is gone; it comes as a late one. */
  askAgain(run: string, message: Message): void {
    this.#say({ type: "deliver", run, message });
  }

  /** Nothing more comes of a question. */
  finish(run: string): void {
    if (this.#runs.delete(run)) {
      this.#say({ type: "finish", run });
      this.#dropCalls((call) => call.run === run);
    }
  }

  async #deliver(
    message: Message,
    run: Run,
    given: { readonly services: WindowServices; readonly beginning: () => Beginning },
  ): Promise<Message | undefined> {
    this.#assertThere();
    run.signal.throwIfAborted();
    const known = this.#begin(run, given);
    const { promise, resolve, reject } = Promise.withResolvers<Message | undefined>();
    const stop = (): void => {
      // Agents outlive windows: what they do for one that closes is asked for by the next.
      if (!isLeaving(run.signal.reason)) {
        this.#say({ type: "cancel", run: run.id, message: message.id });
      }
      reject(run.signal.reason);
    };
    known.pending.set(message.id, { resolve, reject });
    run.signal.addEventListener("abort", stop, { once: true });
    this.#say({ type: "deliver", run: run.id, message });
    try {
      return await promise;
    } finally {
      run.signal.removeEventListener("abort", stop);
      known.pending.delete(message.id);
    }
  }

  #begin(
    run: Run,
    { services, beginning }: { readonly services: WindowServices; readonly beginning: () => Beginning },
  ): Known {
    const before = this.#runs.get(run.id);
    if (before !== undefined) {
      return before;
    }

    const known = { run, services, pending: new Map<string, Pending>() };
    const { modelCallsLeft: modelCalls, timeLeftMs: timeMs } = run.budget;
    const left = { modelCalls: finite(modelCalls), timeMs: finite(timeMs) };
    this.#runs.set(run.id, known);
    this.#say({ type: "begin", beginning: { run: run.id, turnId: services.turnId(), left, ...beginning() } });
    return known;
  }

  /** What cannot be understood is passed over and logged: the host may be newer. */
  #receive(body: unknown): void {
    const { data, error } = fromAgentHostSchema.safeParse(body);
    if (data === undefined) {
      this.#parts.onLog("", `${this.#parts.name} said something that is not understood: ${error.message}`);
    } else {
      this.#hear(data);
    }
  }

  #hear(said: FromAgentHost): void {
    switch (said.type) {
      case "hello":
        // It takes the place of one that is lost, and with it everyone who waited there.
        this.#dropCalls(() => true);
        return said.version === remoteAgentsVersion ? undefined : this.#refuse(said.version);
      case "keep":
        return;
      case "settled":
        return this.#moved(said);
      case "event":
        return this.#show(said);
      case "replied":
      case "failed":
        return this.#answered(said);
      case "drop":
        return this.#dropCalls((_, call) => call === said.call);
      case "log":
        return this.#parts.onLog(said.agent, said.text);
      default:
        void this.#serve(said);
    }
  }

  #moved({ problem, agents }: Extract<FromAgentHost, { type: "settled" }>): void {
    const moving = this.#settling.shift();
    if (problem === null) {
      moving?.resolve(agents);
    } else {
      moving?.reject(errorOf(problem));
    }
  }

  /** What is spent there is spent here: a budget is one, wherever those live who spend it. */
  #show({ run: id, event }: Extract<FromAgentHost, { type: "event" }>): void {
    const known = this.#runs.get(id);
    if (known === undefined) {
      return;
    }

    // An event of a turn without its time and its turn, which are this window's: the host says no others.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    const shown = Object.fromEntries(
      Object.entries(event).filter(([key]) => key !== "at" && key !== "turnId"),
    ) as unknown as RunEvent;
    known.run.emit(shown);
    try {
      if (event.type === "model-call") {
        known.run.budget.spendTokens(event.usage);
        known.run.budget.spendModelCall();
      } else if (event.type === "message") {
        known.run.budget.spendMessage();
      }
    } catch (error) {
      this.#say({ type: "cancel", run: id, message: null });
      for (const { reject } of known.pending.values()) {
        reject(error);
      }
    }
  }

  #answered(said: Extract<FromAgentHost, { type: "replied" | "failed" }>): void {
    const { run, message } = said;
    const pending = this.#runs.get(run)?.pending.get(message);
    const reply = said.type === "replied" ? said.reply : null;
    const problem = said.type === "failed" ? said.problem : null;
    if (pending === undefined) {
      if (!this.#runs.has(run)) {
        this.#parts.onLate({ run, message, reply, problem });
        this.#say({ type: "finish", run });
      }
    } else if (problem === null) {
      pending.resolve(reply ?? undefined);
    } else {
      pending.reject(errorOf(problem));
    }
  }

  async #serve(asked: HostCall): Promise<void> {
    const { run: id, call } = asked;
    if (this.#calls.has(call)) {
      // Said again to a window that has just come: it is served already.
      return;
    }

    const controller = new AbortController();
    this.#calls.set(call, { run: id, controller });
    const say = (answer: ToAgentHost): void => this.#say(answer);
    const known = this.#runs.get(id);
    try {
      if (known !== undefined) {
        const { services, run } = known;
        const signal = AbortSignal.any([controller.signal, run.signal]);
        await serveHost(asked, { services, run, say }, signal);
      } else if (asked.type === "model" || asked.type === "complete") {
        await serveModel(asked, this.#parts.models, say, controller.signal);
      } else {
        const message = "The window in which this was asked was closed: it can no longer be had there.";
        throw new AgentError("agent.no-help", { name: this.#parts.name, what: "peer" }, message);
      }
    } catch (error) {
      say({ type: "refused", run: id, call, problem: problemOf(error) });
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Nobody waits any more for what was asked here. */
  #dropCalls(isMeant: (asked: { readonly run: string }, call: string) => boolean): void {
    for (const [call, asked] of this.#calls) {
      if (isMeant(asked, call)) {
        asked.controller.abort(new Error("Nobody waits for it."));
      }
    }
  }

  async #watch(): Promise<void> {
    const reason = await this.#parts.channel.closed;
    const { name } = this.#parts;
    this.#lose(new AgentError("agent.stopped", { name }, `${name} cannot be reached on the cluster: ${reason}`));
  }

  /** Nobody can speak with a host of another version: it is ended, and the next message starts one of ours. */
  #refuse(version: number): void {
    const { name, channel } = this.#parts;
    const reason = `version ${version} of the protocol, where ${remoteAgentsVersion} is spoken here`;
    this.#lose(new AgentError("agent.protocol", { name, reason }, `${name} on the cluster speaks ${reason}.`));
    channel.leave(true);
  }

  #lose(error: AgentError): void {
    this.#lost ??= error;
    for (const { reject } of this.#settling.splice(0)) {
      reject(error);
    }

    for (const { reject } of [...this.#runs.values()].flatMap(({ pending }) => [...pending.values()])) {
      reject(error);
    }
  }

  #assertThere(): void {
    if (this.#lost !== undefined) {
      throw this.#lost;
    }
  }

  #say(body: ToAgentHost): void {
    if (this.#lost === undefined) {
      this.#parts.channel.send(body);
    }
  }
}

type Moved = Extract<FromAgentHost, { readonly type: "settled" }>["agents"];

/** JSON has no infinity. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}
