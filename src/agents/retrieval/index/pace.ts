import { setImmediate } from "node:timers/promises";

/** Lets others have their turn during long work. */
export interface Pace {
  /**
   * Waits for a moment when it is time to, else not at all.
   *
   * @throws the signal's reason once it has aborted
   */
  breathe(): Promise<void> | undefined;
}

/** Work that stops to breathe whenever `everyMs` have passed. */
export function createPace(everyMs: number, signal: AbortSignal): Pace {
  let lastMs = performance.now();
  const rest = async (): Promise<void> => {
    await setImmediate();
    signal.throwIfAborted();
    lastMs = performance.now();
  };
  return {
    breathe: () => (performance.now() - lastMs < everyMs ? undefined : rest()),
  };
}
