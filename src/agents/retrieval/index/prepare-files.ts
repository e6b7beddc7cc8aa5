import { hash as digest } from "node:crypto";
import { join } from "node:path";
import { chunkDocument } from "../chunk/chunk-document.ts";
import { kindOf } from "../parse/document-kind.ts";
import { parseFile } from "../parse/parse-file.ts";
import type { ParsedDocument, SkipReason } from "../parse/parsed-document.ts";
import { type FileContent, type FileStamp, readFileContent } from "../parse/read-file.ts";
import { type PackedPassages, PassagePacker, type PassageRange } from "./packed-passages.ts";

/** A file to look at. */
export interface FileTask {
  /** Absolute path of the root's folder. */
  readonly folder: string;
  /** Relative to it, with `/`. */
  readonly path: string;
  readonly stamp: FileStamp;
  /** Its content is not to be read. */
  readonly isSecret: boolean;
  /** Of the content that the index has; `null` for a new file. */
  readonly knownHash: string | null;
  /** It was given up, and is not tried again. */
  readonly givenUp?: SkipReason;
}

/** Is told what is worked on, so that a file that takes too long can be given up. */
export interface TaskWatch {
  /**
   * A step begins.
   *
   * @param task which of the tasks
   * @param mostMs what the step may take
   */
  begin(task: number, mostMs: number): void;
}

/** What reading, cutting or finding the words of a text may take; a large one takes a few seconds. */
export const mostTextMs = 60_000;
/** Documents are read within limits of their own: this is more than those allow. */
const mostDocumentMs = 300_000;

/** A file that was looked at. Its passages follow, unless its content is what the index has. */
export interface PreparedFile {
  readonly type: "file";
  readonly path: string;
  readonly stamp: FileStamp;
  /** When it was read, in milliseconds. */
  readonly seenMs: number;
  readonly hash: string;
  readonly isKnown: boolean;
  readonly reason: SkipReason | null;
  readonly leftOut: string | null;
  readonly readBytes: number;
}

/** Passages of the file before. */
export interface PreparedPassages extends PassageRange {
  readonly type: "passages";
}

/** Files in the order of their tasks, each followed by its passages. */
export type PreparedItem = PreparedFile | PreparedPassages;

/** What is handed over at once. */
export interface PreparedBatch {
  readonly items: readonly PreparedItem[];
  /** Of the items. Their memory is used again when the next batch is asked for. */
  readonly passages: PackedPassages;
}

/** Who prepares files, and for whom. */
export interface Preparing {
  readonly watch: TaskWatch;
  /** What the next batch may be written to; `null` for the memory of the one before. */
  readonly memory: () => ArrayBuffer | null;
  /** Says whether the words of the next passages are found now: else who writes them finds them. */
  readonly findsWords: () => boolean;
}

const preparingForItself: Preparing = {
  watch: { begin: () => undefined },
  memory: () => null,
  findsWords: () => false,
};

/** Files are read up to this size. */
export const mostBytes = 50 * 1024 * 1024;
/** What is handed over at once: so much text, or so many files or passages. */
const batchCharacters = 200_000;
const batchItems = 256;

/**
 * Reads files, cuts them into passages and finds their words: most of the work, and all of it without a database.
 *
 * @yields some items at a time
 */
export async function* prepareFiles(
  tasks: Iterable<FileTask> | AsyncIterable<FileTask>,
  { watch, memory, findsWords }: Preparing = preparingForItself,
): AsyncGenerator<PreparedBatch> {
  const packer = new PassagePacker(memory());
  let items: PreparedItem[] = [];
  const taken = (): PreparedBatch => {
    const batch = { items, passages: packer.packed() };
    items = [];
    return batch;
  };
  let number = -1;
  for await (const task of tasks) {
    number += 1;
    const { file, document } = await readTask(task, (mostMs) => watch.begin(number, mostMs));
    items.push(file);
    watch.begin(number, mostTextMs);
    const chunks = document === null ? [] : chunkDocument(document);
    for (let at = 0; at < chunks.length; at += batchItems) {
      watch.begin(number, mostTextMs);
      const some = chunks.slice(at, at + batchItems);
      items.push({ type: "passages", first: packer.count, count: some.length });
      const findWords = findsWords();
      for (const chunk of some) {
        packer.add(chunk, task.path, findWords);
      }
      if (packer.characters > batchCharacters) {
        yield taken();
        packer.begin(memory());
      }
    }
    if (items.length >= batchItems) {
      yield taken();
      packer.begin(memory());
    }
  }
  yield taken();
}

interface ReadTask {
  readonly file: PreparedFile;
  readonly document: ParsedDocument | null;
}

async function readTask(task: FileTask, begin: (mostMs: number) => void): Promise<ReadTask> {
  const { folder, path, stamp, isSecret, knownHash, givenUp } = task;
  const seenMs = Date.now();
  begin(mostTextMs);
  const content = isSecret || givenUp !== undefined ? null : contentOf(join(folder, path));
  if (content === null) {
    const reason = isSecret ? "secret" : (givenUp ?? "unreadable");
    const nothing = { hash: "", isKnown: false, leftOut: null, readBytes: 0 };
    return { file: { type: "file", path, stamp, seenMs, reason, ...nothing }, document: null };
  }
  const hash = digest("sha1", content.bytes);
  const isKnown = hash === knownHash;
  const kind = kindOf(path, content.bytes);
  begin(kind.type === "document" ? mostDocumentMs : mostTextMs);
  const parsed = isKnown ? null : await parseFile(path, content, kind);
  const document = parsed?.type === "parsed" ? parsed.document : null;
  const reason = parsed?.type === "skipped" ? parsed.reason : null;
  const readBytes = content.bytes.length;
  const leftOut = document?.leftOut ?? null;
  return {
    file: { type: "file", path, stamp: content.stamp, seenMs, hash, isKnown, reason, leftOut, readBytes },
    document,
  };
}

function contentOf(path: string): FileContent | null {
  try {
    return readFileContent(path, mostBytes);
  } catch {
    return null;
  }
}
