import type { Chunk } from "../chunk/chunk.ts";
import { type PackedPassages, packedPassages } from "../index/packed-passages.ts";
import { storedNumbers } from "../index/line-numbers.ts";
import type { PreparedFile, PreparedItem } from "../index/prepare-files.ts";
import { numberOf } from "./corpus-rows.ts";
import { lockCorpus, schemaOf } from "./corpus-schema.ts";
import { lexemesOf } from "./lexemes.ts";
import { meaningHash } from "./meaning.ts";
import type { FileMemory } from "./seen-files.ts";
import type { Queries, SharedDatabase } from "./shared-database.ts";

/** What became of the files that were given to a writer. */
export interface WrittenCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly passages: number;
}

/** What became of one file. `left`: somebody else changed the index meanwhile, so that it has to be read once more. */
export interface WrittenFile {
  readonly file: PreparedFile;
  readonly fate: FileFate;
  readonly passages: number;
}

/** Which corpus is written, and what this machine remembers of it. */
export interface WriterOptions {
  readonly database: SharedDatabase;
  readonly corpus: string;
  readonly seen: Pick<FileMemory, "remember">;
  /** Told what was written, when it is there for all. */
  readonly onWritten?: (files: readonly WrittenFile[]) => void;
}

/** A transaction is ended after so much text or so many files, so that others have their turn. */
const transactionCharacters = 4_000_000;
const transactionFiles = 500;
/** Passages of one statement. */
const statementPassages = 400;

interface GatheredPassage {
  readonly chunk: Chunk;
  /** Of the text and what stands around it, parted by spaces. */
  readonly words: string;
}

interface GatheredFile {
  readonly file: PreparedFile;
  readonly passages: GatheredPassage[];
}

export type FileFate = "added" | "changed" | "unchanged" | "left";

/**
 * Writes files with their passages, whole files at a time, in transactions that last a moment. Where the connection is
 * lost in one, that one is written again. Of two machines that write the same content, one does.
 */
