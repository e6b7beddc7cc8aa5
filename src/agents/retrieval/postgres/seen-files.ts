import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { AgentError, messageOf } from "../../base/errors.ts";
import { isDamaged, removeDatabase, storeError } from "../index/database.ts";
import type { FileStamp } from "../parse/read-file.ts";

/** A file as this machine read it last. */
export interface SeenFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly stamp: FileStamp;
  /** When it was read, in milliseconds. */
  readonly seenMs: number;
  readonly hash: string;
}

/** What somebody remembers of the files of a shared index. */
export interface FileMemory {
  readonly isEmpty: boolean;
  /** `null` where it does not know the file. */
  find(path: string): SeenFile | null;
  remember(files: readonly SeenFile[]): void;
}

const version = 1;

/**
 * What this machine remembers of the files of a shared index: with which dates they had which content. Dates are of one
 * machine, contents are shared. Nothing is lost with it but time.
 */
export class SeenFiles implements FileMemory {
  readonly #path: string;
  #database: DatabaseSync;
  #find: StatementSync;

  /** @throws AgentError `index.not-writable`, `index.full` */
  constructor(path: string) {
    this.#path = path;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    } catch (error) {
      const reason = messageOf(error);
      throw new AgentError("index.not-writable", { path, reason }, `Nothing can be kept at ${path}: ${reason}.`, error);
    }
    try {
      this.#database = open(path);
    } catch (error) {
      if (!isDamaged(error)) {
        throw storeError(error, path);
      }
      removeDatabase(path);
      this.#database = open(path);
    }
    this.#find = this.#database.prepare("SELECT * FROM seen WHERE path = ?");
  }

  get isEmpty(): boolean {
    return this.#database.prepare("SELECT 1 FROM seen LIMIT 1").get() === undefined;
  }

  find(path: string): SeenFile | null {
    const row = this.#find.get(path);
    return row === undefined
      ? null
      : {
          path,
          stamp: {
            sizeBytes: Number(row["size"]),
            modifiedMs: Number(row["modified"]),
            changedMs: Number(row["changed"]),
          },
          seenMs: Number(row["seen"]),
          hash: String(row["hash"]),
        };
  }

  /** @throws AgentError `index.*` where it cannot be written */
  remember(files: readonly SeenFile[]): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const write = this.#database.prepare("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?)");
      for (const { path, stamp, seenMs, hash } of files) {
        write.run(path, stamp.sizeBytes, stamp.modifiedMs, stamp.changedMs, seenMs, hash);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#database.exec("ROLLBACK");
      }
      throw storeError(error, this.#path);
    }
  }

  close(): void {
    this.#database.close();
  }
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    const { user_version: found } = database.prepare("PRAGMA user_version").get() ?? {};
    if (Number(found) !== version) {
      database.exec(`
        BEGIN IMMEDIATE;
        DROP TABLE IF EXISTS seen;
        CREATE TABLE seen (path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified REAL NOT NULL, changed REAL NOT NULL,
          seen REAL NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = ${version};
        COMMIT`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
