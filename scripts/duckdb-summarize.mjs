import { pathToFileURL } from "node:url";

/**
 * `node scripts/duckdb-summarize.mjs MODULE FILE`: prints the milliseconds that DuckDB needs, on one thread, to
 * summarize a CSV file. Its own start is not counted.
 */
const [module, file] = process.argv.slice(2);
if (module === undefined || file === undefined) {
  throw new Error("Name DuckDB's module and the file.");
}
const { DuckDBInstance } = await import(pathToFileURL(module).href);
const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await instance.connect();
const startedMs = performance.now();
const summary = await connection.runAndReadAll(`SUMMARIZE SELECT * FROM read_csv('${file.replaceAll("'", "''")}')`);
const tookMs = performance.now() - startedMs;
if (summary.getRows().length === 0) {
  throw new Error("DuckDB found no columns.");
}
process.stdout.write(`${tookMs}\n`);
