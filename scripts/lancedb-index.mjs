import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/**
 * Makes a LanceDB table of the passages and vectors of an index, with its full-text index, and asks it questions by
 * words, by vectors and by both, the ten best each. Prints `{ passages, buildMs, extraMegabytes, textMs, vectorMs,
 * hybridMs }`, the last three lists. Reading the passages is not counted. Arguments: path of LanceDB's module, of the
 * database with the passages, and the questions in JSON, each `{ text, vector }`.
 */
const [module = "", database = "", asked = "[]"] = process.argv.slice(2);
/** @type {readonly { readonly text: string, readonly vector: readonly number[] }[]} */
const questions = JSON.parse(asked);
const atOnce = 2000;
const top = 10;

/**
 * The passages that have vectors, with the vectors.
 *
 * @yields some at a time
 */
function* passages() {
  const from = new DatabaseSync(database, { readOnly: true });
  const runs = from.prepare("SELECT first, count, rows FROM vectors WHERE file > 0 ORDER BY first").iterate();
  const texts = from.prepare("SELECT id, text FROM chunk WHERE id >= ? AND id < ? ORDER BY id");
  /** @type {{ id: number, text: string, vector: number[] }[]} */
  let some = [];
  for (const { first, count, rows } of runs) {
    if (!(rows instanceof Uint8Array)) {
      throw new TypeError("The vectors of an index are bytes.");
    }
    const parts = new Int8Array(rows.buffer, rows.byteOffset, rows.length);
    const width = parts.length / Number(count);
    for (const { id, text } of texts.all(Number(first), Number(first) + Number(count))) {
      const at = (Number(id) - Number(first)) * width;
      some.push({ id: Number(id), text: String(text), vector: unit(Array.from(parts.subarray(at, at + width))) });
    }
    if (some.length >= atOnce) {
      yield some;
      some = [];
    }
  }
  yield some;
  from.close();
}

/**
 * @param {readonly number[]} vector
 * @returns {number[]} Of length one.
 */
function unit(vector) {
  const length = Math.hypot(...vector);
  return vector.map((part) => part / length);
}

/**
 * @param {(question: typeof questions[number]) => Promise<readonly unknown[]>} ask
 * @returns {Promise<readonly number[]>} Of each question the milliseconds, three times over, after a round that does not
 *   count.
 */
async function timed(ask) {
  const tookMs = [];
  for (const question of [questions, questions, questions, questions].flat()) {
    const startedMs = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const found = await ask(question);
    tookMs.push(performance.now() - startedMs);
    if (found.length === 0) {
      throw new Error(`LanceDB found nothing for "${question.text}".`);
    }
  }
  return tookMs.slice(questions.length);
}

const folder = mkdtempSync(join(tmpdir(), "byzer-lancedb-"));
try {
  const { connect, Index, rerankers } = await import(pathToFileURL(module).href);
  const idleBytes = process.memoryUsage.rss();
  const connection = await connect(folder);
  /** @type {Awaited<ReturnType<typeof connection.createTable>>} */
  let table = null;
  let buildMs = 0;
  for (const some of passages()) {
    const startedMs = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    table = await (table === null ? connection.createTable("passage", some) : table.add(some).then(() => table));
    buildMs += performance.now() - startedMs;
  }
  const startedMs = performance.now();
  await table.createIndex("text", { config: Index.fts({ withPosition: false }) });
  buildMs += performance.now() - startedMs;
  const fusion = await rerankers.RRFReranker.create();
  const textMs = await timed(({ text }) =>
    table.search(text, "fts", "text").select(["id", "text"]).limit(top).toArray(),
  );
  const vectorMs = await timed(({ vector }) =>
    table
      .query()
      .nearestTo([...vector])
      .distanceType("dot")
      .select(["id", "text"])
      .limit(top)
      .toArray(),
  );
  const hybridMs = await timed(({ text, vector }) =>
    table
      .query()
      .nearestTo([...vector])
      .distanceType("dot")
      .fullTextSearch(text, { columns: ["text"] })
      .rerank(fusion)
      .select(["id", "text"])
      .limit(top)
      .toArray(),
  );
  const passageCount = await table.countRows();
  const extraMegabytes = (process.memoryUsage.rss() - idleBytes) / 1024 ** 2;
  process.stdout.write(JSON.stringify({ passages: passageCount, buildMs, extraMegabytes, textMs, vectorMs, hybridMs }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
