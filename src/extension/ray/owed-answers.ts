import type { Memento } from "vscode";
import type { OwedAnswer } from "../../agents/remote-agents/cluster-homes.ts";

const key = "byzer.owedAnswers";
/** More than these nobody has under way; older ones are not asked for any more. */
const most = 50;

/** An answer of an agent on a cluster that was still to come when it was noted, and where it belongs. */
export interface KeptOwedAnswer extends OwedAnswer {
  /** Of the cluster's dashboard. */
  readonly address: string;
  readonly sessionId: string;
  readonly turnId: string;
}

/** Answers that are owed to this workspace. They outlive the window. */
export class OwedAnswers {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  get all(): readonly KeptOwedAnswer[] {
    return this.#state.get<readonly KeptOwedAnswer[]>(key, []);
  }

  /** The one to a message; `undefined` where nobody here waits for it. */
  find(messageId: string): KeptOwedAnswer | undefined {
    return this.all.find(({ message }) => message.id === messageId);
  }

  async keep(owed: KeptOwedAnswer): Promise<void> {
    await this.#state.update(key, [...this.#without(owed.message.id), owed].slice(-most));
  }

  /** It has come, or nobody wants it any more. */
  async forget(messageId: string): Promise<void> {
    await this.#state.update(key, this.#without(messageId));
  }

  #without(messageId: string): readonly KeptOwedAnswer[] {
    return this.all.filter(({ message }) => message.id !== messageId);
  }
}
