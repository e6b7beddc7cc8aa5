import { AgentError } from "../base/errors.ts";
import { problemOf } from "../ports/problem-of.ts";
import type { Message } from "../protocol/message.ts";
import { Budget } from "./budget.ts";
import { checkedMessage } from "./checked-message.ts";
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
  readonly #resolve: (name: string) => Mailbox | undefined;

  /** @param resolve Finds whoever bears a name that nobody was registered by; asked for each message. */
  constructor(resolve: (name: string) => Mailbox | undefined = () => undefined) {
    this.#resolve = resolve;
  }

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

  /** Names of all who are registered, in the order of registration. */
  get names(): readonly string[] {
    return [...this.#mailboxes.keys()];
  }

  /** Opens a run, within which agents speak to each other. */
  open(options: RunOptions): Run {
    return this.#run(crypto.randomUUID(), options);
  }

  #run(id: string, options: RunOptions): Run {
    const { signal, budget = new Budget(), onEvent: emit = () => undefined } = options;
    const run: Run = {
      id,
      budget,
      signal,
      emit,
      narrow: (part) => this.#run(id, { budget, signal, onEvent: emit, ...part }),
      deliver: (message) => this.carry(message, run),
    };
    return run;
  }

  /** Whether a message to that name would find somebody. */
  bears(name: string): boolean {
    return this.#mailboxes.has(name) || this.#resolve(name) !== undefined;
  }

  /** Has an agent take note of a message of its own that is not delivered; nobody does where none bears the name. */
  remind(name: string, message: Message): void {
    (this.#mailboxes.get(name) ?? this.#resolve(name))?.remind?.(message);
  }

  /** Delivers within a run that need not be one of this office's own. @throws AgentError `agent.*`, `run.budget`. */
  async carry(given: Message, run: Run): Promise<Message | undefined> {
    run.signal.throwIfAborted();
    run.budget.spendMessage();
    const message = checkedMessage(given);
    const { from, to } = message;
    if (from === to) {
      throw new AgentError("agent.itself", { name: to }, `${to} wanted to send a message to itself.`);
    }

    const mailbox = this.#mailboxes.get(to) ?? this.#resolve(to);
    if (mailbox === undefined) {
      throw new AgentError("agent.unknown", { name: to }, `No agent is called ${to}.`);
    }

    note(message, run);
    let reply: Message | undefined;
    try {
      reply = await mailbox.receive(message, run);
    } catch (error) {
      noteFailure(message, run, error);
      throw error;
    }

    if (reply === undefined) {
      return undefined;
    }

    const answered = checkedMessage(reply);
    note(answered, run);
    return answered;
  }
}

function note(message: Message, run: Run): void {
  if (!message.silent) {
    run.emit({ type: "message", message });
  }
}

function noteFailure({ id, silent }: Message, run: Run, error: unknown): void {
  if (!silent && !run.signal.aborted) {
    run.emit({ type: "message-failed", messageId: id, problem: problemOf(error) });
  }
}
