import type { BudgetLimits } from "../core/budget.ts";
import type { SandboxMode } from "../protocol/sandbox.ts";

/** What a session may do and spend; read anew for every question. */
export interface SessionLimits {
  readonly budget: BudgetLimits;
  /** Wall time of one cell, milliseconds; 0 for none. */
  readonly cellTimeLimitMs: number;
  /** Address space of Python, bytes; 0 for three quarters of this machine's memory. */
  readonly memoryLimitBytes: number;
  /** What is to hold code, where this system can; `off` where left out. */
  readonly sandbox?: SandboxMode;
  /** Review all code, not only what does more than compute. */
  readonly reviewAll: boolean;
}
