import { AgentError } from "../base/errors.ts";
import type { HumanInput } from "../ports/human-input.ts";
import type { ReplyHelp } from "../ports/reply-help.ts";
import type { Message } from "../protocol/message.ts";
import {
  type Metadata,
  type Position,
  type Reply,
  type ReplyContext,
  type ReplyFunction,
  type SendOptions,
  answer,
  fires,
  noMetadata,
  pass,
  placed,
  silence,
} from "./reply.ts";
import { AgentContext, type AgentContextParts } from "./agent-context.ts";
import { messageId } from "./message-id.ts";
import type { Mailbox, Run } from "./run.ts";
import { RunQueue } from "./run-queue.ts";

/**
 * When the person is asked for words: before every reply, only when the conversation would end (a termination message,
 * or too many automatic replies), or never.
 */
export type HumanInputMode = "ALWAYS" | "TERMINATE" | "NEVER";

export interface AgentOptions {
  readonly name: string;
  readonly systemMessage?: string;
  /** Tried in this order, after the check for termination and human input. */
  readonly replies?: readonly ReplyFunction[];
  /** Said when no function answers; silence where left out. */
  readonly defaultReply?: string;
  readonly humanInputMode?: HumanInputMode;
  /** Needed for any mode but `NEVER`. */
  readonly humanInput?: HumanInput;
  /** Replies to one peer in a row without a word of the person, after which the conversation ends; 100 where left out. */
  readonly maxConsecutiveAutoReply?: number;
  /** Whether a message ends the conversation. Reads metadata, never words of the text. */
  readonly isTerminationMessage?: (message: Message) => boolean;
  /** What its reply functions are given to answer one message: model, tools, streaming. */
  readonly help?: (message: Message, run: Run, context: ReplyContext) => ReplyHelp;
}

/** Metadata that makes the receiver forget all it exchanged with the sender before it reads the message. */
export const forgetting: Metadata = { forget: "sender" };

/** Metadata that makes the receiver forget everyone before it reads the message. */
export const forgettingAll: Metadata = { forget: "everyone" };

/** Metadata of a message after which nothing more is to be said. */
export const terminating: Metadata = { terminate: true };

const answeredIdsKept = 1_000;
const isTerminating = (message: Message): boolean => message.metadata["terminate"] === true;

/** An agent in this process: a history per peer, and reply functions tried in order. */
export class ConversableAgent implements Mailbox {
  readonly name: string;
  /** May be changed at any time; the next reply uses it. */
  systemMessage: string;
  readonly #options: AgentOptions;
  readonly #histories = new Map<string, Message[]>();
  /** The last answers by the id of their message, and those before them; taking them out one by one would cost more. */
  #answers = new Map<string, Promise<Message | undefined>>();
  #olderAnswers = new Map<string, Promise<Message | undefined>>();
  readonly #queue = new RunQueue();
  readonly #send: AgentContextParts["send"] = (run, to, content, options) => this.send(run, to, content, options);
  readonly #autoReplies = new Map<string, number>();
  #timeline: Message[] = [];
  #replies: readonly ReplyFunction[];

  constructor(options: AgentOptions) {
    this.name = options.name;
    this.systemMessage = options.systemMessage ?? "";
    this.#options = options;
    this.#replies = options.replies ?? [];
  }

  /** Adds a reply function; the newest is tried first unless `position` says otherwise. */
  registerReply(reply: ReplyFunction, position: Position = "first"): void {
    this.#replies = placed(this.#replies, reply, position);
  }

