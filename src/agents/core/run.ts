import type { Message } from "../protocol/message.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { Budget } from "./budget.ts";

type WithoutPlace<Event> = Event extends unknown ? Omit<Event, "at" | "turnId"> : never;

/** An event of a turn, before the run adds which turn it is and when. */
export type RunEvent = WithoutPlace<
  Exclude<Extract<SessionEvent, { readonly turnId: string }>, { type: "turn-start" | "turn-end" }>
>;

/** One question of a person and all that follows from it. */
export interface Run {
  /** Unique; an agent takes part in one run at a time and others wait. */
  readonly id: string;
  readonly budget: Budget;
  /** Aborted when the person stops the run. */
  readonly signal: AbortSignal;
  /** Shows something, in order. */
  emit(event: RunEvent): void;
  /** The same run with less to spend, or one that can be given up earlier; for a part of it. */
  narrow(part: { readonly budget?: Budget; readonly signal?: AbortSignal }): Run;
  /** Delivers to whoever bears the name. @throws AgentError `agent.unknown`, `run.budget`. */
  deliver(message: Message): Promise<Message | undefined>;
}

/** Where an agent receives. The only difference between a local and a remote agent is the class behind this. */
export interface Mailbox {
  /** @returns The answer, or `undefined` where none was asked for or none was given. */
  receive(message: Message, run: Run): Promise<Message | undefined>;
}
