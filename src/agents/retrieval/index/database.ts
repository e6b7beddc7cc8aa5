import { existsSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { AgentError, messageOf } from "../../base/errors.ts";
import { retireVectors, vectorSchema } from "../vectors/vector-schema.ts";

/** Raised whenever what is stored, or how text is cut and made into words, changes: an older index is made anew. */
export const schemaVersion = 8;

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE file (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, modified REAL NOT NULL, changed REAL NOT NULL, seen REAL NOT NULL,
    hash BLOB NOT NULL, chunks INTEGER NOT NULL, characters INTEGER NOT NULL, reason TEXT, left_out TEXT);
  CREATE TABLE chunk (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, line_numbers TEXT, page INTEGER, place TEXT NOT NULL, text TEXT NOT NULL);
  CREATE INDEX chunk_file ON chunk (file);
  CREATE VIRTUAL TABLE passage USING fts5(
    words, content='', contentless_delete=1, detail=none, tokenize='ascii');
  INSERT INTO passage (passage, rank) VALUES ('hashsize', 8388608), ('pgsz', 16000);
  ${vectorSchema}
  PRAGMA user_version = ${schemaVersion};
`;

/** SQLite's result codes (https://www.sqlite.org/rescode.html). */
const code = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
} as const;

/** Types of network file systems in Linux's statfs: on these, shared memory for a write-ahead log does not work. */
const networkFileSystems = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546]);

function resultCode(error: unknown): number | null {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : null;
}

/** Says whether another process holds the database. */
export function isBusy(error: unknown): boolean {
  const found = resultCode(error);
  return found === code.busy || found === code.locked;
}

/** Says whether the database is damaged, so that it has to be made anew. */
export function isDamaged(error: unknown): boolean {
  const found = resultCode(error);
  return found === code.corrupt || found === code.notDatabase;
}

/** The error as one of the product, where it is one that a person can do something about. */
export function storeError(error: unknown, path: string): unknown {
  switch (resultCode(error)) {
    case code.full:
      return new AgentError(
        "index.full",
        { path },
        `There is no room left for the index at ${path}. Free some space, or keep the index elsewhere.`,
        error,
      );
    case code.busy:
    case code.locked:
      return new AgentError(
        "index.busy",
        { path },
        `Another process is writing the index at ${path} and does not come to an end. Try again later.`,
        error,
      );
    case code.readOnly:
    case code.io:
    case code.cannotOpen:
      return new AgentError(
        "index.not-writable",
        { path, reason: messageOf(error) },
        `The index at ${path} cannot be written: ${messageOf(error)}.`,
        error,
      );
    default:
      return error instanceof Error && /no such module: fts5/i.test(error.message) ? withoutFullText(error) : error;
  }
}

function withoutFullText(error: unknown): AgentError<"index.unavailable"> {
  const { node } = process.versions;
  return new AgentError(
    "index.unavailable",
    { node },
    `The SQLite of this Node (${node}) has no full-text search (FTS5). Node 22.16 or newer has it, and so has VS Code 1.103 or newer.`,
    error,
  );
}

/** What the place gives in which a database is kept. */
export interface DatabaseHost {
  open(path: string): DatabaseSync;
  /** Opens what cannot be written. @throws SQLite's error */
  openToRead(path: string): DatabaseSync;
  /** Says whether a folder is of another machine: memory cannot be shared there, which a write-ahead log needs. */
  isOnNetwork(folder: string): boolean;
}

const thisMachine: DatabaseHost = {
  open: (path) => new DatabaseSync(path, { timeout: 5000 }),
  openToRead,
  isOnNetwork,
};

/** A write-ahead log wants to write beside the database even to read; a folder that nobody may change has no need of one. */
function openToRead(path: string): DatabaseSync {
  const address = pathToFileURL(path);
  const plain = new DatabaseSync(address, { readOnly: true, timeout: 5000 });
  try {
    versionOf(plain);
    return plain;
  } catch {
    plain.close();
  }
  address.searchParams.set("immutable", "1");
  return new DatabaseSync(address, { readOnly: true });
}

/** Removes a database with the files that belong to it. */
export function removeDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) {
    rmSync(path + suffix, { force: true });
  }
}

function isOnNetwork(folder: string): boolean {
  try {
    return networkFileSystems.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}

/**
 * Opens the database of an index, and makes it where there is none, where it is of another version or damaged.
 *
 * @param mostBytes the size it may grow to
 * @throws AgentError `index.unavailable` where SQLite has no full-text search, `index.not-writable`, `index.full`
 */
export function openDatabase(path: string, mostBytes: number, host: DatabaseHost = thisMachine): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = messageOf(error);
    throw new AgentError(
      "index.not-writable",
      { path, reason },
      `The index cannot be kept at ${path}: ${reason}.`,
      error,
    );
  }
  try {
    return openOnce(path, mostBytes, host);
  } catch (error) {
    if (isReadOnly(error)) {
      return openForSearch(path, host, error);
    }
    if (!isDamaged(error)) {
      throw storeError(error, path);
    }
    removeDatabase(path);
    return openOnce(path, mostBytes, host);
  }
}

function isReadOnly(error: unknown): boolean {
  const found = resultCode(error);
  return found === code.readOnly || found === code.cannotOpen;
}

/** A database that this user may read and not write. @param error why it was not opened to write */
function openForSearch(path: string, host: DatabaseHost, error: unknown): DatabaseSync {
  const problem = storeError(error, path);
  if (!existsSync(path)) {
    throw problem;
  }
  let database: DatabaseSync | null = null;
  try {
    database = host.openToRead(path);
    database.exec("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -6000");
    if (versionOf(database) === schemaVersion) {
      return database;
    }
  } catch {
    // What is told is why it cannot be written.
  }
  database?.close();
  throw problem;
}

function openOnce(path: string, mostBytes: number, host: DatabaseHost): DatabaseSync {
  const database = host.open(path);
  try {
    // The size of pages is that of a new database; larger ones take less work to fill, also with full-text search's.
    database.exec("PRAGMA page_size = 16384; PRAGMA temp_store = MEMORY");
    database.exec("PRAGMA cache_size = -6000; PRAGMA synchronous = NORMAL");
    const journal = host.isOnNetwork(dirname(path)) ? "DELETE" : "WAL";
    database.exec(`PRAGMA journal_mode = ${journal}; PRAGMA wal_autocheckpoint = 4000`);
    database.exec(`PRAGMA journal_size_limit = 67108864`);
    limitSize(database, mostBytes);
    if (versionOf(database) !== schemaVersion) {
      create(database);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function limitSize(database: DatabaseSync, mostBytes: number): void {
  const { page_size: pageBytes } = database.prepare("PRAGMA page_size").get() ?? {};
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(mostBytes / Number(pageBytes)))}`);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/** Makes the tables, unless another process has made them meanwhile; drops those of another version. */
function create(database: DatabaseSync): void {
  probe(database);
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = versionOf(database);
    if (version !== schemaVersion) {
      if (version !== 0) {
        retireVectors(database);
        database.exec("DROP TABLE IF EXISTS passage; DROP TABLE IF EXISTS chunk; DROP TABLE IF EXISTS file");
        database.exec("DROP TABLE IF EXISTS meta");
      }
      database.exec(schema);
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function probe(database: DatabaseSync): void {
  database.exec("CREATE VIRTUAL TABLE temp.probe USING fts5(x); DROP TABLE temp.probe");
}
