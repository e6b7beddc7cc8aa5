import { statSync } from "node:fs";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { PassageScope } from "../../ports/passage-index.ts";
import type { Chunk } from "../chunk/chunk.ts";
import type { SkipReason } from "../parse/parsed-document.ts";
import type { FileStamp } from "../parse/read-file.ts";
import { type DatabaseHost, openDatabase, removeDatabase } from "./database.ts";
import { numbersOfLines, storedNumbers } from "./line-numbers.ts";
import { comparedText } from "../search/literal-query.ts";
import { type PackedPassages, packedPassages, type PassageRange } from "./packed-passages.ts";
import { pathCondition, scopeCondition } from "./scope-condition.ts";

/** What the index knows of a file. */
export interface StoredFile {
  readonly id: number;
  readonly stamp: FileStamp;
  /** When it was read, in milliseconds. */
  readonly seenMs: number;
  readonly hash: string;
  /** Why it has no passages; `null` for a file that has. */
  readonly reason: SkipReason | null;
}

/** A file of which passages are written. */
export interface WrittenFile {
  readonly id: number;
  readonly path: string;
}

/** What is written of a file. */
export interface FileEntry extends Omit<StoredFile, "id"> {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** What was left out of it, as a sentence. */
  readonly leftOut: string | null;
}

/** Sums over an index. */
export interface StoreTotals {
  readonly files: number;
  readonly chunks: number;
  readonly characters: number;
}

/** A passage as it is kept. */
export interface StoredChunk {
  readonly id: number;
  readonly passage: Chunk & { readonly path: string };
}

/** What a passage has to be read with, over the tables `chunk` and `file`. */
const passageColumns = 'chunk.id AS id, path, start, "end", start_line, end_line, line_numbers, page, place, text';

/** The tables of one index. Writing goes on between `begin` and `commit`; other processes then wait. */
export class PassageStore {
  readonly path: string;
  readonly #mostBytes: number;
  readonly #host: DatabaseHost | undefined;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync;
  #isWriting = false;
  #changes = 0;

  /** @throws AgentError `index.*` */
  constructor(path: string, mostBytes: number, host?: DatabaseHost) {
    this.path = path;
    this.#mostBytes = mostBytes;
    this.#host = host;
    this.#database = openDatabase(path, mostBytes, host);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** Takes the right to write; at once the only one to have it. */
  begin(): void {
    this.#database.exec("BEGIN IMMEDIATE");
    this.#isWriting = true;
  }

  commit(): void {
    this.#database.exec("COMMIT");
    this.#isWriting = false;
  }

  /** Gives up what was written since `begin`; nothing where nothing was. */
  rollback(): void {
    if (this.#isWriting && this.#database.isTransaction) {
      this.#database.exec("ROLLBACK");
    }
    this.#isWriting = false;
  }

  /** The files in a folder, or the file itself, by their paths. @param under the empty path is the root */
  files(under: string): Map<string, StoredFile> {
    const { sql, values } = pathCondition(under);
    const rows = this.#sql(
      `SELECT id, path, size, modified, changed, seen, hash, reason FROM file WHERE ${sql}`,
    ).iterate(...values);
    return new Map(Array.from(rows, (row) => [String(row["path"]), storedFile(row)]));
  }

  file(path: string): StoredFile | null {
    const row = this.#sql("SELECT id, size, modified, changed, seen, hash, reason FROM file WHERE path = ?").get(path);
    return row === undefined ? null : storedFile(row);
  }

