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

/** What could not be had, or does not run here, and why. */
export interface MissingRival {
  readonly missing: string;
}

/** Some of the passages of an index in MiniSearch, which is installed where it is not there yet. */
export async function miniSearch(database: string): Promise<Rival | MissingRival> {
  const args = [database, String(miniSearchPassages), JSON.stringify(questions)];
  return await askRival({ setup: "setup-minisearch.mjs", program: "minisearch-index.mjs", args }, (value) =>
    rivalSchema.parse(value),
  );
}

/** Scripts that install another index, and that measure it: given the path of its module, and `args`. */
interface RivalPrograms {
  readonly setup: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** Installs another index where it is not there yet, and measures it in a process of its own. */
export async function askRival<T>(
  { setup, program, args }: RivalPrograms,
  parse: (value: unknown) => T,
): Promise<T | MissingRival> {
  try {
    const installed = await run(process.execPath, [join(scripts, setup)]);
    const module = installed.stdout.trim().split("\n").at(-1) ?? "";
    // What a library of another language writes to its log is not asked for.
    const env = { ...process.env, RUST_LOG: "error", LANCEDB_LOG: "error" };
    const measured = await run(process.execPath, [join(scripts, program), module, ...args], { env });
    return parse(JSON.parse(measured.stdout));
  } catch (error) {
    const said = String(error instanceof Error && "stderr" in error && error.stderr !== "" ? error.stderr : error);
    const lines = said.split("\n");
    const reason = lines.find((line) => /npm error|unsupported|cannot/iu.test(line)) ?? lines[0] ?? "";
    return { missing: `it cannot be installed or run on this machine: ${reason.trim()}` };
  }
}
