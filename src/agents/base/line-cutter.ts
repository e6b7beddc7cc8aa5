/** Cuts bytes into lines of text, never holding more than one line of the largest size. */
export class LineCutter {
  readonly #limitBytes: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * @yields The lines that `chunk` completes, without their ends.
   * @throws RangeError when a line is too long.
   */
  *push(chunk: Buffer): Generator<string, void, undefined> {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      const line = Buffer.concat(this.#parts).toString("utf8");
      this.#parts = [];
      this.#length = 0;
      from = end + 1;
      yield line;
    }

    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#limitBytes) {
      this.#parts = [];
      throw new RangeError(`a message of more than ${this.#limitBytes} bytes`);
    }

    if (part.length > 0) {
      this.#parts.push(part);
    }
  }
}