  /** Everything exchanged with `peer`, oldest first. */
  messagesWith(peer: string): readonly Message[] {
    return [...this.#historyWith(peer)];
  }

  /** Everything exchanged with anyone, oldest first. */
  get everything(): readonly Message[] {
    return [...this.#timeline];
  }

  /** Takes over what it exchanged with others before, oldest first, in place of what it remembers. */
  restore(messages: readonly Message[]): void {
    this.reset();
    for (const message of messages) {
      this.#remember(message.from === this.name ? message.to : message.from, message);
    }
  }

  /** Forgets one peer, or everyone, and starts counting automatic replies anew. */
  reset(peer?: string): void {
    if (peer === undefined) {
      this.#histories.clear();
      this.#autoReplies.clear();
      this.#timeline = [];
      return;
    }

    this.#histories.delete(peer);
    this.#autoReplies.delete(peer);
    this.#timeline = this.#timeline.filter((message) => message.from !== peer && message.to !== peer);
  }

  /** A message that arrives twice, as it may over a network, is answered once. Runs other than the current one wait. */
  receive(message: Message, run: Run): Promise<Message | undefined> {
    const known = this.#answers.get(message.id) ?? this.#olderAnswers.get(message.id);
    if (known !== undefined) {
      return known;
    }

    const reading = this.#queue.enter(run, () => this.#read(message, run));
    if (this.#answers.size === answeredIdsKept) {
      this.#olderAnswers = this.#answers;
      this.#answers = new Map();
    }

    this.#answers.set(message.id, reading);
    return reading;
  }

  /** Sends one message within `run`. @returns The answer where one was asked for and given. */
  async send(
    run: Run,
    to: string,
    content: string,
    options: SendOptions & { readonly requestReply?: boolean } = noOptions,
  ): Promise<Message | undefined> {
    const sent = kept({
      id: messageId(),
      from: this.name,
      to,
      content,
      metadata: options.metadata ?? noMetadata,
      requestReply: options.requestReply ?? true,
      silent: options.silent ?? false,
    });
    this.#remember(to, sent);
    const reply = await run.deliver(sent);
    if (reply !== undefined) {
      this.#remember(to, reply);
    }

    return reply;
  }

  /**
   * Talks with `to` until one of both has nothing more to say, a termination message comes, or this agent has replied
   * often enough. @returns The last message of `to`.
   */
  async initiateChat(
    run: Run,
    to: string,
    content: string,
    options: { readonly clearHistory?: boolean; readonly metadata?: Metadata } = {},
  ): Promise<Message | undefined> {
    const clear = options.clearHistory ?? true;
    if (clear) {
      this.reset(to);
    }

    const metadata = { ...options.metadata, ...(clear ? forgetting : {}) };
    let last = await this.send(run, to, content, { metadata });
    while (last !== undefined) {
      // Each word follows from the one before.
      // oxlint-disable-next-line no-await-in-loop
      const next = await this.#reply(last, run);
      if (next.kind !== "answer") {
        return last;
      }

      // oxlint-disable-next-line no-await-in-loop
      const reply = await this.send(run, to, next.content, { metadata: next.metadata });
      if (reply === undefined) {
        return last;
      }

      last = reply;
    }

    return last;
  }

  /** Remembers what it said or was told elsewhere, with what that makes it forget. */
  remind(message: Message): void {
    if (message.from !== this.name) {
      this.#hear(message);
      return;
    }

    this.#remember(message.to, message);
    if (message.inReplyTo !== undefined) {
      this.#autoReplies.set(message.to, (this.#autoReplies.get(message.to) ?? 0) + 1);
    }
  }

  #hear(message: Message): void {
    const { forget } = message.metadata;
    if (forget === "everyone") {
      this.reset();
    } else if (forget === "sender") {
      this.reset(message.from);
    }

    this.#remember(message.from, message);
  }

  async #read(message: Message, run: Run): Promise<Message | undefined> {
    this.#hear(message);
    if (!message.requestReply) {
      return undefined;
    }

    const reply = await this.#reply(message, run);
    if (reply.kind !== "answer") {
      return undefined;
    }

    const answered = kept({
      id: messageId(),
      from: this.name,
      to: message.from,
      inReplyTo: message.id,
      content: reply.content,
      metadata: reply.metadata,
      requestReply: false,
      silent: message.silent,
    });
    this.#remember(message.from, answered);
    return answered;
  }

  async #reply(message: Message, run: Run): Promise<Reply> {
    const ending = this.#terminationOrHuman(message, run);
    const human = ending instanceof Promise ? await ending : ending;
    if (human.kind !== "pass") {
      return human;
    }

    const context = this.#context(message, run);
    for (const candidate of this.#replies) {
      if (!fires(candidate.trigger, message)) {
        continue;
      }

      run.signal.throwIfAborted();
      // One after the other: a later function answers only what the earlier ones passed.
      // oxlint-disable-next-line no-await-in-loop
      const reply = await candidate.reply(context);
      if (reply.kind !== "pass") {
        return reply;
      }
    }

    const { defaultReply } = this.#options;
    return defaultReply === undefined ? silence : answer(defaultReply);
  }

  /** The person's words where the mode asks for them; silence where the conversation ends; else `pass`. */
  #terminationOrHuman(message: Message, run: Run): Reply | Promise<Reply> {
    const { humanInputMode = "NEVER", maxConsecutiveAutoReply = 100 } = this.#options;
    const isTermination = this.#options.isTerminationMessage ?? isTerminating;
    const count = this.#autoReplies.get(message.from) ?? 0;
    const ends = isTermination(message) || count >= maxConsecutiveAutoReply;
    if (humanInputMode === "ALWAYS" || (humanInputMode === "TERMINATE" && ends)) {
      return this.#personsReply(message, run, isTermination(message));
    }

    this.#autoReplies.set(message.from, ends ? 0 : count + 1);
    return ends ? silence : pass;
  }

  async #personsReply(message: Message, run: Run, isTermination: boolean): Promise<Reply> {
    const words = run.recall?.isUnderWay === true ? "" : await this.#askPerson(message, run);
    this.#autoReplies.set(message.from, 0);
    if (words === "") {
      return isTermination ? silence : pass;
    }

    return words === null ? silence : answer(words);
  }

  #askPerson(message: Message, run: Run): Promise<string | null> {
    const { humanInput } = this.#options;
    if (humanInput === undefined) {
      throw new AgentError(
        "agent.no-human",
        { name: this.name },
        `${this.name} wants to ask the person, and nobody is there to ask.`,
      );
    }

    return run.budget.offTheClock(() =>
      humanInput.ask(`${message.from} (to ${this.name}):\n\n${message.content}`, run.signal),
    );
  }

  #context(message: Message, run: Run): ReplyContext {
    return new AgentContext(message, run, {
      history: this.#historyWith(message.from),
      timeline: this.#timeline,
      systemMessage: this.systemMessage,
      send: this.#send,
      help: this.#options.help,
    });
  }

  #remember(peer: string, message: Message): void {
    this.#historyWith(peer).push(message);
    this.#timeline.push(message);
  }

  #historyWith(peer: string): Message[] {
    const known = this.#histories.get(peer);
    if (known !== undefined) {
      return known;
    }

    const history: Message[] = [];
    this.#histories.set(peer, history);
    return history;
  }
}

const noOptions = {};

/** A message without metadata is one object for all who remember it: nobody can write into it. */
function kept(message: Message): Message {
  return message.metadata === noMetadata ? Object.freeze(message) : message;
}
