import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { questions } from "./retrieval-questions.ts";

const run = promisify(execFile);
const scripts = join(import.meta.dirname, "..", "..", "scripts");
/** MiniSearch keeps all in memory: of more passages than these it would need gigabytes. */
const miniSearchPassages = 15_000;

/** What another index needs. */
export interface Rival {
  readonly buildMs: number;
  /** Of the texts that it was built of. */
  readonly characters: number;
  readonly questionMs: readonly number[];
}

/** A question as plain full-text search wants it: any of its words. */
function anyWord(question: string): string {
  return (question.match(/\w+/g) ?? []).map((word) => `"${word}"`).join(" OR ");
}

/**
 * The passages of an index in full-text search as SQLite has it by default, without reading or cutting files: the least
 * that any index over SQLite costs.
 */
export function plainFullText(database: string): Rival {
  const from = new DatabaseSync(database, { readOnly: true });
  const texts = from
    .prepare("SELECT text FROM chunk")
    .all()
    .map(({ text }) => String(text));
  from.close();
  const path = `${database}-plain`;
  const plain = new DatabaseSync(path);
  try {
    plain.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE VIRTUAL TABLE passage USING fts5(text)");
    const insert = plain.prepare("INSERT INTO passage (text) VALUES (?)");
    const startedMs = performance.now();
    plain.exec("BEGIN");
    for (const text of texts) {
      insert.run(text);
    }
    plain.exec("COMMIT");
    const buildMs = performance.now() - startedMs;
    const search = plain.prepare("SELECT text FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 10");
    const questionMs = questions.map((question) => {
      const askedMs = performance.now();
      search.all(anyWord(question));
      return performance.now() - askedMs;
    });
    return { buildMs, characters: texts.reduce((sum, text) => sum + text.length, 0), questionMs };
  } finally {
    plain.close();
    ["", "-wal", "-shm"].forEach((suffix) => rmSync(path + suffix, { force: true }));
  }
}

const rivalSchema = z.object({ buildMs: z.number(), characters: z.number(), questionMs: z.array(z.number()) });

/**
 * Some of the passages of an index in MiniSearch, which is installed where it is not there yet; `null` where it cannot be
 * had.
 */
export async function miniSearch(database: string): Promise<Rival | null> {
  let module = "";
  try {
    const { stdout } = await run(process.execPath, [join(scripts, "setup-minisearch.mjs")]);
    module = stdout.trim().split("\n").at(-1) ?? "";
  } catch {
    return null;
  }
  const program = join(scripts, "minisearch-index.mjs");
  const { stdout } = await run(process.execPath, [
    program,
    module,
    database,
    String(miniSearchPassages),
    JSON.stringify(questions),
  ]);
  return rivalSchema.parse(JSON.parse(stdout));
}