export class CorpusWriter {
  readonly #options: WriterOptions;
  readonly #schema: string;
  readonly #counts = { added: 0, changed: 0, unchanged: 0, passages: 0 };
  #gathered: GatheredFile[] = [];
  #characters = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#schema = schemaOf(options.corpus);
  }

  get counts(): WrittenCounts {
    return this.#counts;
  }

  /**
   * Takes what follows: a file, or passages of the file before. A file that comes again takes its own place.
   *
   * @param pack has the passages
   */
  async add(item: PreparedItem, pack: PackedPassages): Promise<void> {
    if (item.type === "file") {
      if (this.#gathered.at(-1)?.file.path === item.path) {
        this.dropLast();
      }
      if (this.#characters > transactionCharacters || this.#gathered.length >= transactionFiles) {
        await this.write();
      }
      this.#gathered.push({ file: item, passages: [] });
      return;
    }
    const last = this.#gathered.at(-1);
    for (const { text, textLength, words, ...chunk } of packedPassages(pack, item, last?.file.path ?? "")) {
      last?.passages.push({ chunk: { ...chunk, text: textOf(text) }, words: textOf(words) });
      this.#characters += textLength;
    }
  }

  /** Writes what was gathered. Only between files. */
  async write(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#characters = 0;
    if (gathered.length === 0) {
      return;
    }
    const fates = await this.#transaction((connection) => this.#replace(connection, gathered));
    gathered.forEach(({ passages, file }, at) => {
      const fate = fates[at] ?? "left";
      if (fate !== "added" || file.reason === null) {
        this.#counts[fate === "left" ? "unchanged" : fate] += 1;
      }
      this.#counts.passages += fate === "added" || fate === "changed" ? passages.length : 0;
    });
    const { seen, onWritten } = this.#options;
    seen.remember(gathered.map(({ file }) => file).filter((_, at) => fates[at] !== "left"));
    onWritten?.(
      gathered.map(({ file, passages }, at) => ({ file, fate: fates[at] ?? "left", passages: passages.length })),
    );
  }

  /** Forgets the file that was at hand when an update was stopped: it may lack passages. */
  dropLast(): void {
    this.#gathered.pop();
  }

  /** Removes files by their numbers. */
  async remove(ids: readonly number[]): Promise<void> {
    for (let at = 0; at < ids.length; at += transactionFiles) {
      const some = ids.slice(at, at + transactionFiles);
      // oxlint-disable-next-line no-await-in-loop -- one transaction after the other
      await this.#transaction((connection) => this.#delete(connection, some));
    }
  }

  async #transaction<T>(work: (connection: Queries) => Promise<T>): Promise<T> {
    const { database, corpus } = this.#options;
    return await database.withConnection(async (connection) => {
      await connection.query("BEGIN");
      await lockCorpus(connection, corpus);
      const result = await work(connection);
      await connection.query(
        `INSERT INTO ${this.#schema}.meta AS meta (key, value) VALUES ('changes', '1'), ('updating', ${nowMs})
         ON CONFLICT (key) DO UPDATE SET value = CASE meta.key WHEN 'changes' THEN (meta.value::bigint + 1)::text
           ELSE excluded.value END`,
      );
      await connection.query("COMMIT");
      return result;
    });
  }

  async #replace(connection: Queries, gathered: readonly GatheredFile[]): Promise<readonly FileFate[]> {
    const paths = gathered.map(({ file }) => file.path);
    const rows = await connection.query(
      `SELECT id, path, hash, reason FROM ${this.#schema}.file WHERE path = ANY($1::text[])`,
      [paths],
    );
    const known = new Map(rows.map((row) => [String(row["path"]), row]));
    const fates = gathered.map(({ file }): FileFate => {
      const row = known.get(file.path);
      if (row?.["hash"] === file.hash && (file.hash !== "" || row["reason"] === file.reason)) {
        return "unchanged";
      }
      if (file.isKnown) {
        // Somebody else changed the index meanwhile: the file was not cut into passages.
        return "left";
      }
      return row === undefined ? "added" : "changed";
    });
    const written = gathered.filter((_, at) => fates[at] === "added" || fates[at] === "changed");
    const old = written.flatMap(({ file }) => known.get(file.path) ?? []);
    await this.#delete(
      connection,
      old.map((row) => numberOf(row, "id")),
    );
    await this.#insert(connection, written);
    return fates;
  }

  async #delete(connection: Queries, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) {
      await connection.query(`DELETE FROM ${this.#schema}.file WHERE id = ANY($1::bigint[])`, [ids]);
    }
  }

  async #insert(connection: Queries, written: readonly GatheredFile[]): Promise<void> {
    if (written.length === 0) {
      return;
    }
    const rows = await connection.query(
      `INSERT INTO ${this.#schema}.file (path, hash, chunks, characters, reason, left_out)
       SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::text[])
       RETURNING id, path`,
      [
        written.map(({ file }) => file.path),
        written.map(({ file }) => file.hash),
        written.map(({ passages }) => passages.length),
        written.map(({ passages }) => passages.reduce((sum, { chunk }) => sum + chunk.text.length, 0)),
        written.map(({ file }) => file.reason),
        written.map(({ file }) => file.leftOut),
      ],
    );
    const ids = new Map(rows.map((row) => [String(row["path"]), numberOf(row, "id")]));
    const inserted = written.flatMap(({ file, passages }) =>
      passages.map((passage) => ({ ...passage, file: ids.get(file.path) })),
    );
    for (let at = 0; at < inserted.length; at += statementPassages) {
      const some = inserted.slice(at, at + statementPassages);
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await connection.query(insertPassages.replaceAll("@", this.#schema), [
        some.map(({ file }) => file),
        ...passageValues(some.map(({ chunk }) => chunk)),
        some.map(({ words }) => lexemesOf(words)),
      ]);
    }
  }
}

/** By the server's clock, which is the same for all. */
const nowMs = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text";

const insertPassages = `
  INSERT INTO @.passage (file, start, "end", start_line, end_line, line_numbers, page, place, text, words,
    hash)
  SELECT f, s, e, sl, el, ln, pg, pl, t, w::tsvector, decode(h, 'hex')
  FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::text[], $7::integer[],
    $8::text[], $9::text[], $10::text[], $11::text[]) WITH ORDINALITY AS given (f, s, e, sl, el, ln, pg, pl, t, h, w, n) ORDER BY n`;

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
}

function passageValues(chunks: readonly Chunk[]): readonly (readonly unknown[])[] {
  return [
    chunks.map(({ start }) => start),
    chunks.map(({ end }) => end),
    chunks.map(({ startLine }) => startLine),
    chunks.map(({ endLine }) => endLine),
    chunks.map(storedNumbers),
    chunks.map(({ page }) => page),
    chunks.map(({ place }) => storable(place)),
    chunks.map(({ text }) => storable(text)),
    chunks.map(({ place, text }) => meaningHash(storable(place), storable(text))),
  ];
}

/** PostgreSQL's texts cannot hold NUL; a sign of the same length stands for it. */
function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}
