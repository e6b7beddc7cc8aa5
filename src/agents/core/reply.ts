import type { ReplyHelp } from "../ports/reply-help.ts";
import type { Message } from "../protocol/message.ts";
import type { Run } from "./run.ts";

/** Metadata of a message: plain data that reply functions read. */
export type Metadata = Message["metadata"];

/** Shared by all messages without metadata; nobody can write into it. */
export const noMetadata: Metadata = Object.freeze({});

/** How a message may be sent. */
export interface SendOptions {
  readonly metadata?: Metadata;
  /** Left out of the transcript. */
  readonly silent?: boolean;
}

/** What a reply function knows: the message, what was said with its sender before, and how to speak to others. */
export interface ReplyContext {
  readonly message: Message;
  /** Everything exchanged with the sender up to `message`, oldest first. */
  readonly messages: readonly Message[];
  /** Everything the agent exchanged with anyone up to `message`, oldest first. */
  readonly timeline: readonly Message[];
  readonly systemMessage: string;
  readonly run: Run;
  /** Model, tools and streaming, where the agent was given them. */
  readonly help?: ReplyHelp | undefined;
  /** Speaks to another agent and waits for its answer; `undefined` where it gives none. */
  readonly ask: (to: string, content: string, options?: SendOptions) => Promise<Message | undefined>;
  /** Tells another agent without waiting for an answer. */
  readonly tell: (to: string, content: string, options?: SendOptions) => Promise<void>;
}

/** What a reply function made of a message. `pass` leaves it to the next function; the others end the search. */
export type Reply =
  | { readonly kind: "answer"; readonly content: string; readonly metadata: Metadata }
  | { readonly kind: "silence" }
  | { readonly kind: "pass" };

/** Whose messages, or which messages, a reply function is for. */
export type Trigger = "anyone" | readonly string[] | ((message: Message) => boolean);

/** One way an agent answers. */
export interface ReplyFunction {
  /** Unique within an agent; other functions are placed relative to it. */
  readonly name: string;
  readonly trigger: Trigger;
  reply(context: ReplyContext): Promise<Reply>;
}

/** Where a reply function is placed among the others; `first` where nothing is said, so that the newest is tried first. */
export type Position = "first" | "last" | { readonly before: string } | { readonly after: string };

export const pass: Reply = { kind: "pass" };
export const silence: Reply = { kind: "silence" };

/** Makes an answer. */
export function answer(content: string, metadata: Metadata = noMetadata): Reply {
  return { kind: "answer", content, metadata };
}

/** Whether `trigger` fires on `message`. */
export function fires(trigger: Trigger, message: Message): boolean {
  if (trigger === "anyone") {
    return true;
  }

  return typeof trigger === "function" ? trigger(message) : trigger.includes(message.from);
}

/** `replies` with `added` in its place. An unknown neighbour puts it first. */
export function placed<T extends { readonly name: string }>(
  replies: readonly T[],
  added: T,
  position: Position,
): readonly T[] {
  if (position === "last") {
    return [...replies, added];
  }

  const neighbour =
    position === "first"
      ? -1
      : replies.findIndex((reply) => reply.name === ("before" in position ? position.before : position.after));
  const index = neighbour === -1 ? 0 : neighbour + (typeof position === "object" && "after" in position ? 1 : 0);
  return replies.toSpliced(index, 0, added);
}
