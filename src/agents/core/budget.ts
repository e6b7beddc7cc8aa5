import { AgentError } from "../base/errors.ts";
import type { TokenUsage } from "../protocol/model.ts";

/** What one run may spend, over all agents that take part in it. */
export interface BudgetLimits {
  readonly messages: number;
  readonly modelCalls: number;
  /** Prompt and completion tokens together. */
  readonly tokens: number;
  /** Wall time, milliseconds; time spent waiting for the person does not count. */
  readonly timeMs: number;
}

type Spent = "messages" | "model calls" | "tokens" | "time";

export const defaultBudget: BudgetLimits = { messages: 200, modelCalls: 40, tokens: 1_000_000, timeMs: 3_600_000 };

/** Counts what a run spends; shared by every agent in it, so that no two can talk for ever. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #startedAt: number;
  #messages = 0;
  #modelCalls = 0;
  #tokens = 0;
  #waitedMs = 0;

  constructor(limits: BudgetLimits = defaultBudget, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
    this.#startedAt = now();
  }

  /** @throws AgentError `run.budget` when no message is left, or no time. */
  spendMessage(): void {
    this.#messages += 1;
    this.#check("messages", this.#messages, this.#limits.messages);
    this.#checkTime();
  }

  /** To be called before a model is asked. @throws AgentError `run.budget` when no call, token or time is left. */
  spendModelCall(): void {
    this.#modelCalls += 1;
    this.#check("model calls", this.#modelCalls, this.#limits.modelCalls);
    this.#check("tokens", this.#tokens, this.#limits.tokens);
    this.#checkTime();
  }

  /** To be called with what a model call used; the next call finds out whether it was too much. */
  spendTokens(usage: TokenUsage): void {
    this.#tokens += usage.promptTokens + usage.completionTokens;
  }

  /** Milliseconds left, none when it is used up. */
  get timeLeftMs(): number {
    return Math.max(0, this.#limits.timeMs - this.#spentMs);
  }

  /** What is thrown when the time is used up. */
  timeIsUp(): AgentError<"run.budget"> {
    return spentError("time", this.#limits.timeMs);
  }

  /** Runs `wait` off the clock. */
  async offTheClock<T>(wait: () => Promise<T>): Promise<T> {
    const from = this.#now();
    try {
      return await wait();
    } finally {
      this.#waitedMs += this.#now() - from;
    }
  }

  #checkTime(): void {
    this.#check("time", this.#spentMs, this.#limits.timeMs);
  }

  get #spentMs(): number {
    return this.#now() - this.#startedAt - this.#waitedMs;
  }

  #check(what: Spent, spent: number, limit: number): void {
    if (spent > limit) {
      throw spentError(what, limit);
    }
  }
}

function spentError(what: Spent, limit: number): AgentError<"run.budget"> {
  const amount = what === "time" ? `${Math.round(limit / 1000)} seconds` : `${limit} ${what}`;
  const message = `Stopped: this question used up its ${amount}. Ask for less at once, or raise the limit in the settings.`;
  return new AgentError("run.budget", { what, limit }, message);
}
