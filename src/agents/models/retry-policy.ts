import { setTimeout as sleep } from "node:timers/promises";

/** How long to wait before asking again. All times in milliseconds. */
export interface RetryState {
  /** Tries again after a server error or a lost connection so far. */
  failures: number;
  /** Tries again after a rate limit so far. */
  limits: number;
  /** Time waited for rate limits so far. */
  waitedMs: number;
}

/** The longest that a call waits for rate limits in all. */
export const rateLimitPatienceMs = 60_000;

const failureDelaysMs = [500, 2000] as const;
const unsaidLimitDelaysMs = [2000, 8000, 20_000] as const;

/** A call that has not waited yet. */
export function freshRetryState(): RetryState {
  return { failures: 0, limits: 0, waitedMs: 0 };
}

/**
 * The wait before the next try, and counts it; `null` when no further try is due. A rate limit is waited out as the
 * server says while the call's waits stay within {@link rateLimitPatienceMs}; anything else is tried again twice.
 */
export function nextDelay(state: RetryState, rateLimited: boolean, retryAfterMs: number | null): number | null {
  if (!rateLimited) {
    const delay = failureDelaysMs[state.failures++];
    return delay === undefined ? null : Math.min(Math.max(delay, retryAfterMs ?? 0), rateLimitPatienceMs);
  }
  // A server that says "now" and goes on refusing is not asked without end.
  const delay = state.limits >= 10 ? undefined : (retryAfterMs ?? unsaidLimitDelaysMs[state.limits]);
  state.limits++;
  if (delay === undefined || state.waitedMs + delay > rateLimitPatienceMs) {
    return null;
  }
  const atLeast = Math.max(delay, 250);
  state.waitedMs += atLeast;
  return atLeast;
}

/** Waits; an abort ends the wait at once with the signal's reason. */
export async function waitFor(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
