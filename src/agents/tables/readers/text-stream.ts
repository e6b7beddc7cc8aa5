import { isAscii, isUtf8 } from "node:buffer";
import type { TextEncoding } from "../../encoding/detect-encoding.ts";
import { wholeCharacters } from "../../encoding/detect-encoding.ts";
import type { Decoder } from "../../encoding/legacy-encoding.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { readBytes } from "./file-bytes.ts";

/** Small, since the first rows are shown as soon as it is read. */
const firstPieceBytes = 32 * 1024;
const pieceBytes = 512 * 1024;
/** So much text behind the first byte above 127 tells an encoding. */
const evidenceBytes = 4096;

/** A piece of decoded text. */
export interface TextPiece {
  readonly text: string;
  readonly readBytes: number;
  /** Characters that could not be decoded, in this piece. */
  readonly replaced: number;
}

/** A piece of a file as UTF-8. */
export interface BytePiece {
  /** Whole characters of valid UTF-8. */
  readonly bytes: Buffer;
  /** No byte is above 127. */
  readonly ascii: boolean;
  readonly readBytes: number;
  /** Characters that could not be decoded, in this piece. */
  readonly replaced: number;
}

/** The file is not in the encoding that its beginning promised: read it again with the encoding found in `sample`. */
export class WrongEncoding extends Error {
  /** Bytes around the first that does not belong, below a piece in which others are valid. */
  readonly sample: Buffer;

  constructor(sample: Buffer) {
    super("bytes do not belong to the encoding");
    this.name = "WrongEncoding";
    this.sample = sample;
  }
}

/** Turns the bytes of a file into valid UTF-8, piece by piece. */
interface Transcoder {
  /** @param final no bytes follow */
  take(bytes: Buffer, final: boolean): Omit<BytePiece, "readBytes">;
}

const replacement = Buffer.from("\ufffd");

function countReplacements(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(replacement); at >= 0; at = bytes.indexOf(replacement, at + replacement.length)) {
    count += 1;
  }
  return count;
}

/** Where the first byte above 127 is, or -1. */
function firstForeign(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte >= 0x80);
}

/**
 * UTF-8 stays as it is; a character that a piece cuts waits for the next, and so do the first bytes that do not belong,
 * until enough follow to say what they are.
 */
function utf8Transcoder(strict: boolean): Transcoder {
  let rest: Buffer = Buffer.alloc(0);
  let seen: Buffer = Buffer.alloc(0);
  return {
    take: (bytes, final) => {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const whole = final ? all : wholeCharacters(all);
      rest = Buffer.from(all.subarray(whole.length));
      if (isAscii(whole)) {
        return { bytes: whole, ascii: true, replaced: 0 };
      }
      const valid = isUtf8(whole);
      const foreign = strict && !valid ? firstForeign(all) : -1;
      if (foreign >= 0 && foreign > all.length - evidenceBytes && !final) {
        rest = Buffer.from(all.subarray(foreign));
        return { bytes: all.subarray(0, foreign), ascii: true, replaced: 0 };
      }
      if (strict && !valid) {
        throw new WrongEncoding(Buffer.concat([seen, all]));
      }
      seen = seen.length === 0 ? whole : seen;
      const mended = valid ? whole : Buffer.from(whole.toString("utf8"));
      return { bytes: mended, ascii: false, replaced: countReplacements(mended) };
    },
  };
}

function legacyTranscoder(decoder: Decoder): Transcoder {
  return {
    take: (bytes, final) => {
      const text = decoder.decode(bytes) + (final ? decoder.end() : "");
      const transcoded = Buffer.from(text);
      return {
        bytes: transcoded,
        ascii: transcoded.length === text.length,
        replaced: countReplacements(transcoded),
      };
    },
  };
}

async function transcoderFor(encoding: TextEncoding): Promise<Transcoder> {
  if (encoding.name === "utf-8" || encoding.name === "utf-8-sig") {
    return utf8Transcoder(encoding.lenient !== true);
  }
  const { legacyDecoder } = await import("../../encoding/legacy-encoding.ts");
  return legacyTranscoder(legacyDecoder(encoding.name));
}

/** Says whether the text of `encoding` can be decoded. */
export async function isKnownEncoding(encoding: string): Promise<boolean> {
  if (encoding === "utf-8" || encoding === "utf-8-sig") {
    return true;
  }
  const { canDecode } = await import("../../encoding/legacy-encoding.ts");
  return canDecode(encoding);
}

/**
 * Reads a file as UTF-8 from its beginning to the size it had when it was opened, a small piece first. The next piece is
 * read while one is looked at.
 *
 * @yields pieces in file order
 * @throws WrongEncoding when strict UTF-8 meets bytes that are none
 */
export async function* readUtf8(file: OpenedFile, encoding: TextEncoding): AsyncGenerator<BytePiece> {
  const transcoder = await transcoderFor(encoding);
  let position = encoding.bomBytes;
  let next = readAhead(file, position, firstPieceBytes);
  try {
    while (position < file.sizeBytes) {
      // oxlint-disable-next-line no-await-in-loop -- pieces come in file order
      const bytes = await next.bytes;
      if (bytes.length === 0) {
        break;
      }
      position += bytes.length;
      next = readAhead(file, position, pieceBytes);
      yield { ...transcoder.take(bytes, false), readBytes: position };
    }
    const last = transcoder.take(Buffer.alloc(0), true);
    if (last.bytes.length > 0) {
      yield { ...last, readBytes: position };
    }
  } finally {
    // Who reads the file again, from its beginning, must not meet this reading.
    await next.bytes.catch(() => undefined);
  }
}

/** Begins to read; a failure is told to whom awaits `bytes`, and to nobody where the reading has been given up. */
function readAhead(file: OpenedFile, position: number, size: number): { readonly bytes: Promise<Buffer> } {
  const bytes = readBytes(file, position, size);
  bytes.catch(() => undefined);
  return { bytes };
}

/**
 * Decodes a file from its beginning to the size it had when it was opened, a small piece first.
 *
 * @yields pieces in file order
 * @throws WrongEncoding when strict UTF-8 meets bytes that are none
 */
export async function* readText(file: OpenedFile, encoding: TextEncoding): AsyncGenerator<TextPiece> {
  for await (const { bytes, ascii, readBytes: position, replaced } of readUtf8(file, encoding)) {
    yield { text: bytes.toString(ascii ? "latin1" : "utf8"), readBytes: position, replaced };
  }
}
