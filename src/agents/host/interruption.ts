import { CommandFailure } from "./command-failure.ts";

/**
 * Runs work that Ctrl-C stops in good order.
 *
 * @param onInterrupt called at once: the work may take a moment to come to its end
 * @throws CommandFailure `cli.interrupted` after Ctrl-C
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onInterrupt?: () => void,
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    onInterrupt?.();
    controller.abort(new CommandFailure({ code: "cli.interrupted", message: "Stopped. What was read is kept." }));
  };
  process.once("SIGINT", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt);
  }
}
