import { AgentError } from "../base/errors.ts";
import type { ConversableAgent } from "../core/agent.ts";
import type { Mailbox, Run } from "../core/run.ts";
import { withinTime } from "../core/within-time.ts";
import type { DirectoryEntry } from "../directory/agent-directory.ts";
import type { AgentLimits } from "../protocol/agent-definition.ts";
import type { Message } from "../protocol/message.ts";
import type { ConversingParts } from "./conversing-parts.ts";
import { declaredAgent } from "./declared-agent.ts";

/**
 * Where an agent of a person's own receives. It is made when somebody speaks to it, knowing what it exchanged in earlier
 * questions; when its declaration changes, the next message meets the new one, which knows what the old one knew.
 */
export class DeclaredMailbox implements Mailbox {
  readonly #name: string;
  readonly #parts: ConversingParts;
  #entry: DirectoryEntry | undefined;
  #agent: ConversableAgent | undefined;

  constructor(name: string, parts: ConversingParts) {
    this.#name = name;
    this.#parts = parts;
  }

  /** The agent as it lives now; `undefined` before anybody spoke to it. */
  get living(): ConversableAgent | undefined {
    return this.#agent;
  }

  /** @throws AgentError `agent.*` where it cannot answer, `run.budget`. */
  async receive(message: Message, run: Run): Promise<Message | undefined> {
    const entry = await this.#ready(run);
    const agent = this.#agentOf(entry);
    const { limits } = entry.definition;
    const part = hasLimits(limits) ? run.narrow({ budget: run.budget.within(budgetOf(limits), this.#name) }) : run;
    return await withinTime(part, (timed) => agent.receive(message, timed));
  }

  /** Known before it is started: it need not be for that. */
  remind(message: Message): void {
    const entry = this.#parts.find(this.#name);
    if (entry !== undefined) {
      this.#agentOf(entry).remind(message);
    }
  }

  /** Gets it going where it is not, and looks again: starting may tell more of it. */
  async #ready(run: Run): Promise<DirectoryEntry> {
    const found = this.#entryNow();
    if (found.state === "ready") {
      return found;
    }

    const { start } = found;
    if (start === undefined) {
      throw unable(this.#name, found);
    }

    await run.budget.offTheClock(() => start(run.signal));
    const started = this.#entryNow();
    if (started.state !== "ready") {
      throw unable(this.#name, started);
    }

    return started;
  }

  #entryNow(): DirectoryEntry {
    const entry = this.#parts.find(this.#name);
    if (entry === undefined) {
      throw new AgentError("agent.unknown", { name: this.#name }, `No agent is called ${this.#name} any more.`);
    }

    return entry;
  }

  #agentOf(entry: DirectoryEntry): ConversableAgent {
    const before = this.#agent;
    if (before !== undefined && this.#entry === entry) {
      return before;
    }

    const agent = declaredAgent(entry, this.#parts);
    agent.restore(before?.everything ?? this.#parts.remembered(this.#name));
    this.#entry = entry;
    this.#agent = agent;
    return agent;
  }
}

function hasLimits({ modelCalls, tokens, seconds }: AgentLimits): boolean {
  return modelCalls !== undefined || tokens !== undefined || seconds !== undefined;
}

function budgetOf({ modelCalls, tokens, seconds }: AgentLimits) {
  return {
    ...(modelCalls === undefined ? {} : { modelCalls }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(seconds === undefined ? {} : { timeMs: seconds * 1000 }),
  };
}

function unable(name: string, { problem, origin }: DirectoryEntry): AgentError {
  const path = "path" in origin ? origin.path : "";
  const reason = problem?.message ?? "it is not running";
  const line = problem?.details["line"];
  const details = { path, line: typeof line === "number" ? line : null, reason };
  return new AgentError("agent.broken", details, `${name} cannot answer: ${reason}`);
}
