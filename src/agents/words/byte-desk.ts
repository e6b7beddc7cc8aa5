/** Of one UTF-16 unit. */
const mostUnitBytes = 3;
/** A number of several bytes may be read that begins with the last byte. */
const spareBytes = 8;

/** Bytes that are written one behind the other, in memory that grows. */
export class ByteDesk {
  #bytes: Buffer;
  #view: DataView;
  /** Where what is written ends. */
  end = 0;

  /** @param memory what is written to as long as it is large enough */
  constructor(memory: ArrayBuffer) {
    this.#bytes = Buffer.from(memory);
    this.#view = new DataView(memory);
  }

  /** Other ones after the desk has grown. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  /** Makes sure that so many bytes can be written behind the end. */
  reserve(sizeBytes: number): void {
    const most = this.end + sizeBytes + spareBytes;
    if (most > this.#bytes.length) {
      const memory = new ArrayBuffer(most * 2);
      const grown = Buffer.from(memory);
      this.#bytes.copy(grown, 0, 0, this.end);
      this.#bytes = grown;
      this.#view = new DataView(memory);
    }
  }

  /** Writes a text in UTF-8. @returns how many bytes it takes: as many as it has UTF-16 units where all are of ASCII */
  write(text: string): number {
    this.reserve(text.length * mostUnitBytes);
    const count = this.#bytes.write(text, this.end, "utf8");
    this.end += count;
    return count;
  }
}
