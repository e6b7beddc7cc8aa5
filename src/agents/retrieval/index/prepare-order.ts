import type { FileTask } from "./prepare-files.ts";

/** What a thread is started with that prepares files. */
export interface PrepareOrder {
  /** The first of the tasks; the others come by {@link PrepareMessage}. */
  readonly tasks: readonly FileTask[];
  /**
   * Four whole numbers of 32 bits. Three say what the thread is at: how many steps have begun, of which task, and how many
   * milliseconds the step may take; 0 while nothing is worked on. The last says how many batches lie ready that nobody has
   * taken yet.
   */
  readonly desk: SharedArrayBuffer;
}

/** The size of {@link PrepareOrder.desk}. */
export const deskBytes = 16;

/**
 * What the thread is told meanwhile: to prepare a batch, with the memory to write it to; more tasks; or, as `null`, that
 * there are no more.
 */
export type PrepareMessage = ArrayBuffer | readonly FileTask[] | null;
