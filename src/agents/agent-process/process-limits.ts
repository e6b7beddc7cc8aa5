import { agentMessageLimitBytes } from "../protocol/agent-process.ts";

/** What bounds an agent's process; milliseconds and bytes. */
export interface ProcessLimits {
  /** From the start until the file is loaded. */
  readonly readyMs: number;
  /** Without a sign of life while somebody waits for it. */
  readonly blockedMs: number;
  /** Between two questions for a sign of life. */
  readonly beatMs: number;
  /** From the request to stop until it is killed. */
  readonly stopMs: number;
  readonly messageBytes: number;
  /** Of what it prints. */
  readonly logCharsPerSecond: number;
}

export const processLimits: ProcessLimits = {
  readyMs: 15_000,
  blockedMs: 5_000,
  beatMs: 1_000,
  stopMs: 1_000,
  messageBytes: agentMessageLimitBytes,
  logCharsPerSecond: 128 * 1024,
};
