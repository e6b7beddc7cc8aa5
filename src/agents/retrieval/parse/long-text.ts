import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { basename } from "node:path";
import { wholeCharacters } from "../../encoding/detect-encoding.ts";
import { layoutOf } from "./layout-of.ts";

/** What was not read between the beginning and the end of a long text. */
export interface TextGap {
  /** How many of the bytes that were read stand before it. */
  readonly at: number;
  /** What was passed over. */
  readonly bytes: number;
  readonly lines: number;
  /** Unicode code points. */
  readonly characters: number;
}

/** Of a longer file only the beginning is read: to count what stands before its end would take too long. */
const longestCounted = 1024 ** 3;
const stepBytes = 4 * 1024 * 1024;
const lineFeed = 10;

/** A file that is open, and its beginning. */
export interface LongFile {
  readonly descriptor: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly head: Buffer;
}

/**
 * The beginning and the end of a long text without headings, such as a log, of whose end most is asked: half of the bytes
 * each, whole lines. What stands between is counted, so that places at the end are those of the whole file.
 *
 * @returns `null` for what is no such text, or not UTF-8: then its beginning alone is read
 */
export function bothEnds(file: LongFile): { readonly bytes: Buffer; readonly gap: TextGap } | null {
  const { descriptor, path, sizeBytes, head } = file;
  const half = head.length >> 1;
  const lastLine = head.lastIndexOf(lineFeed, half);
  if (lastLine < 0 || sizeBytes > longestCounted || layoutOf(basename(path)) !== "plain" || !isText(head)) {
    return null;
  }
  const end = readAt(descriptor, sizeBytes - half, half);
  const firstLine = end.indexOf(lineFeed);
  if (firstLine < 0 || end.includes(0) || !isUtf8(end.subarray(firstLine + 1))) {
    return null;
  }
  const from = lastLine + 1;
  const to = sizeBytes - half + firstLine + 1;
  return {
    bytes: Buffer.concat([head.subarray(0, from), end.subarray(firstLine + 1)]),
    gap: { at: from, bytes: to - from, ...counted(descriptor, from, to) },
  };
}

function isText(head: Buffer): boolean {
  return !head.includes(0) && isUtf8(wholeCharacters(head));
}

function counted(descriptor: number, from: number, to: number): Pick<TextGap, "lines" | "characters"> {
  const bytes = Buffer.allocUnsafe(stepBytes);
  let lines = 0;
  let characters = 0;
  for (let position = from; position < to;) {
    const read = readSync(descriptor, bytes, 0, Math.min(stepBytes, to - position), position);
    if (read === 0) {
      break;
    }
    for (let at = 0; at < read; at += 1) {
      const byte = bytes[at] ?? 0;
      lines += byte === lineFeed ? 1 : 0;
      characters += byte < 0x80 || byte >= 0xc0 ? 1 : 0;
    }
    position += read;
  }
  return { lines, characters };
}

function readAt(descriptor: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  for (let count = -1; read < length && count !== 0; read += count) {
    count = readSync(descriptor, bytes, read, length - read, from + read);
  }
  return bytes.subarray(0, read);
}
