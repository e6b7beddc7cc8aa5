import { Readable } from "node:stream";
import { crc32, createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from "node:zlib";
import { AgentError, messageOf } from "../../base/errors.ts";
import { readBytes, type OpenedFile, type UnpackedBytes } from "./file-bytes.ts";

/** Where packed bytes lie in a file, and how they are packed. */
export interface PackedPart {
  /** Name of what comes out. */
  readonly name: string;
  readonly start: number;
  readonly packedBytes: number;
  readonly method: "gzip" | "deflate" | "stored";
  /** Checksum of what comes out, where the unpacking does not look at it by itself. */
  readonly crc?: number;
}

/** What comes out of packed bytes, read as a file. */
export interface InflatedFile extends OpenedFile {
  /** Bytes of the packing file that were needed so far. */
  readonly takenBytes: () => number;
}

const packedPieceBytes = 64 * 1024;
const rememberedBytes = 1024 * 1024;
/** From here on, what unpacks to more than `bombRatio` of its size is a bomb. No real table packs so well. */
const harmlessBytes = 16 * 1024 * 1024;
const bombRatio = 300;

function unpackedFrom(packed: Readable, method: "gzip" | "deflate"): Gunzip | InflateRaw {
  const inflate = method === "gzip" ? createGunzip() : createInflateRaw();
  packed.on("error", (error) => inflate.destroy(error));
  // Who reads is told by the iterator; a reading that was given up has nobody to tell.
  inflate.on("error", () => undefined);
  return packed.pipe(inflate);
}

/** Unpacks from the beginning on, and again from the beginning when it is asked for what is behind. */
class ForwardBytes implements UnpackedBytes {
  readonly #file: OpenedFile;
  readonly #part: PackedPart;
  #pieces: AsyncIterator<Buffer> | null = null;
  #source: Readable | null = null;
  /** Unpacked and not yet asked for. */
  #rest: Buffer = Buffer.alloc(0);
  /** Where `#rest` begins. */
  #position = 0;
  /** The first bytes, which are asked for several times. */
  #head: Buffer = Buffer.alloc(0);
  #headComplete = false;
  /** Packed bytes that came from the file; some of them still wait. */
  #given = 0;
  /** Checksum of what was unpacked so far. */
  #crc = 0;
  /** Counts the packed bytes that were unpacked. */
  #unpacker: Gunzip | InflateRaw | null = null;

  constructor(file: OpenedFile, part: PackedPart) {
    this.#file = file;
    this.#part = part;
  }

  get taken(): number {
    return this.#unpacker?.bytesWritten ?? this.#given;
  }

  async read(position: number, length: number): Promise<Buffer> {
    if (length <= 0) {
      return Buffer.alloc(0);
    }
    if (!this.#headComplete) {
      this.#head = await this.#forward(0, rememberedBytes);
      this.#headComplete = true;
    }
    const ended = this.#head.length < rememberedBytes;
    if (ended || position + length <= this.#head.length) {
      return this.#head.subarray(position, position + length);
    }
    return await this.#forward(position, length);
  }

  async #forward(position: number, length: number): Promise<Buffer> {
    if (position < this.#position || this.#pieces === null) {
      this.#begin();
    }
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        // oxlint-disable-next-line no-await-in-loop -- pieces come one after another
        const next = await this.#next();
        if (next === null) {
          break;
        }
        this.#rest = next;
      }
      const behind = Math.min(this.#rest.length, Math.max(0, position - this.#position));
      const piece = this.#rest.subarray(behind, behind + missing);
      this.#position += behind + piece.length;
      this.#rest = this.#rest.subarray(behind + piece.length);
      missing -= piece.length;
      if (piece.length > 0) {
        parts.push(piece);
      }
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  #begin(): void {
    this.#source?.destroy();
    const packed = Readable.from(this.#packed(), { objectMode: false });
    const { method } = this.#part;
    this.#unpacker = method === "stored" ? null : unpackedFrom(packed, method);
    const source = this.#unpacker ?? packed;
    this.#source = source;
    this.#pieces = source[Symbol.asyncIterator]();
    this.#rest = Buffer.alloc(0);
    this.#position = 0;
    this.#given = 0;
    this.#crc = 0;
  }

  async *#packed(): AsyncGenerator<Buffer> {
    const { start, packedBytes } = this.#part;
    for (let at = 0; at < packedBytes; at += packedPieceBytes) {
      // oxlint-disable-next-line no-await-in-loop -- pieces come in file order
      const bytes = await readBytes(this.#file, start + at, Math.min(packedPieceBytes, packedBytes - at));
      if (bytes.length === 0) {
        return;
      }
      this.#given = at + bytes.length;
      yield bytes;
    }
  }

  async #next(): Promise<Buffer | null> {
    try {
      const next = await this.#pieces?.next();
      if (next === undefined || next.done === true) {
        this.#checkWhole();
        return null;
      }
      this.#crc = this.#part.crc === undefined ? 0 : crc32(next.value, this.#crc);
      const given = this.#position + next.value.length;
      if (given > harmlessBytes && given > this.taken * bombRatio) {
        throw tooTight(this.#file);
      }
      return next.value;
    } catch (error) {
      throw error instanceof AgentError ? error : damagedPacking(this.#file, error);
    }
  }

  /** @throws AgentError `table.damaged` when what came out is not what was packed */
  #checkWhole(): void {
    const { crc, name } = this.#part;
    if (crc !== undefined && crc !== this.#crc) {
      const reason = `the checksum of "${name}" does not fit, so some of its bytes were altered`;
      const message = `"${this.#file.name}" is damaged: ${reason}. Its values cannot be trusted: copy or download it again.`;
      throw new AgentError("table.damaged", { path: this.#file.path, reason }, message);
    }
  }
}

function tooTight(file: OpenedFile): AgentError<"table.too-large"> {
  const reason = "it unpacks to several hundred times its size, as archives made to fill a disk do";
  const message = `"${file.name}" was not read to its end: ${reason}. If you trust it, unpack it and choose what comes out.`;
  return new AgentError("table.too-large", { path: file.path, reason }, message);
}

function damagedPacking(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const said = messageOf(error);
  const reason = /unexpected end/iu.test(said)
    ? "its end is missing: it was cut short"
    : `it cannot be unpacked (${said})`;
  const message = `"${file.name}" is damaged: ${reason}. Copy or download it again.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

/**
 * Opens what lies packed in a file, in bounded memory whatever its size. What a short part unpacks to is unpacked at
 * once, so that its size is known.
 *
 * @throws AgentError `table.damaged`, `table.too-large`, also from later reads
 */
export async function openInflated(file: OpenedFile, part: PackedPart): Promise<InflatedFile> {
  const unpacked = new ForwardBytes(file, part);
  const head = await unpacked.read(0, rememberedBytes);
  const sizeBytes = head.length < rememberedBytes ? head.length : Number.POSITIVE_INFINITY;
  const { path, modifiedMs, handle } = file;
  return { path, modifiedMs, handle, name: part.name, sizeBytes, unpacked, takenBytes: () => unpacked.taken };
}
