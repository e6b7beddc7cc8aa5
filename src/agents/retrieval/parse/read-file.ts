import { bothEnds, type TextGap } from "./long-text.ts";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** What tells one content of a file from another without reading it. */
export interface FileStamp {
  readonly sizeBytes: number;
  /** When the content was last written, in milliseconds. */
  readonly modifiedMs: number;
  /** When the file was last changed in any way, its dates included, in milliseconds. */
  readonly changedMs: number;
}

/** Bytes of a file and the stamp they had. */
export interface FileContent {
  readonly bytes: Buffer;
  readonly stamp: FileStamp;
  /** The file is longer than what was asked for. */
  readonly cut: boolean;
  /** Where `bytes` leave out what stands between the beginning and the end of a long text. */
  readonly gap?: TextGap;
}

const attempts = 3;

/**
 * Reads a file, at most `mostBytes` of it: of a long text without headings, such as a log, the beginning and the end. A file that changes meanwhile is read again, so that the bytes are of one
 * state of the file; one that never stands still is given as it was last read, with a stamp that will not match.
 *
 * @throws what the file system says
 */
export function readFileContent(path: string, mostBytes: number): FileContent {
  let content = readOnce(path, mostBytes);
  for (let attempt = 1; attempt < attempts && content.stamp.changedMs < 0; attempt += 1) {
    content = readOnce(path, mostBytes);
  }
  return content;
}

function readOnce(path: string, mostBytes: number): FileContent {
  const file = openSync(path, "r");
  try {
    const before = stampOf(fstatSync(file));
    const size = Math.min(before.sizeBytes, mostBytes);
    const bytes = Buffer.allocUnsafe(size);
    let read = 0;
    while (read < size) {
      const count = readSync(file, bytes, read, size - read, read);
      if (count === 0) {
        break;
      }
      read += count;
    }
    const cut = before.sizeBytes > mostBytes;
    const ends = cut ? bothEnds({ descriptor: file, path, sizeBytes: before.sizeBytes, head: bytes }) : null;
    const after = stampOf(fstatSync(file));
    const same = read === size && sameStamp(before, after);
    return {
      bytes: bytes.subarray(0, read),
      stamp: same ? after : { ...after, changedMs: -1 },
      cut,
      ...ends,
    };
  } finally {
    closeSync(file);
  }
}

/** The stamp in what the file system says of a file. */
export function stampOf(stats: {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}): FileStamp {
  return { sizeBytes: stats.size, modifiedMs: stats.mtimeMs, changedMs: stats.ctimeMs };
}

/** Says whether two stamps are of one content. */
export function sameStamp(left: FileStamp, right: FileStamp): boolean {
  return (
    left.sizeBytes === right.sizeBytes && left.modifiedMs === right.modifiedMs && left.changedMs === right.changedMs
  );
}
