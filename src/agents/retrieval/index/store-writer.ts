import { setTimeout } from "node:timers/promises";
import { isBusy } from "./database.ts";
import type { PassageStore } from "./passage-store.ts";

/**
 * A transaction is ended after so much text: full-text search writes what it has gathered at each end, and joining many
 * small pieces costs more than the rest.
 */
const transactionBytes = 32 * 1024 * 1024;
/** It is ended after this time in any case, so that other processes get their turn. */
const transactionMs = 4000;
/** The first ends this soon, each one after it twice as late: of a program that is killed again and again, something stays. */
const firstTransactionMs = 250;
/** How long another process may go on writing. SQLite itself waits for 5 seconds of each attempt. */
const patienceMs = 60_000;

/** Writes in transactions that last a moment. */
export interface StoreWriter {
  /** Begins a transaction where none is open. */
  open(signal: AbortSignal): Promise<void>;
  /**
   * Ends the transaction when it is large enough. Only between files, so that none is ever seen in part.
   *
   * @param readBytes since the last call
   */
  mayEnd(readBytes: number): void;
  end(): void;
}

export function createStoreWriter(store: PassageStore): StoreWriter {
  let sinceMs = 0;
  let bytes = 0;
  let mostMs = firstTransactionMs;
  const end = (): void => {
    if (store.isWriting) {
      store.commit();
    }
  };
  return {
    open: async (signal) => {
      if (!store.isWriting) {
        await beginPatiently(store, signal);
        sinceMs = performance.now();
        bytes = 0;
      }
    },
    mayEnd: (readBytes) => {
      bytes += readBytes;
      if (bytes > transactionBytes || performance.now() - sinceMs > mostMs) {
        end();
        mostMs = Math.min(transactionMs, mostMs * 2);
      }
    },
    end,
  };
}

async function beginPatiently(store: PassageStore, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    try {
      store.begin();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > untilMs) {
        throw error;
      }
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await setTimeout(20, undefined, { signal });
  }
}
