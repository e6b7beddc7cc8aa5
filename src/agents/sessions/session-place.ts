import type { PythonHost } from "../analysis/python-host.ts";
import type { KernelName } from "../ports/interpreter.ts";
import { type RunPlace, isSamePlace, runHere } from "../protocol/run-place.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { Session } from "../protocol/session-state.ts";

export interface SessionPlaceParts {
  readonly session: () => Session;
  readonly append: (event: SessionEvent) => void;
  readonly python: PythonHost;
  /** @throws AgentError `session.busy` while a question is being answered. */
  readonly refuseWhileRunning: () => void;
}

/** What was left behind by a move. */
export interface LeftPlace {
  /** The Python on a cluster that the session had; it has been told to end, as far as it could be reached. */
  readonly kernel: KernelName | undefined;
}

/** Where the code of a session runs, and how that changes. */
export class SessionPlace {
  readonly #parts: SessionPlaceParts;

  constructor(parts: SessionPlaceParts) {
    this.#parts = parts;
  }

  get current(): RunPlace {
    return this.#parts.session().place ?? runHere;
  }

  /** Whether cells have left variables in the session's Python, which stay behind where it moves. */
  get hasVariables(): boolean {
    const { kernel } = this.#parts.session();
    // One on a cluster may go on although this process has not found it yet.
    return this.#parts.python.keepsVariables || (kernel?.hasRun === true && this.current.kind === "cluster");
  }

  /** @throws AgentError `session.busy` while a question is being answered, so that the session cannot move. */
  refuseWhileRunning(): void {
    this.#parts.refuseWhileRunning();
  }

  /**
   * Has code run elsewhere from now on. The Python that the session had is ended; nothing happens where it runs so already.
   *
   * @returns What was left. @throws AgentError `session.busy` while a question is being answered.
   */
  async moveTo(place: RunPlace): Promise<LeftPlace> {
    this.#parts.refuseWhileRunning();
    const { kernel } = this.#parts.session();
    if (isSamePlace(this.current, place)) {
      return { kernel: undefined };
    }

    this.#parts.append({ type: "place-choose", at: Date.now(), place });
    await this.#parts.python.close();
    return { kernel };
  }

  /** Starts Python where it is to run, so that it is ready. Moving on gives it up. @throws AgentError `python.*`, `remote.*` */
  warmUp(): Promise<void> {
    return this.#parts.python.warmUp();
  }

  /** Finds the Python that the session has on a cluster, for a session that was opened again. @returns Whether it lives. */
  async find(): Promise<boolean> {
    const { kernel } = this.#parts.session();
    return this.current.kind === "cluster" && kernel !== undefined && (await this.#parts.python.find());
  }
}
