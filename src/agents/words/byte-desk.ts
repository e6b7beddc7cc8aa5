/** Of one UTF-16 unit. */
const mostUnitBytes = 3;

/** Bytes that are written one behind the other, in memory that grows. */
export class ByteDesk {
  #bytes: Buffer;
  /** Where what is written ends. */
  end = 0;

  /** @param memory what is written to as long as it is large enough */
  constructor(memory: ArrayBuffer) {
    this.#bytes = Buffer.from(memory);
  }

  /** Other ones after the desk has grown. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Makes sure that so many bytes can be written behind the end. */
  reserve(sizeBytes: number): void {
    const most = this.end + sizeBytes;
    if (most > this.#bytes.length) {
      const memory = new ArrayBuffer(most * 2);
      const grown = Buffer.from(memory);
      this.#bytes.copy(grown, 0, 0, this.end);
      this.#bytes = grown;
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
