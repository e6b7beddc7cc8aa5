import type { Run } from "./run.ts";

/** Timers of Node count to 2^31 - 1 milliseconds. */
const longestTimerMs = 2_147_483_647;
const shortestTimerMs = 10;

/**
 * Lets `work` go on until the run is stopped or its time is used up, whether or not the work itself listens: it is given a
 * run whose signal says so, and is waited for no longer.
 *
 * @throws the reason of the run's signal, or AgentError `run.budget`.
 */
export async function withinTime<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
  run.signal.throwIfAborted();
  const own = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: unknown): void => {
    own.abort(reason);
    reject(reason instanceof Error ? reason : new Error(String(reason)));
  };
  // A listener that is taken off again: a signal made of others stays known to them for as long as they live.
  const stop = (): void => giveUp(run.signal.reason);
  run.signal.addEventListener("abort", stop, { once: true });
  const endClock = startClock(run, () => giveUp(run.budget.timeIsUp()));
  try {
    return await Promise.race([work(run.narrow({ signal: own.signal })), stopped]);
  } finally {
    endClock();
    run.signal.removeEventListener("abort", stop);
  }
}

/** While the person is waited for no time is spent, and the clock looks again from time to time. */
function startClock(run: Run, onEnd: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const left = run.budget.timeLeftMs;
    timer = setTimeout(
      () => (run.budget.timeLeftMs > 0 ? wait() : onEnd()),
      Math.min(Math.max(left, shortestTimerMs), longestTimerMs),
    );
  };
  wait();
  return () => clearTimeout(timer);
}
