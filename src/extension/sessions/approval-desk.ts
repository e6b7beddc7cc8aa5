import { type Disposable, type Memento, workspace } from "vscode";
import type { ApprovalAnswer, Approvals } from "../../agents/ports/approvals.ts";
import type { ToolApprovalRequest, ToolApprovals } from "../../agents/ports/tool.ts";
import type { ApprovalDecision, ToolDecision } from "../../agents/protocol/session-event.ts";
import { WaitingAnswers } from "./waiting-answers.ts";

const key = "byzer.approvals";

/** What the person has allowed for good: kept with the workspace's state, outside its folder. */
export interface Grants {
  readonly workspace: boolean;
  /** Ids of sessions. */
  readonly sessions: readonly string[];
  /** Tools that agents may use in a session without being asked about again. */
  readonly tools: readonly string[];
}

const noGrants: Grants = { workspace: false, sessions: [], tools: [] };

/** Waits for the person's yes or no, and remembers what they allowed for longer. */
export class ApprovalDesk implements Disposable {
  readonly #state: Memento;
  readonly #answers = new WaitingAnswers<ApprovalAnswer>();
  readonly #toolAnswers = new WaitingAnswers<ToolDecision>();

  /** Fires with the number of cells that wait, when it has changed. */
  readonly onWaiting = this.#answers.onCount;
  /** The same, of tools. */
  readonly onToolWaiting = this.#toolAnswers.onCount;

  constructor(state: Memento) {
    this.#state = state;
  }

  get grants(): Grants {
    return { ...noGrants, ...this.#state.get<Partial<Grants>>(key) };
  }

  /** The approvals of one session. Risky code is never covered by an earlier yes. */
  forSession(sessionId: string): Approvals {
    return {
      granted: ({ risky }) =>
        workspace.isTrusted && !risky && (this.grants.workspace || this.grants.sessions.includes(sessionId)),
      ask: async (request, signal) => {
        const answer = await this.#answers.wait(request.cellId, signal);
        await this.#remember(sessionId, answer.decision);
        return answer;
      },
    };
  }

  /** The approvals of tools that agents of one session call. */
  toolsForSession(sessionId: string): ToolApprovals {
    return {
      granted: (request) => workspace.isTrusted && this.grants.tools.includes(toolKey(sessionId, request)),
      ask: async (request, signal) => {
        const decision = await this.#toolAnswers.wait(request.callId, signal);
        if (decision === "session") {
          await this.#grantTool(toolKey(sessionId, request));
        }
        return decision;
      },
    };
  }

  /** The person's answer to the tool that waits; answers to others are ignored. */
  answerTool(callId: string, decision: ToolDecision): void {
    this.#toolAnswers.answer(callId, decision);
  }

  /** The person's answer to the cell that waits; answers to others are ignored. */
  answer(cellId: string, decision: ApprovalDecision, code: string | null): void {
    this.#answers.answer(cellId, { decision, how: "person", code });
  }

  /** Takes back what was allowed. */
  async forget(which: readonly (keyof Grants)[]): Promise<void> {
    const forgotten = which.map((name) => [name, noGrants[name]] as const);
    await this.#state.update(key, { ...this.grants, ...Object.fromEntries(forgotten) });
  }

  dispose(): void {
    this.#answers.dispose();
    this.#toolAnswers.dispose();
  }

  async #grantTool(tool: string): Promise<void> {
    if (!this.grants.tools.includes(tool)) {
      await this.#state.update(key, { ...this.grants, tools: [...this.grants.tools, tool] });
    }
  }

  async #remember(sessionId: string, decision: ApprovalDecision): Promise<void> {
    if (decision === "workspace") {
      await this.#state.update(key, { ...this.grants, workspace: true });
    } else if (decision === "session" && !this.grants.sessions.includes(sessionId)) {
      await this.#state.update(key, { ...this.grants, sessions: [...this.grants.sessions, sessionId] });
    }
  }
}

/** A yes for a tool holds for the tool of that origin, not for another one of the same name. */
function toolKey(sessionId: string, { origin, tool }: ToolApprovalRequest): string {
  return JSON.stringify([sessionId, origin, tool]);
}
