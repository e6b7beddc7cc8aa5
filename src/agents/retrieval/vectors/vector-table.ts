import { createHash, randomInt } from "node:crypto";
import type { PassageStore } from "../index/passage-store.ts";
import { pathCondition } from "../index/scope-condition.ts";
import type { PassageScope } from "../../ports/passage-index.ts";
import { scopeCondition } from "../index/scope-condition.ts";

/** Whose vectors are meant: those of another model, or of other dimensions, are not compared with these. */
export interface VectorModel {
  /** Of the embedder. */
  readonly embedder: string;
  readonly dimensions: number;
}

/** A passage that has no vector yet. */
export interface LackingPassage {
  readonly id: number;
  /** Of {@link text}. */
  readonly hash: string;
  /** What is embedded: what the passage stands under, and the passage. */
  readonly text: string;
}

/** Vectors of passages of one file that follow each other. Never changed, only removed. */
export interface VectorRun {
  readonly id: number;
  readonly file: number;
  /** The first passage; the others have the numbers that follow. */
  readonly first: number;
  readonly count: number;
}

/** A vector that was found or made, as it is kept. */
export interface KeptVector {
  readonly passage: number;
  readonly hash: string;
  readonly row: Int8Array;
}

const hashBytes = 16;
/** Vectors of passages that are gone, kept for when they come again: after a rename, or a switch of branches. */
const mostRetired = 20_000;
/** Models whose vectors are kept beside one another, so that two windows with two models do not undo each other's work. */
const mostModels = 2;
/** Passages in one row, so that a row is read in a moment. */
const mostInRun = 256;

/** The hash by which a text's vector is found again. */
export function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, hashBytes).toString("latin1");
}

/** The vectors in the database of an index. Writes inside of the store's transaction. */
export class VectorTable {
  readonly #store: PassageStore;
  #version = 0;

  constructor(store: PassageStore) {
    this.#store = store;
  }

  /** Another one whenever vectors may have been written or removed. */
  version(): string {
    return `${this.#store.dataVersion()} ${this.#store.changes()} ${this.#version}`;
  }

  /** The number of a model; with unknown dimensions the one that was used last. `null` where nothing is known of it. */
  findModel(embedder: string, dimensions: number | null): { readonly id: number; readonly dimensions: number } | null {
    const row = this.#store
      .prepare(
        "SELECT id, dimensions FROM embedder WHERE embedder = ? AND dimensions = coalesce(?, dimensions) ORDER BY used DESC LIMIT 1",
      )
      .get(embedder, dimensions);
    return row === undefined ? null : { id: Number(row["id"]), dimensions: Number(row["dimensions"]) };
  }

  /** Enters a model, or notes that it is used; the vectors of models that were not used for longest are removed. */
  useModel({ embedder, dimensions }: VectorModel): number {
    this.#store
      .prepare(
        "INSERT INTO embedder (embedder, dimensions, used) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used = excluded.used",
      )
      .run(embedder, dimensions, Date.now());
    const old = this.#store.prepare("SELECT id FROM embedder ORDER BY used DESC LIMIT -1 OFFSET ?").all(mostModels);
    for (const { id } of old) {
      this.#version += 1;
      this.#store.prepare("DELETE FROM vectors WHERE embedder = ?").run(Number(id));
      this.#store.prepare("DELETE FROM embedder WHERE id = ?").run(Number(id));
    }
    return this.findModel(embedder, dimensions)?.id ?? 0;
  }

  /** How many passages have a vector. */
  count(model: number): number {
    const row = this.#store.prepare("SELECT sum(count) AS n FROM vectors WHERE embedder = ? AND file > 0").get(model);
    return Number(row?.["n"] ?? 0);
  }

  /**
   * Files that have passages without a vector, from a file on.
   *
   * @param model 0 for one that has no vectors at all
   */
  lackingFiles(model: number, from: number, most: number): readonly number[] {
    const rows = this.#store
      .prepare(
        `SELECT id FROM file WHERE id >= ? AND chunks > coalesce(
           (SELECT sum(count) FROM vectors WHERE embedder = ? AND vectors.file = file.id), 0) ORDER BY id LIMIT ?`,
      )
      .all(from, model, most);
    return rows.map(({ id }) => Number(id));
  }

  /**
   * The passages of a file that have no vector, in their order.
   *
   * @yields them as they are asked for
   */
  *lackingPassages(model: number, file: number): Generator<LackingPassage> {
    const covered = this.#store
      .prepare("SELECT first, count FROM vectors WHERE embedder = ? AND file = ? ORDER BY first")
      .all(model, file)
      .map(({ first, count }) => ({ first: Number(first), behind: Number(first) + Number(count) }));
    let after = 0;
    for (const { first, behind } of [...covered, { first: Number.MAX_SAFE_INTEGER, behind: 0 }]) {
      yield* this.#passagesBetween(file, after, first);
      after = behind;
    }
  }

