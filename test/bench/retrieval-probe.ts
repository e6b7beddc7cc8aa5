import { PassageStore } from "../../src/agents/retrieval/index/passage-store.ts";
import { createTermCounter } from "../../src/agents/retrieval/search/rarity.ts";
import { searchPassages } from "../../src/agents/retrieval/search/search-passages.ts";
import { questions } from "./retrieval-questions.ts";

/** A process that opens an index and asks it: prints how long that took and what memory it needed. */
const [database = ""] = process.argv.slice(2);
const idleBytes = process.memoryUsage.rss();
const startedMs = performance.now();
const store = new PassageStore(database, 4 * 1024 ** 3);
const openedMs = performance.now();
const counter = createTermCounter(store);
searchPassages(store, counter, { text: questions[0], top: 10, within: [] });
const answeredMs = performance.now();
for (let round = 0; round < 5; round += 1) {
  questions.forEach((text) => searchPassages(store, counter, { text, top: 10, within: [] }));
}
const extraBytes = process.memoryUsage.rss() - idleBytes;
store.close();
process.stdout.write(
  JSON.stringify({
    openMs: openedMs - startedMs,
    firstMs: answeredMs - openedMs,
    extraMegabytes: extraBytes / 1024 ** 2,
  }),
);
