import { pathToFileURL } from "node:url";
import { createPassageIndex } from "../../src/agents/retrieval/passage-index.ts";
import { benchEmbedder } from "./retrieval-embedder.ts";
import { questions } from "./retrieval-questions.ts";

/**
 * A process that asks an index by words and meaning, as the extension host does: prints what memory that needs at most beyond
 * the process before it started the thread. Every passage has its vector already.
 */
const [worker = "", folder = "", root = ""] = process.argv.slice(2);
const never = new AbortController().signal;
const index = createPassageIndex({ folder, worker: pathToFileURL(worker) });
const idleBytes = process.memoryUsage.rss();
index.useEmbedder(benchEmbedder);
await index.whenEmbedded(root, never);
let byMeaning = 0;
for (let round = 0; round < 5; round += 1) {
  for (const text of questions) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const found = await index.search({ root, text, top: 10 }, never);
    byMeaning += found.some(({ scores }) => scores?.vector !== null && scores?.vector !== undefined) ? 1 : 0;
  }
}
if (byMeaning !== 5 * questions.length) {
  throw new Error(`Only ${byMeaning} questions were answered by meaning.`);
}
const extraMegabytes = (process.resourceUsage().maxRSS * 1024 - idleBytes) / 1024 ** 2;
await index.dispose();
process.stdout.write(JSON.stringify({ extraMegabytes }));
