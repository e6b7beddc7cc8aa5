import { PassageStore } from "../../src/agents/retrieval/index/passage-store.ts";
import { createTermCounter } from "../../src/agents/retrieval/search/rarity.ts";
import { openVectors } from "../../src/agents/retrieval/vectors/open-vectors.ts";
import { dimensions, embeddingOf } from "./retrieval-embedder.ts";

/**
 * A process that finds the passages of an index that have no vector of a new model, and keeps one for each: prints how
 * many, and how long that took without embedding them.
 */
const [database = ""] = process.argv.slice(2);
const embedder = "keep-probe";
const atOnce = 256;
const store = new PassageStore(database, 4 * 1024 ** 3);
const vectors = openVectors(store, createTermCounter(store), () => undefined);
let keepMs = 0;
let kept = 0;
/* oxlint-disable no-await-in-loop -- one batch after the other */
for (let fromFile = 0, isDone = false; !isDone;) {
  const askedMs = performance.now();
  const lacking = await vectors.lacking({ embedder, dimensions, most: atOnce, fromFile });
  keepMs += performance.now() - askedMs;
  const { passages } = lacking;
  const made = new Float32Array(passages.length * dimensions);
  passages.forEach(({ text }, at) => made.set(embeddingOf(text), at * dimensions));
  const madeMs = performance.now();
  kept += await vectors.keep({ embedder, dimensions, passages, vectors: made, refused: [] });
  keepMs += performance.now() - madeMs;
  ({ fromFile } = lacking);
  isDone = passages.length === 0;
}
/* oxlint-enable no-await-in-loop */
store.close();
process.stdout.write(JSON.stringify({ kept, keepMs }));
