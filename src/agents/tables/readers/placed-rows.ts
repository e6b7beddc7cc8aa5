import { absentCell } from "./cell-block.ts";
import { noteSkipped } from "./skipped-records.ts";
import type { ReadingNotes } from "./table-source.ts";

/** How records become rows of a table. */
export interface RowPlacement {
  /** Cells of a row, at least 1; what is beyond is cut, and noted. */
  readonly width: number;
  /** Zero-based record of the first row; those before are no rows. */
  readonly firstRecord: number;
  readonly notes: ReadingNotes;
  /** The header as written: rows that equal it are no rows. `null` when there is none. */
  readonly header: readonly string[] | null;
}

/** A record that was just read: the place of its first cell, and how many it has. */
export interface RecordSpan {
  readonly base: number;
  readonly count: number;
  /** Text stands beyond the last column. */
  readonly beyond: boolean;
  readonly lines: number;
}

const SPACE = 32;

/** The characters that a record is judged by; -1 where there is none. */
interface Marks {
  readonly quote: number;
  readonly comment: number;
}

/** The rows that a tokenizer has found in some bytes: where their cells stand. */
export class PlacedRows {
  readonly width: number;
  rowCount = 0;
  /** Of the cells of all rows, one row after the other; larger than they need. */
  starts = new Int32Array(4096);
  ends = new Int32Array(4096);
  /** Of the record that is being read: the place of each cell that has doubled quotes. */
  readonly doubled: number[] = [];
  readonly #placement: RowPlacement;
  readonly #quote: number;
  readonly #comment: number;
  readonly #header: readonly Buffer[] | null;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(placement: RowPlacement, { quote, comment }: Marks) {
    const { header, width } = placement;
    const named = header?.slice(width).every((cell) => cell === "") === true ? header : null;
    this.#header = named?.map((cell) => Buffer.from(cell)) ?? null;
    this.#placement = placement;
    this.#quote = quote;
    this.#comment = comment;
    this.width = width;
  }

  /** Forgets all rows; those to come stand in `bytes`, in which quoted cells are closed up. */
  begin(bytes: Buffer): void {
    this.#bytes = bytes;
    this.rowCount = 0;
  }

  /** Makes room for one more row; returns its first place. */
  reserve(): number {
    const base = this.rowCount * this.width;
    this.doubled.length = 0;
    if (base + this.width > this.starts.length) {
      const size = Math.max(base + this.width, this.starts.length * 2);
      this.starts = enlarged(this.starts, size);
      this.ends = enlarged(this.ends, size);
    }
    return base;
  }

  /**
   * Keeps the record whose cells were placed where `reserve` said, unless it is blank or stands before the first row.
   *
   * @param number Zero-based, of the record.
   * @param line 1-based, on which it begins.
   */
  add(record: RecordSpan, number: number, line: number): void {
    const { width } = this;
    const { base, count } = record;
    for (const place of this.doubled) {
      if (place < base + width) {
        this.#undouble(place);
      }
    }
    if (number < this.#placement.firstRecord || this.#isBlankLine(base, count) || this.#isNoRow(record, number)) {
      return;
    }
    if (count !== width) {
      this.#noteWidth(record, line);
    }
    this.#noteComment(base);
    this.rowCount += 1;
  }

  /** Nothing but blanks stands in the line. */
  #isBlankLine(base: number, count: number): boolean {
    const start = this.starts[base] ?? 0;
    const end = this.ends[base] ?? 0;
    const first = this.#bytes[start] ?? 0;
    if (count > 1 || (start < end && first > SPACE && first < 128)) {
      return false;
    }
    return this.#bytes.toString("utf8", start, end).trim() === "";
  }

  /** Blank cells alone, or the header once more. */
  #isNoRow({ base, count, beyond }: RecordSpan, number: number): boolean {
    let blank = count > 1 && !beyond;
    for (let place = base; blank && place < base + Math.min(count, this.#placement.width); place += 1) {
      blank = this.starts[place] === this.ends[place];
    }
    const copy = !blank && this.#isHeader(base, count);
    return (blank || copy) && noteSkipped(this.#placement.notes, number, copy);
  }

  #isHeader(base: number, count: number): boolean {
    const header = this.#header;
    const { width } = this;
    if (header === null || count !== header.length) {
      return false;
    }
    for (let column = 0; column < Math.min(count, width); column += 1) {
      const cell = header[column];
      const start = this.starts[base + column] ?? 0;
      const end = this.ends[base + column] ?? 0;
      if (
        cell === undefined ||
        end - start !== cell.length ||
        this.#bytes.compare(cell, 0, cell.length, start, end) !== 0
      ) {
        return false;
      }
    }
    return true;
  }

  #noteWidth({ base, count, beyond }: RecordSpan, line: number): void {
    const { width, notes } = this.#placement;
    if (count < width) {
      this.starts.fill(absentCell, base + count, base + width);
      this.ends.fill(absentCell, base + count, base + width);
      notes.shortRows += 1;
    } else if (notes.trailingDelimiter && count === width + 1 && !beyond) {
      return;
    } else {
      notes.longRows += 1;
    }
    notes.firstRaggedLine ??= line;
  }

  /** Notes a comment character inside a cell. */
  #noteComment(base: number): void {
    const { width, notes } = this.#placement;
    if (this.#comment < 0 || notes.commentInside) {
      return;
    }
    for (let place = base; place < base + width; place += 1) {
      const start = this.starts[place] ?? 0;
      if (start >= 0 && this.#bytes.subarray(start, this.ends[place]).includes(this.#comment)) {
        notes.commentInside = true;
        return;
      }
    }
  }

  /** Closes up a quoted cell: one quote of each pair, and text behind the closing quote, stay. */
  #undouble(place: number): void {
    const bytes = this.#bytes;
    const quote = this.#quote;
    const end = this.ends[place] ?? 0;
    let to = this.starts[place] ?? 0;
    let open = true;
    for (let at = to; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (open && byte === quote) {
        if (at + 1 < end && bytes[at + 1] === quote) {
          at += 1;
        } else {
          open = false;
          continue;
        }
      }
      bytes[to] = byte;
      to += 1;
    }
    this.ends[place] = to;
  }
}

function enlarged(places: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(places);
  return larger;
}
