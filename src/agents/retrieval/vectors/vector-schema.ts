import type { DatabaseSync } from "node:sqlite";

/** The tables of vectors. A file that is removed leaves its vectors behind: the same text may come again. */
export const vectorSchema = `
  CREATE TABLE IF NOT EXISTS embedder (
    id INTEGER PRIMARY KEY, embedder TEXT NOT NULL, dimensions INTEGER NOT NULL, used REAL NOT NULL,
    UNIQUE (embedder, dimensions));
  CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY, embedder INTEGER NOT NULL, file INTEGER NOT NULL, first INTEGER NOT NULL,
    count INTEGER NOT NULL, retired REAL, hashes BLOB NOT NULL, rows BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS vectors_file ON vectors (embedder, file, first, count);
  CREATE TRIGGER IF NOT EXISTS file_leaves_vectors AFTER DELETE ON file BEGIN
    UPDATE vectors SET file = 0, retired = unixepoch('subsec')
      WHERE embedder IN (SELECT id FROM embedder) AND file = old.id;
  END;
`;

/** Vectors stay when all else is made anew: the same texts will come again. */
export function retireVectors(database: DatabaseSync): void {
  const found = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'vectors'").get();
  if (found !== undefined) {
    database.exec("UPDATE vectors SET file = 0, retired = unixepoch('subsec') WHERE file > 0");
  }
}
