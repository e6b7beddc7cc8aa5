import { randomUUID } from "node:crypto";
import type { Agent } from "node:http";
import { AgentError, messageOf } from "../base/errors.ts";
import type { FromGateway, RemoteServer, RemoteTarget } from "../protocol/remote-link.ts";
import { type ChannelEvents, LinkChannel, type RemoteChannel } from "./link-channel.ts";
import { pause } from "./pause.ts";
import { type RemoteSocket, type SocketEnd, openRemoteSocket } from "./remote-socket.ts";

/** How the link to a cluster is. */
export type LinkState =
  | { readonly phase: "up"; readonly server: RemoteServer }
  /** `since`: milliseconds since 1970. `reason`: in plain words. */
  | { readonly phase: "reconnecting"; readonly since: number; readonly attempts: number; readonly reason: string }
  /** It stays so. `problem`: `null` where it was closed from here. */
  | { readonly phase: "down"; readonly problem: AgentError | null };

export interface ClusterLinkOptions {
  /** Of the link: `ws://…/byzer/v1/link` or `wss://…`. */
  readonly url: string;
  /** The gateway's token, read at each connection. */
  readonly token: () => Promise<string>;
  /** The pool to connect through; Node's own where left out. */
  readonly agent?: Agent | undefined;
  /**
   * Asked now and then while the link cannot be made again: why it never can; `null` where it may. Without it, the link
   * is tried for ever.
   */
  readonly whyGone?: (signal: AbortSignal) => Promise<AgentError | null>;
  /** Told each change of {@link ClusterLink.state}. */
  readonly onState?: (state: LinkState) => void;
}

/** Waits between tries to connect again, milliseconds; the last one again and again. */
const retryAfterMs = [100, 300, 700, 1500, 2500] as const;
/** How often it is asked whether the other side is there at all, milliseconds. */
const askGoneEachMs = 5000;
const acknowledgeAfterMs = 50;
/** How long goodbyes may take to be sent, milliseconds. */
const farewellMs = 2000;

/**
 * Connects to the gateway of a cluster. The first connection must succeed; afterwards a lost one is made again for as
 * long as it takes, and channels go on where they were.
 *
 * @throws AgentError `remote.unreachable`, `remote.refused`, `remote.not-ray`
 */
export async function connectCluster(options: ClusterLinkOptions, signal: AbortSignal): Promise<ClusterLink> {
  const link = new ClusterLink(options);
  await link.connect(signal);
  return link;
}

/** The one connection of this process to a cluster, shared by all that runs there. */
export class ClusterLink {
  readonly #options: ClusterLinkOptions;
  /** Names this process to the cluster for as long as it remembers what it sent. */
  readonly #window = randomUUID();
  readonly #channels = new Map<string, LinkChannel>();
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(state: LinkState) => void>();
  #socket: RemoteSocket | undefined;
  #state: LinkState = { phase: "reconnecting", since: Date.now(), attempts: 0, reason: "" };
  #acknowledging: NodeJS.Timeout | undefined;
  #hurry: (() => void) | undefined;
  #channelNumber = 0;

