import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/**
 * Indexes with MiniSearch as many passages as are asked for and asks it questions; prints `{ buildMs, characters,
 * questionMs }`, the last a list. Arguments: path of MiniSearch's module, of the database with the passages, how many,
 * and the questions in JSON.
 */
const [module = "", database = "", count = "", questions = "[]"] = process.argv.slice(2);
const { default: MiniSearch } = await import(pathToFileURL(module).href);
const from = new DatabaseSync(database, { readOnly: true });
const passages = from.prepare("SELECT id, text FROM chunk ORDER BY id LIMIT ?").all(Number(count));
from.close();
const index = new MiniSearch({ fields: ["text"] });
const startedMs = performance.now();
for (const passage of passages) {
  index.add(passage);
}
const buildMs = performance.now() - startedMs;
const characters = passages.reduce((sum, { text }) => sum + String(text).length, 0);
/** @type {readonly string[]} */
const asked = JSON.parse(questions);
const questionMs = asked.map((question) => {
  const askedMs = performance.now();
  index.search(question).slice(0, 10);
  return performance.now() - askedMs;
});
process.stdout.write(JSON.stringify({ buildMs, characters, questionMs }));
