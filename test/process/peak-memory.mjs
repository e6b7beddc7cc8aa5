import { isMainThread } from "node:worker_threads";

/** Imported before a program: prints at its end, in a line of JSON, how much memory it needed at most. */
if (isMainThread) {
  process.on("exit", () => {
    const peakMegabytes = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(`${JSON.stringify({ peakMegabytes })}\n`);
  });
}