  *#passagesBetween(file: number, from: number, before: number): Generator<LackingPassage> {
    const rows = this.#store
      .prepare("SELECT id, place, text FROM chunk WHERE file = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?")
      .all(file, from, before, mostInRun);
    for (const { id, place, text: own } of rows) {
      const text = place === "" ? String(own) : `${String(place)}\n${String(own)}`;
      yield { id: Number(id), hash: hashOfText(text), text };
    }
    if (rows.length === mostInRun) {
      yield* this.#passagesBetween(file, Number(rows.at(-1)?.["id"]) + 1, before);
    }
  }

  /** The vectors of passages that are gone, by the hashes of their texts. */
  retired(model: number, dimensions: number): ReadonlyMap<string, Int8Array> {
    const found = new Map<string, Int8Array>();
    const rows = this.#store.prepare("SELECT hashes, rows FROM vectors WHERE embedder = ? AND file = 0").iterate(model);
    for (const { hashes, rows: bytes } of rows) {
      if (hashes instanceof Uint8Array && bytes instanceof Uint8Array) {
        const names = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length).toString("latin1");
        const parts = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
        for (let at = 0; at * hashBytes < names.length; at += 1) {
          const name = names.slice(at * hashBytes, (at + 1) * hashBytes);
          found.set(name, parts.subarray(at * dimensions, (at + 1) * dimensions));
        }
      }
    }
    return found;
  }

  /** Removes the oldest of the vectors whose passages are gone, where there are too many. */
  forgetRetired(): void {
    const changed = this.#store
      .prepare(
        `DELETE FROM vectors WHERE id IN (SELECT id FROM (
           SELECT id, sum(count) OVER (ORDER BY retired DESC, id) AS n FROM vectors
           WHERE embedder IN (SELECT id FROM embedder) AND file = 0) WHERE n > ?)`,
      )
      .run(mostRetired).changes;
    this.#version += changed === 0 ? 0 : 1;
  }

  /**
   * Keeps vectors. Those whose passage is gone or has another text meanwhile are passed over.
   *
   * @param vectors in the order of their passages
   * @returns how many were kept
   */
  keep(model: number, vectors: readonly KeptVector[]): number {
    const files = this.#filesOf(model, vectors);
    let kept = 0;
    let run: KeptVector[] = [];
    let runFile = 0;
    const end = (): void => {
      if (run.length > 0) {
        this.#insert(model, runFile, run);
        kept += run.length;
      }
      run = [];
    };
    for (const vector of vectors) {
      const file = files.get(vector.passage);
      const follows = run.at(-1)?.passage === vector.passage - 1 && file === runFile && run.length < mostInRun;
      if (!follows) {
        end();
      }
      if (file !== undefined) {
        run.push(vector);
        runFile = file;
      }
    }
    end();
    return kept;
  }

  /** The files of passages that stand as they did and have no vector. */
  #filesOf(model: number, vectors: readonly KeptVector[]): ReadonlyMap<number, number> {
    const find = this.#store.prepare("SELECT file, place, text FROM chunk WHERE id = ?");
    const covering = this.#store.prepare(
      "SELECT 1 FROM vectors WHERE embedder = ? AND file = ? AND first <= ? AND first + count > ?",
    );
    const files = new Map<number, number>();
    for (const { passage, hash } of vectors) {
      const row = find.get(passage);
      const place = row?.["place"] === "" ? "" : `${String(row?.["place"])}\n`;
      if (row !== undefined && hashOfText(place + String(row["text"])) === hash) {
        const file = Number(row["file"]);
        if (covering.get(model, file, passage, passage) === undefined) {
          files.set(passage, file);
        }
      }
    }
    return files;
  }

  #insert(model: number, file: number, run: readonly KeptVector[]): void {
    const hashes = Buffer.from(run.map(({ hash }) => hash).join(""), "latin1");
    const rows = Buffer.concat(run.map(({ row }) => Buffer.from(row.buffer, row.byteOffset, row.length)));
    this.#version += 1;
    this.#store
      .prepare("INSERT INTO vectors (id, embedder, file, first, count, hashes, rows) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(randomInt(1, 2 ** 48 - 1), model, file, run[0]?.passage ?? 0, run.length, hashes, rows);
  }

  /** All runs of vectors of passages that stand. */
  runs(model: number): readonly VectorRun[] {
    return this.#store
      .prepare("SELECT id, file, first, count FROM vectors WHERE embedder = ? AND file > 0")
      .all(model)
      .map(({ id, file, first, count }) => ({
        id: Number(id),
        file: Number(file),
        first: Number(first),
        count: Number(count),
      }));
  }

  /** The vectors of a run, one after the other; empty when it is gone. */
  rowsOf(run: number): Int8Array {
    const bytes = this.#store.prepare("SELECT rows FROM vectors WHERE id = ?").get(run)?.["rows"];
    return bytes instanceof Uint8Array ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : new Int8Array(0);
  }

  /** Which files are meant whole, and which passages beside; `null` where all are. */
  scope(within: readonly PassageScope[]): VectorScope | null {
    if (scopeCondition(within) === null) {
      return null;
    }
    const files = new Set<number>();
    const passages = new Set<number>();
    for (const scope of within) {
      if (scope.lines === undefined) {
        const { sql, values } = pathCondition(scope.path);
        for (const { id } of this.#store.prepare(`SELECT id FROM file WHERE ${sql}`).iterate(...values)) {
          files.add(Number(id));
        }
      } else {
        const { sql, values } = scopeCondition([scope]) ?? { sql: "1", values: [] };
        const joined = `SELECT chunk.id AS id FROM chunk JOIN file ON file.id = chunk.file WHERE ${sql}`;
        for (const { id } of this.#store.prepare(joined).iterate(...values)) {
          passages.add(Number(id));
        }
      }
    }
    return { files, passages };
  }
}

/** What a search stays within. */
export interface VectorScope {
  readonly files: ReadonlySet<number>;
  readonly passages: ReadonlySet<number>;
}
