import type { Run } from "./run.ts";

/** Timers of Node count to 2^31 - 1 milliseconds. */
const longestTimerMs = 2_147_483_647;

/**
 * Lets `work` go on until the run is stopped or its time is used up, whether or not the work itself listens: it is given a
 * run whose signal says so, and is waited for no longer.
 *
 * @throws the reason of the run's signal, or AgentError `run.budget`.
 */
export async function withinTime<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
  run.signal.throwIfAborted();
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  signal.addEventListener("abort", stop, { once: true });
  const endClock = startClock(run, () => over.abort(run.budget.timeIsUp()));
  try {
    return await Promise.race([work(run.narrow({ signal })), stopped]);
  } finally {
    endClock();
    signal.removeEventListener("abort", stop);
  }
}

/** Time that is spent waiting for the person is added while the clock runs. */
function startClock(run: Run, onEnd: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const left = run.budget.timeLeftMs;
    timer = setTimeout(() => (run.budget.timeLeftMs > 0 ? wait() : onEnd()), Math.min(left, longestTimerMs));
  };
  wait();
  return () => clearTimeout(timer);
}
