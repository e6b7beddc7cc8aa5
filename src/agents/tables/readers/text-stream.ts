import { isAscii, isUtf8 } from "node:buffer";
import type { TextEncoding } from "./detect-encoding.ts";
import { wholeCharacters } from "./detect-encoding.ts";
import type { Decoder } from "./legacy-encoding.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { readBytes } from "./file-bytes.ts";

const firstPieceBytes = 64 * 1024;
const pieceBytes = 512 * 1024;

/** A piece of decoded text. */
export interface TextPiece {
  readonly text: string;
  readonly readBytes: number;
  /** Characters that could not be decoded, in this piece. */
  readonly replaced: number;
}

/** The file is not in the encoding that its beginning promised: read it again with the encoding found in `sample`. */
export class WrongEncoding extends Error {
  /** Bytes around the first that does not belong. */
  readonly sample: Buffer;

  constructor(sample: Buffer) {
    super("bytes do not belong to the encoding");
    this.name = "WrongEncoding";
    this.sample = sample;
  }
}

/** Valid UTF-8 by the fastest way; what a piece cuts in the middle waits for the next. */
function utf8Decoder(strict: boolean): Decoder {
  let rest: Buffer = Buffer.alloc(0);
  const decode = (bytes: Buffer, final: boolean): string => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole = final ? all : wholeCharacters(all);
    rest = all.subarray(whole.length);
    if (isAscii(whole)) {
      return whole.toString("latin1");
    }
    if (strict && !isUtf8(whole)) {
      throw new WrongEncoding(whole);
    }
    return whole.toString("utf8");
  };
  return { decode: (bytes) => decode(bytes, false), end: () => decode(Buffer.alloc(0), true) };
}

async function decoderFor(encoding: TextEncoding): Promise<Decoder> {
  if (encoding.name === "utf-8" || encoding.name === "utf-8-sig") {
    return utf8Decoder(encoding.lenient !== true);
  }
  const { legacyDecoder } = await import("./legacy-encoding.ts");
  return legacyDecoder(encoding.name);
}

/** Says whether the text of `encoding` can be decoded. */
export async function isKnownEncoding(encoding: string): Promise<boolean> {
  if (encoding === "utf-8" || encoding === "utf-8-sig") {
    return true;
  }
  const { canDecode } = await import("./legacy-encoding.ts");
  return canDecode(encoding);
}

function countReplacements(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) {
    count += 1;
  }
  return count;
}

/**
 * Decodes a file from its beginning to the size it had when it was opened, a small piece first.
 *
 * @yields pieces in file order
 * @throws WrongEncoding when strict UTF-8 meets bytes that are none
 */
export async function* readText(file: OpenedFile, encoding: TextEncoding): AsyncGenerator<TextPiece> {
  const decoder = await decoderFor(encoding);
  let position = encoding.bomBytes;
  let size = firstPieceBytes;
  while (position < file.sizeBytes) {
    // oxlint-disable-next-line no-await-in-loop -- pieces come in file order
    const bytes = await readBytes(file, position, size);
    if (bytes.length === 0) {
      break;
    }
    position += bytes.length;
    size = pieceBytes;
    const text = decoder.decode(bytes);
    yield { text, readBytes: position, replaced: countReplacements(text) };
  }
  const text = decoder.end();
  if (text !== "") {
    yield { text, readBytes: position, replaced: countReplacements(text) };
  }
}
