import { randomUUID } from "node:crypto";
import { builtInPurpose } from "../analysis/agent-names.ts";
import { AgentError } from "../base/errors.ts";
import { isLeaving } from "../base/leaving.ts";
import type { ConversingParts } from "../conversing/conversing-parts.ts";
import type { RemoteHomes } from "../conversing/remote-homes.ts";
import type { Run } from "../core/run.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import { type ModelWay, isWrittenDown } from "../protocol/remote-agents.ts";
import { ClusterHomes } from "../remote-agents/cluster-homes.ts";
import { groupName, groupTitle } from "../remote-agents/group-name.ts";
import type { LateAnswer } from "../remote-agents/remote-group.ts";
import type { Cluster } from "../remote/cluster.ts";
import { openGroupChannel } from "../remote/group-channel.ts";
import type { CommandAgents } from "./command-agents.ts";
import type { CommandStreams } from "./command-streams.ts";
import type { KeptSpace, OwedToSpace } from "./kept-space.ts";

/** Seconds after which agents end that nobody comes back to: those of a command, and those of a space. */
const idleS = { command: 600, space: 86_400 };
/** How long answers that are owed and ready are waited for before something new is asked, milliseconds. */
const owedWithinMs = 2000;

/** What a command says of its agents that live on a cluster. */
export interface HomesOrder {
  readonly agents: Pick<CommandAgents, "directory" | "shelf">;
  readonly models: ModelProvider;
  /** The session in which the command asks. */
  readonly sessionId: string;
  /** Puts an answer that was owed into its turn. */
  readonly takeLate: (owed: OwedToSpace, late: LateAnswer) => Promise<void>;
  /** Under which they are found again; they end with the command where left out. */
  readonly space?: KeptSpace | undefined;
}

/** How a command reaches its cluster. */
export interface HomesCluster {
  readonly connected: (signal: AbortSignal) => Promise<Cluster>;
  readonly way: (signal: AbortSignal) => Promise<ModelWay>;
  readonly streams: CommandStreams;
}

/** Where the agents of a command live that live on a cluster. */
export class CommandHomes implements RemoteHomes {
  readonly #order: HomesOrder;
  readonly #cluster: HomesCluster;
  readonly #homes: ClusterHomes;
  readonly #own = randomUUID();
  readonly #runs = new Set<string>();
  readonly #late = new Map<string, () => void>();
  #rejoining: Promise<void> | undefined;

  constructor(order: HomesOrder, cluster: HomesCluster) {
    this.#order = order;
    this.#cluster = cluster;
    const { streams, way } = cluster;
    this.#homes = new ClusterHomes({
      open: (host, signal) => this.#open(host, signal),
      directory: order.agents.directory,
      way,
      models: order.models,
      onLate: (late) => {
        this.#takeLate(late).catch((error: unknown) => streams.err(`A late answer was lost: ${String(error)}\n`));
      },
      onLog: (agent, text) => streams.err(`${agent}: ${text}\n`),
    });
  }

  mailbox(name: string, parts: ConversingParts): ReturnType<RemoteHomes["mailbox"]> {
    const { space, sessionId } = this.#order;
    const mailbox = this.#homes.mailbox(name, parts);
    return {
      receive: async (message, run) => {
        this.#runs.add(run.id);
        if (space === undefined) {
          return await mailbox.receive(message, run);
        }
        this.#rejoining ??= this.#rejoin(space.owed, parts, run);
        await this.#rejoining;
        await space.keep({ run: run.id, message, sessionId, turnId: parts.turnId() });
        try {
          return await mailbox.receive(message, run);
        } finally {
          if (!isLeaving(run.signal.reason)) {
            await space.forget(message.id);
          }
        }
      },
    };
  }

  finish(run: string): void {
    this.#homes.finish(run);
  }

  /** Lets go of them: those of a space go on. */
  async leave(): Promise<void> {
    this.#runs.forEach((run) => this.#homes.finish(run));
    await this.#homes.leave(this.#order.space === undefined);
  }

  async #open(host: string, signal: AbortSignal): ReturnType<typeof openGroupChannel> {
    const { streams, connected } = this.#cluster;
    const { space } = this.#order;
    const { link } = await connected(signal);
    return await openGroupChannel(
      {
        link,
        name: groupName(space?.name ?? this.#own, host),
        create: {
          title: groupTitle(space?.name, host),
          cpus: 0,
          memoryBytes: 0,
          idleS: space === undefined ? idleS.command : idleS.space,
        },
        isWrittenDown,
        onRestart: (tail) => streams.err(`${host} was started again on the cluster. ${tail}\n`),
        onWaiting: (reason) => streams.err(`${host} waits for the cluster: ${reason}\n`),
      },
      signal,
    );
  }

  /** Asks again for what was promised to commands that are gone. Those who are not ready keep it for a later command. */
  async #rejoin(owed: readonly OwedToSpace[], { shelf }: ConversingParts, { signal }: Run): Promise<void> {
    const { directory } = this.#order.agents;
    const there = owed.filter(({ message }) => {
      const entry = directory.find(message.to);
      return entry?.state === "ready" && entry.definition.location === "ray";
    });
    if (there.length === 0) {
      return;
    }
    const purposeOf = (name: string): string => directory.find(name)?.definition.description ?? builtInPurpose(name);
    const come = there.map(({ message }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#late.set(message.id, resolve);
      return promise;
    });
    const hosts = Map.groupBy(there, ({ message }) => this.#homes.hostOf(message.to));
    const given = { shelf, purposeOf };
    await Promise.all([...hosts].map(([host, their]) => this.#homes.rejoin(host, { ...given, owed: their }, signal)));
    await Promise.race([Promise.all(come), passed(owedWithinMs)]);
    there
      .filter(({ message }) => this.#late.has(message.id))
      .forEach(({ message }) => this.#say(`${message.to} still works on what was asked before: ${message.content}`));
  }

  async #takeLate(late: LateAnswer): Promise<void> {
    const { space, takeLate } = this.#order;
    const owed = space?.owed.find(({ message }) => message.id === late.message);
    if (space === undefined || owed === undefined) {
      return;
    }
    const { to, content } = owed.message;
    await takeLate(owed, late);
    await space.forget(late.message);
    this.#say(
      late.problem === null
        ? `${to} has answered what was asked before (${content}): ${late.reply?.content ?? "it has nothing to say to that."}`
        : `${to} has failed at what was asked before (${content}): ${late.problem.message}`,
    );
    this.#late.get(late.message)?.();
    this.#late.delete(late.message);
  }

  #say(sentence: string): void {
    this.#cluster.streams.err(`${sentence}\n`);
  }
}

/** For a command without a cluster: says how to name one. */
export const noHomes: RemoteHomes = {
  mailbox: (name) => {
    const text = `${name} lives on a cluster: say which, with --ray ADDRESS, or write location: local into its declaration.`;
    throw new AgentError("remote.not-connected", { name }, text);
  },
  finish: () => undefined,
};

function passed(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}
