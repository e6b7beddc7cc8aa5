import { type Disposable, EventEmitter, type LogOutputChannel, type Memento } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { isLeaving } from "../../agents/base/leaving.ts";
import type { ConversingParts } from "../../agents/conversing/conversing-parts.ts";
import type { RemoteHomes } from "../../agents/conversing/remote-homes.ts";
import type { Run } from "../../agents/core/run.ts";
import type { ModelProvider } from "../../agents/ports/chat-model.ts";
import type { Message } from "../../agents/protocol/message.ts";
import type { ModelWay } from "../../agents/protocol/remote-agents.ts";
import type { AgentRoom } from "../agents/agent-room.ts";
import type { DeclaredRoom } from "../declared/declared-room.ts";
import type { AgentHome } from "../agents-view/agent-list.ts";
import { Disposables } from "../platform/disposables.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";
import type { AgentHomes } from "./agent-homes.ts";
import type { ClusterDesk } from "./cluster-desk.ts";
import { OwedAnswers } from "./owed-answers.ts";

export interface ClusterAgentParts {
  readonly cluster: Pick<ClusterDesk, "connected" | "functions" | "onChange" | "state">;
  readonly declared: Pick<DeclaredRoom, "directory" | "open">;
  readonly agents: Pick<AgentRoom, "open" | "output" | "shelf">;
  readonly models: ModelProvider;
  /** How agents on the cluster reach models. */
  readonly way: (signal: AbortSignal) => Promise<ModelWay>;
  /** Of this workspace. */
  readonly state: Memento;
  readonly log: LogOutputChannel;
}

/**
 * The agents of this workspace that live on the cluster. They are spoken to in sessions, outlive the window, and are asked
 * for what they owe when one opens again.
 */
export class ClusterAgents implements Disposable {
  readonly #parts: ClusterAgentParts;
  readonly #owned = new Disposables();
  readonly #changes = this.#owned.add(new EventEmitter<void>());
  readonly #owed: OwedAnswers;
  /** Messages that this window waits for itself, by id. */
  readonly #awaited = new Set<string>();
  #homes: AgentHomes | undefined;
  #opening: Promise<AgentHomes> | undefined;
  #isAsking = false;
  #desk: SessionDesk | undefined;

  /** Fires when an agent has moved, or was started again. */
  readonly onChange = this.#changes.event;

  constructor(parts: ClusterAgentParts) {
    this.#parts = parts;
    this.#owed = new OwedAnswers(parts.state);
  }

  /** From now on, answers that are owed to sessions are asked for when the cluster is there, or when such a session is shown. */
  follow(desk: SessionDesk): void {
    this.#desk = desk;
    const { cluster } = this.#parts;
    this.#owned.add(cluster.onChange(({ status }) => status === "up" && this.#askForOwed()));
    this.#owned.add(
      desk.onShow((session) => {
        if (this.#stale().some(({ sessionId }) => sessionId === session?.id)) {
          cluster.connected(new AbortController().signal).catch((error: unknown) => this.#note(error));
        }
      }),
    );
  }

  /** The homes of the agents, as a session needs them. */
  forSession(sessionId: string): RemoteHomes {
    return {
      mailbox: (name, parts) => ({
        receive: async (message, run) => await this.#receive({ name, message, run, sessionId }, parts),
      }),
      finish: (run) => this.#homes?.homes.finish(run),
    };
  }

  /** Where an agent lives; `undefined` where this window has not spoken to it. */
  homeOf(name: string): AgentHome | undefined {
    return this.#homes?.homeOf(name);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #receive(
    asked: { readonly name: string; readonly message: Message; readonly run: Run; readonly sessionId: string },
    parts: ConversingParts,
  ): Promise<Message | undefined> {
    const { name, message, run, sessionId } = asked;
    const { state } = this.#parts.cluster;
    if (state.status === "none") {
      const text = `${name} lives on a cluster, and no cluster is connected here. Connect to one, or write location: local into its declaration.`;
      throw new AgentError("remote.not-connected", { name }, text);
    }
    const { homes } = await this.#open();
    const owed = { run: run.id, message, address: state.address, sessionId, turnId: parts.turnId() };
    this.#awaited.add(message.id);
    await this.#owed.keep(owed);
    try {
      return await homes.mailbox(name, parts).receive(message, run);
    } finally {
      if (!isLeaving(run.signal.reason)) {
        this.#awaited.delete(message.id);
        await this.#owed.forget(message.id);
      }
    }
  }

  /** Answers that were promised to a window that is gone, by the cluster that is connected or named now. */
  #stale() {
    const { state } = this.#parts.cluster;
    const address = state.status === "none" ? "" : state.address;
    return this.#owed.all.filter((owed) => owed.address === address && !this.#awaited.has(owed.message.id));
  }

  #askForOwed(): void {
    if (!this.#isAsking && this.#stale().length > 0) {
      this.#askNow().catch((error: unknown) => this.#note(error));
    }
  }

  async #askNow(): Promise<void> {
    const { declared, agents } = this.#parts;
    this.#isAsking = true;
    try {
      await declared.open();
      await agents.open();
      const { rejoin } = await this.#open();
      await rejoin(this.#stale());
    } finally {
      this.#isAsking = false;
    }
  }

  #note(error: unknown): void {
    this.#parts.log.warn(`Answers of agents on the cluster could not be asked for: ${String(error)}`);
  }

  #open(): Promise<AgentHomes> {
    // What failed is tried again by whoever comes next.
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #load(): Promise<AgentHomes> {
    const { openAgentHomes } = await this.#parts.cluster.functions();
    this.#homes = openAgentHomes({
      ...this.#parts,
      owed: this.#owed,
      desk: () => this.#desk,
      onChange: () => this.#changes.fire(),
    });
    return this.#homes;
  }
}
