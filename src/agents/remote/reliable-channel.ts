import { AgentError } from "../base/errors.ts";
import { toGatewayLimitBytes } from "../protocol/remote-link.ts";

/** Room for the frame around a body, bytes. */
const frameOverheadBytes = 1024;

/** What is kept until the other side has it; beyond, whoever posts is asked to wait. Characters of JSON. */
export const outboxLimitCharacters = 64 * 1024 * 1024;

/** One body with its number, as it travels. */
export interface NumberedBody {
  readonly seq: number;
  /** Its JSON. */
  readonly json: string;
}

/** What the other side says of a channel when a link to it stands. */
export interface ChannelGreeting {
  /** Another one than before where the other side remembers nothing. */
  readonly epoch: string;
  /** The last body of this side that it has. */
  readonly received: number;
  /** The first body that it will send now. */
  readonly next: number;
}

/** What a greeting meant for this side. */
export interface ChannelResumption {
  /** Bodies of the other side that never come. */
  readonly cut: number;
  /** There was another one at the other side before. */
  readonly renewed: boolean;
}

/**
 * One end of a channel that outlives its links: bodies are numbered, kept until the other side has them, sent again over
 * the next link, and those that come twice are dropped. It knows no clock and no network: its owner carries the bodies.
 */
export class ReliableChannel {
  readonly #send: (body: NumberedBody) => void;
  readonly #limitCharacters: number;
  #outbox: NumberedBody[] = [];
  #waiting = 0;
  #lastPosted = 0;
  #received = 0;
  #acknowledged = 0;
  #epoch: string | null = null;
  #isUp = false;
  #room: PromiseWithResolvers<void> | undefined;

  /** @param send Carries a body over the link that stands; called while {@link isUp}. */
  constructor(send: (body: NumberedBody) => void, limitCharacters = outboxLimitCharacters) {
    this.#send = send;
    this.#limitCharacters = limitCharacters;
  }

  /** Whether a link stands. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Of the other side; `null` while it was never met. */
  get epoch(): string | null {
    return this.#epoch;
  }

  /** The last body of the other side that has arrived; 0 for none. */
  get received(): number {
    return this.#received;
  }

  /** Characters of JSON that the other side does not have yet. */
  get waitingCharacters(): number {
    return this.#waiting;
  }

  /** Resolves when there is room for more; whoever posts much waits for it between bodies. */
  get room(): Promise<void> {
    return this.#room?.promise ?? Promise.resolve();
  }

  /**
   * Takes a body on its way; it is sent now or over the next link.
   *
   * @throws AgentError `remote.too-large` for a body that no frame can carry.
   */
  post(body: unknown): void {
    const json = JSON.stringify(body);
    const sizeBytes = Buffer.byteLength(json);
    const limitBytes = toGatewayLimitBytes - frameOverheadBytes;
    if (sizeBytes > limitBytes) {
      const message = `A message of ${sizeBytes} bytes is too large for the link to the cluster, which takes ${limitBytes}.`;
      throw new AgentError("remote.too-large", { sizeBytes, limitBytes }, message);
    }

    this.#lastPosted += 1;
    const numbered = { seq: this.#lastPosted, json };
    this.#outbox.push(numbered);
    this.#waiting += json.length;
    if (this.#waiting > this.#limitCharacters) {
      this.#room ??= Promise.withResolvers<void>();
    }

    if (this.#isUp) {
      this.#send(numbered);
    }
  }

  /** A link stands: sends what the other side lacks. */
  resume({ epoch, received, next }: ChannelGreeting): ChannelResumption {
    const isOther = this.#epoch !== epoch;
    const renewed = isOther && this.#epoch !== null;
    this.#epoch = epoch;
    if (isOther) {
      // Also one that was not met before may have had bodies of this window, over an earlier channel.
      this.#renumber(received);
      this.#received = 0;
    } else {
      this.#forget(received);
    }

    const cut = Math.max(0, next - 1 - this.#received);
    this.#received += cut;
    this.#acknowledged = this.#received;
    this.#isUp = true;
    this.#outbox.forEach((body) => this.#send(body));
    return { cut, renewed };
  }

  /** The link has gone. */
  suspend(): void {
    this.#isUp = false;
  }

  /**
   * Whether a body that has come is the next one, to be handed on. `again`: it was handed on before. `gap`: others before
   * it are missing, so that the link is not to be trusted.
   */
  accept(seq: number): "next" | "again" | "gap" {
    if (seq <= this.#received) {
      // The other side does not know that it has arrived.
      this.#acknowledged = Math.min(this.#acknowledged, seq - 1);
      return "again";
    }

    if (seq > this.#received + 1) {
      return "gap";
    }

    this.#received = seq;
    return "next";
  }

  /** The number to acknowledge now, where there is one that was not. */
  takeAcknowledgement(): number | null {
    if (!this.#isUp || this.#acknowledged === this.#received) {
      return null;
    }

    this.#acknowledged = this.#received;
    return this.#received;
  }

  /** The other side has all bodies up to `seq`. */
  acknowledge(seq: number): void {
    this.#forget(seq);
  }

  /** It is another one, which shall get what the one before did not: counted from what it has. */
  #renumber(received: number): void {
    this.#outbox = this.#outbox.map(({ json }, index) => ({ seq: received + 1 + index, json }));
    this.#lastPosted = received + this.#outbox.length;
  }

  #forget(seq: number): void {
    const kept = this.#outbox.findIndex((body) => body.seq > seq);
    const gone = kept < 0 ? this.#outbox.splice(0) : this.#outbox.splice(0, kept);
    this.#waiting -= gone.reduce((sum, { json }) => sum + json.length, 0);
    if (this.#waiting <= this.#limitCharacters) {
      this.#room?.resolve();
      this.#room = undefined;
    }
  }
}