  /**
   * Files that have no passages, or not all.
   *
   * @yields the file and the reason
   */
  *leftOut(): Generator<{ readonly path: string; readonly reason: string }> {
    const rows = this.#sql(
      "SELECT path, coalesce(reason, left_out) AS why FROM file WHERE why IS NOT NULL ORDER BY path",
    );
    for (const row of rows.iterate()) {
      yield { path: String(row["path"]), reason: String(row["why"]) };
    }
  }

  /** Enters a file that is not there. @returns its number */
  addFile({ path, stamp, seenMs, hash, reason, leftOut }: FileEntry): number {
    const { lastInsertRowid } = this.#sql(
      "INSERT INTO file (path, size, modified, changed, seen, hash, chunks, characters, reason, left_out) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
    ).run(path, stamp.sizeBytes, stamp.modifiedMs, stamp.changedMs, seenMs, Buffer.from(hash, "hex"), reason, leftOut);
    return Number(lastInsertRowid);
  }

  /** Adds some passages of a pack to a file. @param path of the file: its words are found as those of the text are */
  addPassages({ id: file, path }: WrittenFile, pack: PackedPassages, range: PassageRange): void {
    const insert = this.#sql(
      'INSERT INTO chunk (file, start, "end", start_line, end_line, line_numbers, page, place, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))',
    );
    const insertWords = this.#sql("INSERT INTO passage (rowid, words) VALUES (?, CAST(? AS TEXT))");
    this.#changes += 1;
    let characters = 0;
    for (const passage of packedPassages(pack, range, path)) {
      const { start, end, startLine, endLine, page, place, text, textLength, words } = passage;
      const lines = storedNumbers(passage);
      const { lastInsertRowid } = insert.run(file, start, end, startLine, endLine, lines, page, place, text);
      // No bytes would be no value.
      insertWords.run(lastInsertRowid, words.length === 0 ? "" : words);
      characters += textLength;
    }
    this.#sql("UPDATE file SET chunks = chunks + ?, characters = characters + ? WHERE id = ?").run(
      range.count,
      characters,
      file,
    );
  }

  /** Notes that a file has another stamp and the content it had. */
  touch(id: number, { sizeBytes, modifiedMs, changedMs }: FileStamp, seenMs: number): void {
    this.#sql("UPDATE file SET size = ?, modified = ?, changed = ?, seen = ? WHERE id = ?").run(
      sizeBytes,
      modifiedMs,
      changedMs,
      seenMs,
      id,
    );
  }

  removeFile(id: number): void {
    this.#changes += 1;
    this.#sql("DELETE FROM passage WHERE rowid IN (SELECT id FROM chunk WHERE file = ?)").run(id);
    this.#sql("DELETE FROM chunk WHERE file = ?").run(id);
    this.#sql("DELETE FROM file WHERE id = ?").run(id);
  }

  totals(): StoreTotals {
    return this.totalsOf([]);
  }

  /** Rises whenever another process has written. */
  dataVersion(): number {
    return number(this.#sql("PRAGMA data_version").get(), "data_version");
  }

  /** How often this process has written. */
  changes(): number {
    return this.#changes;
  }

  /**
   * Counts the passages that match, up to `most` of them. Passages are numbered in the order in which they were written,
   * and the first to match are counted.
   *
   * @param match in FTS5's query language
   */
  count(match: string, most: number): { readonly found: number; readonly lastId: number } {
    const row = this.#sql(
      "SELECT count(*) AS found, max(rowid) AS last FROM (SELECT rowid FROM passage WHERE passage MATCH ? LIMIT ?)",
    ).get(match, most);
    return { found: number(row, "found"), lastId: number(row, "last") };
  }

  /**
   * Words of the index that begin alike, stemmed, the first 200 by the alphabet. None while the index is written: to look
   * at them would end what full-text search gathers.
   */
  wordsBeginning(letters: string): readonly { readonly word: string; readonly passages: number }[] {
    if (this.#isWriting) {
      return [];
    }
    this.#database.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, passage, row)");
    const rows = this.#sql("SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ? LIMIT 200").all(
      letters,
      `${letters}\u{10ffff}`,
    );
    return rows.map((row) => ({ word: String(row["term"]), passages: number(row, "doc") }));
  }

  /** The number of the passage that was written last; 0 when there is none. */
  lastId(): number {
    return number(this.#sql("SELECT max(id) AS last FROM chunk").get(), "last");
  }

  /**
   * The numbers of the passages that match, in their order.
   *
   * @param match in FTS5's query language
   */
  matching(match: string): Uint32Array {
    return numbersIn(this.#sql("SELECT group_concat(rowid) AS ids FROM passage WHERE passage MATCH ?").get(match));
  }

  /** The numbers of the passages that lie within the scopes, in no order. */
  passagesWithin(within: readonly PassageScope[]): Uint32Array {
    const { sql, values } = scopeCondition(within) ?? { sql: "1", values: [] };
    const text = `SELECT group_concat(chunk.id) AS ids FROM file JOIN chunk ON chunk.file = file.id WHERE ${sql}`;
    return numbersIn(this.#sql(text).get(...values));
  }

  /** The passages with some numbers, in the order of these; those that are not there are left out. */
  passages(ids: readonly number[]): readonly StoredChunk[] {
    const rows = this.#sql(
      `SELECT ${passageColumns} FROM chunk JOIN file ON file.id = chunk.file
       WHERE chunk.id IN (SELECT value FROM json_each(?)) ORDER BY chunk.id`,
    ).all(JSON.stringify(ids));
    return rows.map(storedChunk);
  }

  /** The first passages of a scope, up to `most`, in whose text all of some characters stand. Reads every text. */
  withParts(parts: readonly string[], most: number, within: readonly PassageScope[]): readonly StoredChunk[] {
    const { sql, values } = scopeCondition(within) ?? { sql: "1", values: [] };
    const has = parts.map(() => `instr(${comparedText(parts, "text", "char")}, ?) > 0`).join(" AND ");
    const rows = this.#sql(
      `SELECT ${passageColumns}
       FROM chunk JOIN file ON file.id = chunk.file WHERE ${has} AND ${sql} ORDER BY chunk.id LIMIT ?`,
    ).all(...parts, ...values, most);
    return rows.map(storedChunk);
  }

  /** The passage with a number; `null` where there is none. */
  passage(id: number): StoredChunk | null {
    const row = this.#sql(
      `SELECT ${passageColumns}
       FROM chunk JOIN file ON file.id = chunk.file WHERE chunk.id = ?`,
    ).get(id);
    return row === undefined ? null : storedChunk(row);
  }

  /**
   * The passages of a scope in their order, by path and place.
   *
   * @yields one after the other, as they are asked for
   */
  *passagesOf(within: readonly PassageScope[]): Generator<StoredChunk> {
    const { sql, values } = scopeCondition(within) ?? { sql: "1", values: [] };
    const rows = this.#sql(
      `SELECT ${passageColumns}
       FROM file JOIN chunk ON chunk.file = file.id WHERE ${sql} ORDER BY path, start, chunk.id`,
    );
    for (const row of rows.iterate(...values)) {
      yield storedChunk(row);
    }
  }

  /** Sums over a scope. */
  totalsOf(within: readonly PassageScope[]): StoreTotals {
    const { sql, values } = scopeCondition(within) ?? { sql: "1", values: [] };
    const row = within.some(({ lines }) => lines !== undefined)
      ? this.#sql(
          `SELECT count(DISTINCT file.id) AS files, count(*) AS chunks, sum(length(text)) AS characters
           FROM file JOIN chunk ON chunk.file = file.id WHERE ${sql}`,
        ).get(...values)
      : this.#sql(
          `SELECT count(*) FILTER (WHERE chunks > 0) AS files, sum(chunks) AS chunks, sum(characters) AS characters
           FROM file WHERE ${sql}`,
        ).get(...values);
    return { files: number(row, "files"), chunks: number(row, "chunks"), characters: number(row, "characters") };
  }

  /** A statement over the same database, for tables that belong to others. Within `begin` and `commit` it may write. */
  prepare(text: string): StatementSync {
    return this.#sql(text);
  }

  meta(key: string): SQLInputValue {
    const value = this.#sql("SELECT value FROM meta WHERE key = ?").get(key)?.["value"];
    return value ?? null;
  }

  setMeta(key: string, value: SQLInputValue): void {
    this.#sql("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(key, value);
  }

  removeMeta(key: string): void {
    this.#sql("DELETE FROM meta WHERE key = ?").run(key);
  }

  /** Says whether the database is whole. Takes about a second per 200 MB. */
  isWhole(): boolean {
    const found = this.#database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    return found === "ok";
  }

  /** Of the database with its log. */
  sizeBytes(): number {
    const size = (suffix: string): number => statSync(this.path + suffix, { throwIfNoEntry: false })?.size ?? 0;
    return size("") + size("-wal");
  }

  /** Begins with an empty index. */
  startAnew(): void {
    this.close();
    removeDatabase(this.path);
    this.#database = openDatabase(this.path, this.#mostBytes, this.#host);
  }

  close(): void {
    this.#statements.clear();
    this.#isWriting = false;
    if (this.#database.isOpen) {
      this.#database.close();
    }
  }

  #sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) {
      return known;
    }
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

