import { createHash } from "node:crypto";
import { join } from "node:path";
import { chunkDocument } from "../chunk/chunk-document.ts";
import { parseFile, type SkipReason } from "../parse/parse-file.ts";
import type { ParsedDocument } from "../parse/parsed-document.ts";
import { type FileContent, type FileStamp, readFileContent } from "../parse/read-file.ts";
import { indexWords } from "../words/index-words.ts";
import type { Pace } from "./pace.ts";
import type { PassageStore } from "./passage-store.ts";

/** What became of a file that was looked at. */
export interface IndexedFile {
  readonly outcome: "added" | "changed" | "unchanged";
  readonly readBytes: number;
}

/** A file to look at. */
export interface FileTask {
  /** Absolute path of the root's folder. */
  readonly folder: string;
  /** Relative to it, with `/`. */
  readonly path: string;
  readonly stamp: FileStamp;
  /** Its content is not to be read. */
  readonly isSecret: boolean;
}

/** Files are read up to this size. */
const mostBytes = 50 * 1024 * 1024;
/** Passages are written so many at a time, with a pause for others between. */
const batch = 256;

/**
 * Brings the index up to date with one file, inside the transaction that is open. A file whose content is what the index
 * has costs a look at it and no more.
 *
 * @throws what SQLite says
 */
export async function indexFile(store: PassageStore, task: FileTask, pace: Pace): Promise<IndexedFile> {
  const known = store.file(task.path);
  const seenMs = Date.now();
  const content = task.isSecret ? null : contentOf(join(task.folder, task.path));
  const hash = content === null ? "" : createHash("sha1").update(content.bytes).digest("hex");
  const readBytes = content?.bytes.length ?? 0;
  if (known !== null && content !== null && known.hash === hash) {
    store.touch(known.id, content.stamp, seenMs);
    return { outcome: "unchanged", readBytes };
  }
  if (known !== null) {
    store.removeFile(known.id);
  }
  const { reason, document } = await readDocument(task, content);
  const id = store.addFile({
    path: task.path,
    stamp: content?.stamp ?? task.stamp,
    seenMs,
    hash,
    reason,
    leftOut: document?.leftOut ?? null,
  });
  if (document !== null) {
    await addPassages(store, { id, path: task.path, document }, pace);
  }
  return { outcome: known === null ? "added" : "changed", readBytes };
}

type ReadDocument =
  | { readonly reason: SkipReason; readonly document: null }
  | { readonly reason: null; readonly document: ParsedDocument };

async function readDocument({ path, isSecret }: FileTask, content: FileContent | null): Promise<ReadDocument> {
  if (content === null) {
    return { reason: isSecret ? "secret" : "unreadable", document: null };
  }
  const parsed = await parseFile(path, content);
  return parsed.type === "skipped"
    ? { reason: parsed.reason, document: null }
    : { reason: null, document: parsed.document };
}

interface NewPassages {
  /** Of the file. */
  readonly id: number;
  readonly path: string;
  readonly document: ParsedDocument;
}

async function addPassages(store: PassageStore, { id, path, document }: NewPassages, pace: Pace): Promise<void> {
  const chunks = chunkDocument(document);
  const pathWords = indexWords(path);
  for (let at = 0; at < chunks.length; at += batch) {
    store.addChunks(id, pathWords, chunks.slice(at, at + batch));
    const pause = pace.breathe();
    if (pause !== undefined) {
      // oxlint-disable-next-line no-await-in-loop -- the pause is between two pieces of work
      await pause;
    }
  }
}

function contentOf(path: string): FileContent | null {
  try {
    return readFileContent(path, mostBytes);
  } catch {
    return null;
  }
}
