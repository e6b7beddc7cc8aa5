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

const boundless: BudgetLimits = {
  messages: Number.POSITIVE_INFINITY,
  modelCalls: Number.POSITIVE_INFINITY,
  tokens: Number.POSITIVE_INFINITY,
  timeMs: Number.POSITIVE_INFINITY,
};

/** The budget that another one is a part of, and the agent that has no more than that part. */
interface Whole {
  readonly budget: Budget;
  readonly agent: string;
}

/** Counts what a run spends; shared by every agent in it, so that no two can talk for ever. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #whole: Whole | undefined;
  readonly #startedAt: number;
  #messages = 0;
  #modelCalls = 0;
  #tokens = 0;
  #waitedMs = 0;
  /** Waits that are under way, and when the first of them began. */
  #waits = 0;
  #waitingFrom = 0;

  constructor(limits: BudgetLimits = defaultBudget, now: () => number = Date.now, whole?: Whole) {
    this.#limits = limits;
    this.#now = now;
    this.#whole = whole;
    this.#startedAt = now();
  }

  /** A part of this budget for what one agent does on one message; what it spends is spent here too. */
  within(limits: Partial<BudgetLimits>, agent: string): Budget {
    return new Budget({ ...boundless, ...limits }, this.#now, { budget: this, agent });
  }

  /** @throws AgentError `run.budget` when no message is left, or no time. */
  spendMessage(): void {
    this.#whole?.budget.spendMessage();
    this.#messages += 1;
    this.#check("messages", this.#messages, this.#limits.messages);
    this.#checkTime();
  }

  /** To be called before a model is asked. @throws AgentError `run.budget` when no call, token or time is left. */
  spendModelCall(): void {
    this.#whole?.budget.spendModelCall();
    this.#modelCalls += 1;
    this.#check("model calls", this.#modelCalls, this.#limits.modelCalls);
    this.#check("tokens", this.#tokens, this.#limits.tokens);
    this.#checkTime();
  }

  /** To be called with what a model call used; the next call finds out whether it was too much. */
  spendTokens(usage: TokenUsage): void {
    this.#whole?.budget.spendTokens(usage);
    this.#tokens += usage.promptTokens + usage.completionTokens;
  }

  /** Model calls left, none when they are used up. */
  get modelCallsLeft(): number {
    const own = Math.max(0, this.#limits.modelCalls - this.#modelCalls);
    return Math.min(own, this.#whole?.budget.modelCallsLeft ?? own);
  }

  /** Milliseconds left, none when it is used up. */
  get timeLeftMs(): number {
    return Math.min(this.#ownTimeLeftMs, this.#whole?.budget.timeLeftMs ?? Number.POSITIVE_INFINITY);
  }

  /** What is thrown when the time is used up. */
  timeIsUp(): AgentError<"run.budget"> {
    const { budget } = this.#whole ?? {};
    return budget !== undefined && budget.timeLeftMs < this.#ownTimeLeftMs
      ? budget.timeIsUp()
      : spentError("time", this.#limits.timeMs, this.#whole?.agent);
  }

  /** Runs `wait` off the clock: while it lasts no time is spent, whoever looks. */
  async offTheClock<T>(wait: () => Promise<T>): Promise<T> {
    this.#waits += 1;
    if (this.#waits === 1) {
      this.#waitingFrom = this.#now();
    }

    try {
      return await (this.#whole === undefined ? wait() : this.#whole.budget.offTheClock(wait));
    } finally {
      this.#waits -= 1;
      if (this.#waits === 0) {
        this.#waitedMs += this.#now() - this.#waitingFrom;
      }
    }
  }

  #checkTime(): void {
    this.#check("time", this.#spentMs, this.#limits.timeMs);
  }

  get #ownTimeLeftMs(): number {
    return Math.max(0, this.#limits.timeMs - this.#spentMs);
  }

  get #spentMs(): number {
    const until = this.#waits > 0 ? this.#waitingFrom : this.#now();
    return until - this.#startedAt - this.#waitedMs;
  }

  #check(what: Spent, spent: number, limit: number): void {
    if (spent > limit) {
      throw spentError(what, limit, this.#whole?.agent);
    }
  }
}

function spentError(what: Spent, limit: number, agent: string | undefined): AgentError<"run.budget"> {
  const amount = what === "time" ? `${Math.round(limit / 1000)} seconds` : `${limit} ${what}`;
  const message =
    agent === undefined
      ? `Stopped: this question used up its ${amount}. Ask for less at once, or raise the limit in the settings.`
      : `Stopped: ${agent} used up its ${amount} for one message. Ask for less at once, or raise its limits.`;
  return new AgentError("run.budget", { what, limit, ...(agent === undefined ? {} : { agent }) }, message);
}