type Row = Readonly<Record<string, unknown>>;

function number(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}

/** The numbers in the column `ids` of a row, parted by commas: a row for each would take three times as long. */
function numbersIn(row: Row | undefined): Uint32Array {
  const ids = row?.["ids"];
  const numbers: unknown = typeof ids === "string" ? JSON.parse(`[${ids}]`) : [];
  return Uint32Array.from(Array.isArray(numbers) ? numbers : []);
}

function storedFile(row: Row): StoredFile {
  const { reason, hash } = row;
  return {
    id: number(row, "id"),
    stamp: { sizeBytes: number(row, "size"), modifiedMs: number(row, "modified"), changedMs: number(row, "changed") },
    seenMs: number(row, "seen"),
    hash: hash instanceof Uint8Array ? Buffer.from(hash).toString("hex") : "",
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by addFile
    reason: typeof reason === "string" ? (reason as SkipReason) : null,
  };
}

function storedChunk(row: Row): StoredChunk {
  return {
    id: number(row, "id"),
    passage: {
      path: String(row["path"]),
      start: number(row, "start"),
      end: number(row, "end"),
      startLine: number(row, "start_line"),
      endLine: number(row, "end_line"),
      ...numbersOfLines(row["line_numbers"]),
      page: row["page"] === null ? null : number(row, "page"),
      place: String(row["place"]),
      text: String(row["text"]),
    },
  };
}
