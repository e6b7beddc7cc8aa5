import { unzipSync, zipSync } from "fflate";
import { decodeText } from "../../../encoding/decode-text.ts";

/** Parts of a document that is a zip archive, by their path. */
export interface ZipParts {
  readonly names: readonly string[];
  /** The bytes of a part; `null` where there is none. */
  bytes(name: string): Buffer | null;
  /** A part as text; empty where there is none. */
  text(name: string): Promise<string>;
  /** The parts as an archive without compression, for a library that unpacks without a limit. */
  archive(): Buffer;
}

/** All that is unpacked of one document. */
const mostBytes = 256 * 1024 * 1024;
const mostParts = 20_000;
/** What is this large and was packed this small says the same again and again: no document does. */
const suspectBytes = 32 * 1024 * 1024;
const mostRatio = 150;

/** A document unpacks to more than any document has. */
export class TooLargeArchive extends Error {
  constructor() {
    super("the archive unpacks to too much");
    this.name = "TooLargeArchive";
  }
}

/**
 * Unpacks the parts of a document that are wanted.
 *
 * @param wanted asked for each path
 * @param most bytes of all of them
 * @throws TooLargeArchive, and Error for what is no whole archive
 */
export function unpackParts(bytes: Buffer, wanted: (name: string) => boolean, most = mostBytes): ZipParts {
  let left = most;
  let count = 0;
  const parts = unzipSync(bytes, {
    filter: ({ name, size, originalSize }) => {
      count += 1;
      if (!wanted(name)) {
        return false;
      }
      // What is unpacked is never longer than what the archive says of it: its place is made before.
      left -= originalSize;
      const isBomb = originalSize > suspectBytes && originalSize > size * mostRatio;
      if (left < 0 || count > mostParts || isBomb) {
        throw new TooLargeArchive();
      }
      return true;
    },
  });
  const byName = new Map(Object.entries(parts));
  const bytesOf = (name: string): Buffer | null => {
    const part = byName.get(name);
    return part === undefined ? null : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  };
  return {
    names: [...byName.keys()],
    bytes: bytesOf,
    archive: () => Buffer.from(zipSync(parts, { level: 0 }).buffer),
    text: async (name) => (await decodeText(bytesOf(name) ?? Buffer.alloc(0))) ?? "",
  };
}

/** The names of the parts of an archive, without unpacking any; `null` for what is no whole archive. */
export function partNames(bytes: Buffer): readonly string[] | null {
  const names: string[] = [];
  try {
    unzipSync(bytes, {
      filter: ({ name }) => {
        names.push(name);
        return false;
      },
    });
  } catch {
    return null;
  }
  return names;
}
