/** A line may hold a table of 1,000 × 200 cells; beyond this somebody else is talking. */
export const MAX_LINE_CHARS = 128 * 1024 * 1024;

/** Cuts a stream of text into lines without joining a long line again and again. */
export class LineReader {
  private parts: string[] = [];
  private length = 0;

  /**
   * The lines that `chunk` completes.
   *
   * @throws RangeError when a line grows beyond {@link MAX_LINE_CHARS}.
   */
  push(chunk: string): readonly string[] {
    const pieces = chunk.split("\n");
    const last = pieces.pop() ?? "";
    const lines: string[] = [];
    for (const piece of pieces) {
      this.parts.push(piece);
      lines.push(this.parts.join(""));
      this.parts = [];
      this.length = 0;
    }
    if (last !== "") {
      this.parts.push(last);
      this.length += last.length;
    }
    if (this.length > MAX_LINE_CHARS) {
      throw new RangeError(`A line is longer than ${MAX_LINE_CHARS} characters.`);
    }
    return lines;
  }
}
