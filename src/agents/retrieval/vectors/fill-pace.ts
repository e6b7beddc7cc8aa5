import { setTimeout as sleep } from "node:timers/promises";

/** How many texts are sent at once, and how long is waited after failures. */
export interface FillPace {
  /** Texts in the next call. */
  batch(): number;
  afterSuccess(tookMs: number): void;
  /** The server took fewer texts than were sent, or not one of them. */
  afterRefusal(): void;
  /** Waits, longer each time; ends at once when the signal aborts. */
  afterFailure(signal: AbortSignal): Promise<void>;
  /** Something was embedded. */
  hasSucceeded(): boolean;
}

const delaysMs = [2000, 5000, 15_000, 60_000, 300_000] as const;
/** Calls shall last about so long, so that a question never waits for long behind one. */
const slowMs = 3000;
const fastMs = 1000;
/** After so many good calls, more texts are tried again than were refused once. */
const patience = 16;

export function createFillPace(mostTexts: number): FillPace {
  let size = Math.max(1, Math.min(16, mostTexts));
  let ceiling = Math.max(1, mostTexts);
  let failures = 0;
  let successes = 0;
  return {
    batch: () => size,
    afterSuccess: (tookMs) => {
      failures = 0;
      successes += 1;
      if (successes % patience === 0) {
        ceiling = Math.min(Math.max(1, mostTexts), ceiling * 2);
      }
      if (tookMs > slowMs) {
        size = Math.max(1, size >> 1);
      } else if (tookMs < fastMs) {
        size = Math.min(ceiling, size * 2);
      }
    },
    afterRefusal: () => {
      size = Math.max(1, size >> 1);
      ceiling = size;
    },
    afterFailure: async (signal) => {
      const delayMs = delaysMs[Math.min(failures, delaysMs.length - 1)];
      failures += 1;
      await sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
    },
    hasSucceeded: () => successes > 0,
  };
}
