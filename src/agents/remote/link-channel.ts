import { AgentError } from "../base/errors.ts";
import type { ChannelEnd, FromGateway, RemoteTarget, ToGateway } from "../protocol/remote-link.ts";
import { type ChannelResumption, ReliableChannel } from "./reliable-channel.ts";

/** What the other end said when the channel was joined. */
export type Opened = Extract<FromGateway, { t: "opened" }>;

/** Who listens to a channel. */
export interface ChannelEvents {
  /** Called for each body, in order, each once. */
  readonly onBody: (body: unknown) => void;
  /** What it leads to is not there yet, and why. Said again while that lasts. */
  readonly onWaiting?: (code: string, message: string) => void;
  /** Joined again over a new link. `renewed`: what it leads to was made anew and remembers nothing. */
  readonly onResumed?: (opened: Opened, resumption: ChannelResumption) => void;
}

/** A way to something on the cluster that outlives links: nothing is lost on it, and nothing comes twice. */
export interface RemoteChannel {
  readonly target: RemoteTarget;
  /** Resolves when it is joined for the first time. @throws AgentError `remote.gone`, `remote.resources`, `remote.closed` */
  readonly opened: Promise<Opened>;
  /** Resolves when it leads nowhere any more, with the reason. */
  readonly ended: Promise<ChannelEnd>;
  /** Sends a body, now or over the next link. @throws AgentError `remote.too-large` */
  post(body: unknown): void;
  /** Resolves when there is room for more; whoever posts much waits for it between bodies. */
  readonly room: Promise<void>;
  /** Leaves it. `end`: what it leads to is to end, too, which {@link ended} tells. */
  close(end: boolean): void;
}

/** Acknowledged at once after so many bodies; fewer wait for the next round. */
const bodiesPerAcknowledgement = 64;

const leftEnd: ChannelEnd = { code: "left", message: "The channel was left." };

/** The link's side of a channel. */
export class LinkChannel implements RemoteChannel {
  readonly id: string;
  readonly opened: Promise<Opened>;
  readonly ended: Promise<ChannelEnd>;
  readonly #events: ChannelEvents;
  readonly #bodies: ReliableChannel;
  readonly #say: (frame: ToGateway) => void;
  readonly #resolveOpened: (opened: Opened) => void;
  readonly #rejectOpened: (error: AgentError) => void;
  readonly #resolveEnded: (end: ChannelEnd) => void;
  #target: RemoteTarget;
  #closing: { readonly end: boolean } | undefined;
  #unacknowledged = 0;
  #isOver = false;

  /** @param sendText Sends a frame that is text already. */
  constructor(
    { id, target }: { readonly id: string; readonly target: RemoteTarget },
    events: ChannelEvents,
    sendText: (text: string) => void,
  ) {
    this.id = id;
    this.#target = target;
    this.#events = events;
    this.#say = (frame) => sendText(JSON.stringify(frame));
    const head = `{"t":"data","channel":${JSON.stringify(id)},"seq":`;
    this.#bodies = new ReliableChannel(({ seq, json }) => sendText(`${head}${seq},"body":${json}}`));
    const opened = Promise.withResolvers<Opened>();
    this.opened = opened.promise;
    this.#resolveOpened = opened.resolve;
    this.#rejectOpened = opened.reject;
    // Whoever does not wait for the opening hears of the end.
    this.opened.catch(() => undefined);
    const ended = Promise.withResolvers<ChannelEnd>();
    this.ended = ended.promise;
    this.#resolveEnded = ended.resolve;
  }

  get target(): RemoteTarget {
    return this.#target;
  }

  get room(): Promise<void> {
    return this.#bodies.room;
  }

  /** Whether nothing more can come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  post(body: unknown): void {
    if (!this.#isOver) {
      this.#bodies.post(body);
    }
  }

  close(end: boolean): void {
    if (this.#isOver) {
      return;
    }
    this.#closing ??= { end };
    if (this.#bodies.isUp) {
      this.#sayGoodbye(end);
    } else if (end) {
      this.#sayGoodbye(true);
      this.#forgetCreation();
      this.#rejectOpened(this.#goneError(leftEnd));
    } else {
      this.finish(leftEnd);
    }
  }

  /** A link stands: joins it. */
  join(): void {
    const { epoch, received } = this.#bodies;
    this.#say({ t: "open", channel: this.id, target: this.#target, epoch, received });
  }

  /** The link has gone. */
  suspend(): void {
    this.#bodies.suspend();
  }

  /** Takes a frame of this channel. @returns Whether what was said before it is missing, so that the link must be renewed. */
  take(frame: Exclude<FromGateway, { t: "welcome" | "refused" | "ping" | "pong" }>): boolean {
    if (this.#isOver) {
      return false;
    }
    switch (frame.t) {
      case "waiting":
        this.#waits(frame.code, frame.message);
        return false;
      case "opened":
        this.#joined(frame);
        return false;
      case "closed":
        this.#closed(frame.reason);
        return false;
      case "ack":
        this.#bodies.acknowledge(frame.seq);
        return false;
      case "data":
        return this.#receive(frame.seq, frame.body);
    }
  }

  /** Says what has arrived, where that was not said. */
  acknowledge(): void {
    this.#unacknowledged = 0;
    const seq = this.#bodies.takeAcknowledgement();
    if (seq !== null) {
      this.#say({ t: "ack", channel: this.id, seq });
    }
  }

  /** Nothing more will come. */
  finish(end: ChannelEnd): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    this.#bodies.suspend();
    this.#rejectOpened(this.#goneError(end));
    this.#resolveEnded(end);
  }

  #joined(opened: Opened): void {
    const isFirst = this.#bodies.epoch === null;
    this.#forgetCreation();
    const resumption = this.#bodies.resume(opened);
    if (isFirst) {
      this.#resolveOpened(opened);
    } else {
      this.#events.onResumed?.(opened, resumption);
    }
    if (this.#closing !== undefined) {
      this.#sayGoodbye(this.#closing.end);
    }
  }

  /** What was restarted on the cluster is joined again at once; any other end stays. */
  #closed(reason: ChannelEnd): void {
    if (reason.code === "restarted" && this.#closing === undefined) {
      this.#bodies.suspend();
      this.join();
    } else {
      this.finish(reason);
    }
  }

  #waits(code: string, message: string): void {
    if (this.#closing === undefined) {
      this.#events.onWaiting?.(code, message);
    } else {
      this.#sayGoodbye(this.#closing.end);
    }
  }

  /** What was there once, or is not wanted any more, is never made anew behind the back of whoever uses it. */
  #forgetCreation(): void {
    this.#target = { ...this.#target, create: null };
  }

  #goneError({ code, message }: ChannelEnd): AgentError {
    const { name } = this.#target;
    return new AgentError("remote.gone", { name, why: code, reason: message }, `${name} on the cluster: ${message}`);
  }

  #receive(seq: number, body: unknown): boolean {
    const verdict = this.#bodies.accept(seq);
    if (verdict === "next") {
      this.#unacknowledged += 1;
      if (this.#unacknowledged >= bodiesPerAcknowledgement) {
        this.acknowledge();
      }
      this.#events.onBody(body);
    }
    return verdict === "gap";
  }

  #sayGoodbye(end: boolean): void {
    this.acknowledge();
    this.#say({ t: "close", channel: this.id, end });
    if (!end) {
      this.finish(leftEnd);
    }
  }
}