  constructor(options: ClusterLinkOptions) {
    this.#options = options;
    if (options.onState !== undefined) {
      this.#listeners.add(options.onState);
    }
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Sees each change of {@link state}. @returns What undoes that. */
  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens a channel. While there is no connection it waits for the next one. */
  open(target: RemoteTarget, events: ChannelEvents): RemoteChannel {
    this.#channelNumber += 1;
    const id = `c${this.#channelNumber}`;
    const channel = new LinkChannel({ id, target }, events, (text) => this.#socket?.send(text));
    if (this.#state.phase === "down") {
      channel.finish({ code: "closed", message: "The link to the cluster is closed." });
      return channel;
    }
    this.#channels.set(id, channel);
    void channel.ended.then(() => this.#channels.delete(id));
    if (this.#socket !== undefined) {
      channel.join();
    }
    return channel;
  }

  /** Makes the first connection. */
  async connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const first = new AbortController();
    const giveUp = (): void => first.abort(signal.reason);
    // Only until the connection stands: who gives up later does not end it for others.
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await this.#connect(AbortSignal.any([first.signal, this.#closing.signal]));
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Does not wait any longer before the next try. */
  retryNow(): void {
    this.#hurry?.();
  }

  /** Leaves all channels and ends the connection. What runs on the cluster goes on, unless its channel was told to end it. */
  async close(): Promise<void> {
    const open = [...this.#channels.values()];
    open.forEach((channel) => channel.close(false));
    await Promise.race([
      Promise.all(open.map(({ ended }) => ended)),
      pauseFor(this.#socket === undefined ? 0 : farewellMs),
    ]);
    this.#setState({ phase: "down", problem: null });
    this.#closing.abort();
    this.#socket?.close();
    await this.#socket?.closed;
    this.#finishChannels("The link to the cluster was closed.");
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { url, agent } = this.#options;
    const token = await this.#options.token();
    const onFrame = (frame: FromGateway): void => this.#receive(frame);
    const socket = await openRemoteSocket({ url, token, window: this.#window, agent, onFrame }, signal);
    if (signal.aborted) {
      socket.close();
      signal.throwIfAborted();
    }
    this.#socket = socket;
    void this.#watch(socket);
    this.#channels.forEach((channel) => channel.join());
    this.#setState({ phase: "up", server: socket.server });
  }

  async #watch(socket: RemoteSocket): Promise<void> {
    const end = await socket.closed;
    this.#socket = undefined;
    clearTimeout(this.#acknowledging);
    this.#acknowledging = undefined;
    this.#channels.forEach((channel) => channel.suspend());
    if (this.#closing.signal.aborted) {
      return;
    }
    const problem = problemOfEnd(end, this.#options.url);
    if (problem === null) {
      await this.#reconnect(end.reason);
    } else {
      this.#giveUp(problem);
    }
  }

  async #reconnect(reason: string): Promise<void> {
    const since = Date.now();
    const trying = new AbortController();
    const signal = AbortSignal.any([trying.signal, this.#closing.signal]);
    const asking = new AbortController();
    void this.#watchWhetherGone(trying, AbortSignal.any([asking.signal, signal]));
    let why = reason;
    for (let attempts = 0; !signal.aborted && !asking.signal.aborted; attempts += 1) {
      this.#setState({ phase: "reconnecting", since, attempts, reason: why });
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await this.#pauseBefore(attempts);
      try {
        // oxlint-disable-next-line no-await-in-loop -- as above
        await this.#connect(signal);
        asking.abort();
      } catch (error) {
        if (isFinal(error)) {
          this.#giveUp(error);
          trying.abort();
        }
        why = messageOf(error);
      }
    }
  }

  /** Ends the tries where there is nothing to connect to any more. */
  async #watchWhetherGone(trying: AbortController, signal: AbortSignal): Promise<void> {
    const { whyGone } = this.#options;
    if (whyGone === undefined) {
      return;
    }
    try {
      while (!signal.aborted) {
        // oxlint-disable-next-line no-await-in-loop -- asked again while it is tried
        await pause(askGoneEachMs, signal);
        // oxlint-disable-next-line no-await-in-loop -- as above
        const problem = await whyGone(signal);
        if (problem !== null && !signal.aborted) {
          trying.abort();
          this.#giveUp(problem);
        }
      }
    } catch {
      // The tries have ended before.
    }
  }

  async #pauseBefore(attempt: number): Promise<void> {
    const wait = retryAfterMs[Math.min(attempt, retryAfterMs.length - 1)] ?? 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    this.#closing.signal.addEventListener("abort", () => resolve(), { once: true });
    // Windows that lost one gateway do not all come back at once.
    const timer = setTimeout(resolve, wait * (0.8 + Math.random() * 0.4));
    await promise;
    clearTimeout(timer);
    this.#hurry = undefined;
  }

  #receive(frame: FromGateway): void {
    if (!("channel" in frame)) {
      return;
    }
    const hasGap = this.#channels.get(frame.channel)?.take(frame) ?? false;
    if (hasGap) {
      this.#socket?.drop("something was lost on the way from the cluster");
    } else if (frame.t === "data") {
      this.#acknowledging ??= setTimeout(() => {
        this.#acknowledging = undefined;
        this.#channels.forEach((channel) => channel.acknowledge());
      }, acknowledgeAfterMs);
    }
  }

  #giveUp(problem: AgentError): void {
    this.#setState({ phase: "down", problem });
    this.#finishChannels(problem.message);
  }

  #finishChannels(message: string): void {
    [...this.#channels.values()].forEach((channel) => channel.finish({ code: "closed", message }));
  }

  #setState(state: LinkState): void {
    if (this.#state.phase !== "down") {
      this.#state = state;
      this.#listeners.forEach((listener) => listener(state));
    }
  }
}

/** Refusals after which nothing becomes better by trying again. */
const finalRefusals: ReadonlySet<string> = new Set(["token", "version", "hello", "replaced"]);

function problemOfEnd({ refusal }: SocketEnd, address: string): AgentError | null {
  if (refusal === null || !finalRefusals.has(refusal.code)) {
    return null;
  }
  const message = `The gateway at ${address} ended the link: ${refusal.message}`;
  return new AgentError("remote.refused", { address, why: refusal.code }, message);
}

function isFinal(error: unknown): error is AgentError {
  return AgentError.is(error, "remote.refused") && finalRefusals.has(error.details.why);
}

function pauseFor(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}
