import { AgentError } from "../base/errors.ts";
import { type Message, messageSchema } from "../protocol/message.ts";
import { Budget } from "./budget.ts";
import type { Mailbox, Run, RunEvent } from "./run.ts";

/** How a run is to go. */
export interface RunOptions {
  readonly signal: AbortSignal;
  readonly budget?: Budget;
  /** Sees everything the agents show, and every message that is not silent, answers included, in order. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** Knows who lives where and carries messages between them. */
export class PostOffice {
  readonly #mailboxes = new Map<string, Mailbox>();

  /** @returns What takes the agent out again. @throws AgentError `agent.taken`. */
  register(name: string, mailbox: Mailbox): () => void {
    if (this.#mailboxes.has(name)) {
      throw new AgentError("agent.taken", { name }, `There is an agent called ${name} already.`);
    }

    this.#mailboxes.set(name, mailbox);
    return () => {
      this.#mailboxes.delete(name);
    };
  }

  /** Names of all agents, in the order of registration. */
  get names(): readonly string[] {
    return [...this.#mailboxes.keys()];
  }

  /** Opens a run, within which agents speak to each other. */
  open(options: RunOptions): Run {
    const emit = options.onEvent ?? (() => undefined);
    const run: Run = {
      id: crypto.randomUUID(),
      budget: options.budget ?? new Budget(),
      signal: options.signal,
      emit,
      deliver: (message) => this.#deliver(message, run),
    };
    return run;
  }

  async #deliver(message: Message, run: Run): Promise<Message | undefined> {
    run.signal.throwIfAborted();
    run.budget.spendMessage();
    const mailbox = this.#mailboxes.get(message.to);
    if (mailbox === undefined) {
      throw new AgentError("agent.unknown", { name: message.to }, `No agent is called ${message.to}.`);
    }

    note(message, run);
    const reply = await mailbox.receive(messageSchema.parse(message), run);
    if (reply === undefined) {
      return undefined;
    }

    const answered = messageSchema.parse(reply);
    note(answered, run);
    return answered;
  }
}

function note(message: Message, run: Run): void {
  if (!message.silent) {
    run.emit({ type: "message", message });
  }
}
