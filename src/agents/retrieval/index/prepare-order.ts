import type { FileTask } from "./prepare-files.ts";

/** What a thread is started with that prepares files. */
export interface PrepareOrder {
  readonly tasks: readonly FileTask[];
  /**
   * Three whole numbers of 32 bits that say what the thread is at: how many steps have begun, of which task, and how many
   * milliseconds the step may take; 0 while nothing is worked on.
   */
  readonly desk: SharedArrayBuffer;
}

/** The size of {@link PrepareOrder.desk}. */
export const deskBytes = 12;
