import type { Message } from "../../../src/agents/protocol/message.ts";
import { type Cost, type ModelPrices, costOf } from "../../../src/agents/protocol/model-costs.ts";
import type { AgentUsage, Session, Turn } from "../../../src/agents/protocol/session-state.ts";

type Run = Pick<Turn, "messages" | "usage">;

/** What one agent did in some runs. */
export interface AgentFigures {
  readonly agent: string;
  /** Messages that it sent. */
  readonly sent: number;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly estimated: boolean;
  readonly modelMs: number;
  readonly cost: Cost;
}

/** Everyone who spoke or asked a model in some runs, in the order in which they first did. */
export function agentFigures(runs: readonly Run[], prices: ModelPrices): readonly AgentFigures[] {
  const messages = runs.flatMap((run) => run.messages);
  const usages = runs.flatMap(({ usage }) => usage.byAgent);
  const agents = [...new Set([...participants(messages), ...usages.map(({ agent }) => agent)])];
  return agents.map((agent) => {
    const own = usages.filter((usage) => usage.agent === agent);
    return { agent, sent: messages.filter(({ from }) => from === agent).length, ...sums(own, prices) };
  });
}

/** All of it together. */
export function totalFigures(runs: readonly Run[], prices: ModelPrices): Omit<AgentFigures, "agent"> {
  const messages = runs.flatMap((run) => run.messages);
  return {
    sent: messages.length,
    ...sums(
      runs.flatMap(({ usage }) => usage.byAgent),
      prices,
    ),
  };
}

function sums(usages: readonly AgentUsage[], prices: ModelPrices): Omit<AgentFigures, "agent" | "sent"> {
  const sum = (of: (usage: AgentUsage) => number): number => usages.reduce((all, usage) => all + of(usage), 0);
  return {
    calls: sum(({ calls }) => calls),
    promptTokens: sum(({ promptTokens }) => promptTokens),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    estimated: usages.some(({ estimated }) => estimated),
    modelMs: sum(({ modelMs }) => modelMs),
    cost: costOf(usages, prices),
  };
}

/** All runs of a session, also those that others have replaced: they were paid for. */
export function allRuns({ turns, removed }: Pick<Session, "turns" | "removed">): readonly Turn[] {
  return [...removed.flatMap((removal) => removal.turns), ...turns];
}

/** Everyone who sent or received one of the messages, in the order of the first. */
export function participants(messages: readonly Pick<Message, "from" | "to">[]): readonly string[] {
  return [...new Set(messages.flatMap(({ from, to }) => [from, to]))];
}

/** Two who spoke to each other, and how often. */
export interface Pair {
  readonly names: readonly [string, string];
  readonly count: number;
}

/** Everyone who spoke to each other, in the order of their first message. */
export function pairs(messages: readonly Pick<Message, "from" | "to">[]): readonly Pair[] {
  const found = new Map<string, Pair>();
  for (const { from, to } of messages) {
    const key = [from, to].toSorted().join("\n");
    const before = found.get(key);
    found.set(key, { names: before?.names ?? [from, to], count: (before?.count ?? 0) + 1 });
  }

  return [...found.values()];
}

/** The messages between two, whoever of them spoke first. */
export function between<M extends Pick<Message, "from" | "to">>(
  messages: readonly M[],
  [one, other]: Pair["names"],
): readonly M[] {
  return messages.filter(({ from, to }) => (from === one && to === other) || (from === other && to === one));
}

/** What a message is: an answer, a question, or something that is only told. */
export function messageKind({ inReplyTo, requestReply }: Message): "answer" | "question" | "note" {
  return inReplyTo === undefined ? (requestReply ? "question" : "note") : "answer";
}
