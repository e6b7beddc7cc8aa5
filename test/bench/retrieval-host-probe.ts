import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { createPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { questions } from "./retrieval-questions.ts";

/**
 * A process that only owns an index, as the extension host does: prints how long building takes, for how long its event
 * loop was blocked at most while the index was built and asked, and what memory was needed at most beyond an idle process.
 * It is asked while it is built, too, where the last argument is `asked`.
 */
const [worker = "", folder = "", root = "", asked = ""] = process.argv.slice(2);
const never = new AbortController().signal;
const index = createPassageIndex({ folder, worker: pathToFileURL(worker) });
await index.status(root);
const idleBytes = process.memoryUsage.rss();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const startedMs = performance.now();
const building = index.update({ root }, never);
for (const text of asked === "asked" ? questions : []) {
  // oxlint-disable-next-line no-await-in-loop -- one question after the other
  await index.search({ root, text, top: 10 }, never);
}
const { readBytes } = await building;
const buildMs = performance.now() - startedMs;
for (const text of questions) {
  // oxlint-disable-next-line no-await-in-loop
  await index.search({ root, text, top: 10 }, never);
}
delay.disable();
const extraMegabytes = (process.resourceUsage().maxRSS * 1024 - idleBytes) / 1024 ** 2;
await index.dispose();
process.stdout.write(JSON.stringify({ buildMs, readBytes, blockedMs: delay.max / 1e6, extraMegabytes }));
