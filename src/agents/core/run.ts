import type { Message } from "../protocol/message.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { Budget } from "./budget.ts";

type WithoutPlace<Event> = Event extends unknown ? Omit<Event, "at" | "turnId"> : never;

/** An event of a turn, before the run adds which turn it is and when. */
export type RunEvent = WithoutPlace<
  Exclude<Extract<SessionEvent, { readonly turnId: string }>, { type: "turn-start" | "turn-end" }>
>;

/** What a model said in an earlier run. */
export interface RecalledCall {
  readonly said: NonNullable<Extract<RunEvent, { type: "model-call" }>["said"]>;
  readonly repairs: readonly string[];
}

/** What a tool gave in an earlier run. */
export interface RecalledTool {
  readonly text: string;
  readonly failed: boolean;
}

/** What is known from the log of an earlier run and need not be found out again; each thing is told once, in order. */
export interface Recall {
  completion(agent: string): RecalledCall | undefined;
  /** Whether who answers went on by itself, so that the person, where one was asked, had nothing to say to it. */
  readonly isUnderWay: boolean;
  /** @param call The tool by the name that people know, and its input as it is kept in the log. */
  toolResult(call: { readonly tool: string; readonly input: string }): RecalledTool | undefined;
}

/** One question of a person and all that follows from it. */
export interface Run {
  /** Unique; an agent takes part in one run at a time and others wait. */
  readonly id: string;
  readonly budget: Budget;
  /** Aborted when the person stops the run. */
  readonly signal: AbortSignal;
  /** Of a run that is played again from its log. */
  readonly recall?: Recall;
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
  /** Takes note of what it said or was told in an exchange that is answered from a log. */
  remind?(message: Message): void;
}
