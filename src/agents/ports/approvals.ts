import type { CodeEffect } from "../protocol/cell-output.ts";
import type { ApprovalDecision } from "../protocol/session-event.ts";

/** Code that wants to run. */
export interface ApprovalRequest {
  readonly turnId: string;
  readonly cellId: string;
  readonly code: string;
  readonly effects: readonly CodeEffect[];
  /** Whether some effect needs a yes of its own, whatever was granted before. */
  readonly risky: boolean;
}

export interface ApprovalAnswer {
  readonly decision: ApprovalDecision;
  readonly how: "person" | "granted" | "command-line";
  /** The code as the person edited it; `null` when unchanged. */
  readonly code: string | null;
}

/** Asks the person before code runs. */
export interface Approvals {
  /** Whether an earlier yes covers the request, so that nobody has to be asked. */
  granted(request: ApprovalRequest): boolean;
  /** Waits for the person. @throws AgentError `approval.needed` where nobody is there to ask. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
}
