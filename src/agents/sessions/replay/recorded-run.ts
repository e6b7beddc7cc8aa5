import type { RunEvent } from "../../core/run.ts";
import type { Message } from "../../protocol/message.ts";
import type { Problem } from "../../protocol/problem.ts";

/** What a model said, as it is kept in the log; `null` where the log is of a version that did not keep it. */
export interface RecordedCall {
  /** Place in the log of the run. */
  readonly at: number;
  readonly said: Said | null;
  readonly repairs: readonly string[];
}
export type Said = NonNullable<Extract<RunEvent, { type: "model-call" }>["said"]>;

/** A call of a tool that the person could see, and what it gave. */
export interface RecordedTool {
  readonly at: number;
  readonly callId: string;
  readonly tool: string;
  readonly input: string;
  /** Infinite where it had not ended. */
  end: number;
  failed: boolean;
  text: string;
}

/** One message of a run, what was done to answer it, and the answer. Places are those in the log of the run. */
export interface RecordedDelivery {
  readonly message: Message;
  /** The delivery that was being answered when it was sent; `null` for those of the person. */
  readonly parent: RecordedDelivery | null;
  readonly at: number;
  /** Where it had been answered, or passed over in silence; infinite where it never was. */
  end: number;
  reply: Message | null;
  /** Why it was not answered. */
  failure: Problem | null;
  readonly children: RecordedDelivery[];
  readonly calls: RecordedCall[];
  readonly tools: RecordedTool[];
}

/** A run, as far as it was played before the message that is changed. */
export interface RecordedRun {
  readonly events: readonly RunEvent[];
  /** What the person sent, in order. */
  readonly roots: readonly RecordedDelivery[];
  readonly all: readonly RecordedDelivery[];
  /** Model calls of agents that nobody had asked anything that is in the log, by agent. */
  readonly loose: ReadonlyMap<string, readonly RecordedCall[]>;
  /** Place of the message that is changed. */
  readonly cut: number;
  /** The delivery whose message, or whose answer, is changed. */
  readonly changed: RecordedDelivery;
  readonly part: "message" | "reply";
}

/** Reads a run from its events. @returns `undefined` where no message of it has the id. */
export function readRecordedRun(events: readonly RunEvent[], messageId: string): RecordedRun | undefined {
  const reader = new RunReader(events);
  const { all, roots, loose } = reader;
  const sent = all.find(({ message }) => message.id === messageId);
  const changed = sent ?? all.find(({ reply }) => reply?.id === messageId);
  if (changed === undefined) {
    return undefined;
  }

  const part = sent === undefined ? "reply" : "message";
  return { events, all, roots, loose, changed, part, cut: part === "message" ? changed.at : changed.end };
}

/** The delivery and all that were sent to answer it, in the order of the log. */
export function withAllBelow(delivery: RecordedDelivery): readonly RecordedDelivery[] {
  return [delivery, ...delivery.children.flatMap(withAllBelow)].toSorted((a, b) => a.at - b.at);
}

/**
 * Finds out who was answering what. A message is sent to answer the last one that its sender has not answered yet; one that
 * is never answered was passed over in silence when its sender goes on.
 */
class RunReader {
  readonly roots: RecordedDelivery[] = [];
  readonly all: RecordedDelivery[] = [];
  readonly loose = new Map<string, RecordedCall[]>();
  readonly #answered: ReadonlySet<string>;
  readonly #tools = new Map<string, RecordedTool>();

  constructor(events: readonly RunEvent[]) {
    this.#answered = new Set(
      events.flatMap((event) =>
        event.type === "message"
          ? [event.message.inReplyTo ?? ""]
          : event.type === "message-failed"
            ? [event.messageId]
            : [],
      ),
    );
    events.forEach((event, at) => this.#read(event, at));
  }

  #read(event: RunEvent, at: number): void {
    switch (event.type) {
      case "message":
        return event.message.inReplyTo === undefined ? this.#send(event.message, at) : this.#answer(event.message, at);
      case "message-failed":
        return this.#fail(event, at);
      case "model-call":
        return this.#call(event, at);
      case "tool-call": {
        const { callId, tool, input } = event;
        const call = { at, callId, tool, input, end: Number.POSITIVE_INFINITY, failed: false, text: "" };
        this.#tools.set(callId, call);
        this.#openWith(event.agent)?.tools.push(call);
        return;
      }
      case "tool-end": {
        const call = this.#tools.get(event.callId);
        if (call !== undefined) {
          Object.assign(call, { end: at, failed: event.failed, text: event.text });
        }
        return;
      }
      default:
    }
  }

  #send(message: Message, at: number): void {
    const parent = this.#openWith(message.from) ?? null;
    const siblings = parent?.children ?? this.roots;
    this.#settle(siblings, at);
    const end = message.requestReply ? Number.POSITIVE_INFINITY : at;
    const delivery = { message, parent, at, end, reply: null, failure: null, children: [], calls: [], tools: [] };
    siblings.push(delivery);
    this.all.push(delivery);
  }

  #answer(reply: Message, at: number): void {
    const delivery = this.all.findLast(({ message }) => message.id === reply.inReplyTo);
    if (delivery !== undefined) {
      this.#settle(delivery.children, at);
      delivery.reply = reply;
      delivery.end = at;
    }
  }

  #fail({ messageId, problem }: Extract<RunEvent, { type: "message-failed" }>, at: number): void {
    const delivery = this.all.findLast(({ message }) => message.id === messageId);
    if (delivery !== undefined) {
      this.#settle(delivery.children, at);
      delivery.failure = problem;
      delivery.end = at;
    }
  }

  #call(event: Extract<RunEvent, { type: "model-call" }>, at: number): void {
    const call: RecordedCall = { at, said: event.said ?? null, repairs: event.repairs };
    const delivery = this.#openWith(event.agent);
    if (delivery === undefined) {
      this.loose.set(event.agent, [...(this.loose.get(event.agent) ?? []), call]);
      return;
    }

    this.#settle(delivery.children, at);
    delivery.calls.push(call);
  }

  #settle(deliveries: readonly RecordedDelivery[], at: number): void {
    for (const delivery of deliveries) {
      if (delivery.end === Number.POSITIVE_INFINITY && !this.#answered.has(delivery.message.id)) {
        delivery.end = at - 1;
      }
    }
  }

  #openWith(agent: string): RecordedDelivery | undefined {
    return this.all.findLast(({ message, end }) => message.to === agent && end === Number.POSITIVE_INFINITY);
  }
}
