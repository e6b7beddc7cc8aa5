import { type Disposable, EventEmitter, type Memento, workspace } from "vscode";
import type { ApprovalAnswer, ApprovalRequest, Approvals } from "../../agents/ports/approvals.ts";
import type { ApprovalDecision } from "../../agents/protocol/session-event.ts";

const key = "byzer.approvals";

/** What the person has allowed for good: kept with the workspace's state, outside its folder. */
export interface Grants {
  readonly workspace: boolean;
  /** Ids of sessions. */
  readonly sessions: readonly string[];
}

const noGrants: Grants = { workspace: false, sessions: [] };

/** Waits for the person's yes or no, and remembers what they allowed for longer. */
export class ApprovalDesk implements Disposable {
  readonly #state: Memento;
  readonly #waiting = new Map<string, (answer: ApprovalAnswer) => void>();
  readonly #counts = new EventEmitter<number>();

  /** Fires with the number of cells that wait, when it has changed. */
  readonly onWaiting = this.#counts.event;

  constructor(state: Memento) {
    this.#state = state;
  }

  get grants(): Grants {
    return this.#state.get<Grants>(key, noGrants);
  }

  /** The approvals of one session. Risky code is never covered by an earlier yes. */
  forSession(sessionId: string): Approvals {
    return {
      granted: ({ risky }) =>
        workspace.isTrusted && !risky && (this.grants.workspace || this.grants.sessions.includes(sessionId)),
      ask: async (request, signal) => {
        const answer = await this.#wait(request, signal);
        await this.#remember(sessionId, answer.decision);
        return answer;
      },
    };
  }

  /** The person's answer to the cell that waits; answers to others are ignored. */
  answer(cellId: string, decision: ApprovalDecision, code: string | null): void {
    this.#waiting.get(cellId)?.({ decision, how: "person", code });
  }

  /** Takes back what was allowed. */
  async forget(which: readonly (keyof Grants)[]): Promise<void> {
    const forgotten = which.map((name) => [name, noGrants[name]] as const);
    await this.#state.update(key, { ...this.grants, ...Object.fromEntries(forgotten) });
  }

  dispose(): void {
    this.#counts.dispose();
  }

  #settle(cellId: string): void {
    this.#waiting.delete(cellId);
    this.#counts.fire(this.#waiting.size);
  }

  #wait(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#settle(request.cellId);
        reject(abortReason(signal));
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener("abort", stop, { once: true });
      this.#waiting.set(request.cellId, (answer) => {
        signal.removeEventListener("abort", stop);
        this.#settle(request.cellId);
        resolve(answer);
      });
      this.#counts.fire(this.#waiting.size);
    });
  }

  async #remember(sessionId: string, decision: ApprovalDecision): Promise<void> {
    if (decision === "workspace") {
      await this.#state.update(key, { ...this.grants, workspace: true });
    } else if (decision === "session" && !this.grants.sessions.includes(sessionId)) {
      await this.#state.update(key, { ...this.grants, sessions: [...this.grants.sessions, sessionId] });
    }
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("Stopped.", "AbortError");
}
