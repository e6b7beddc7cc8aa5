import type { CellBlock } from "./cell-block.ts";
import { longestQuotedCell, type TokenizerOptions } from "./csv-tokenizer.ts";
import { PlacedRows, type RecordSpan, type RowPlacement } from "./placed-rows.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const lineFeeds = LINE_FEED * 0x01010101;
const carriageReturns = CARRIAGE_RETURN * 0x01010101;

/** Room for the pieces to come, which are larger than the first. */
const spareBytes = 1024 * 1024;

const isByte = (character: string): boolean => character.length === 1 && character.charCodeAt(0) < 128;

/* eslint-disable no-bitwise -- four bytes are looked at as one number */

/** Says whether records written in this way can be split as bytes: by one ASCII character, without escapes. */
export function splitsByBytes({ delimiter, quote, escape, comment, splitLine }: TokenizerOptions): boolean {
  const single = isByte(delimiter) && isByte(quote ?? " ") && isByte(comment ?? " ");
  return single && escape === null && splitLine === undefined;
}

/**
 * Splits UTF-8 into records as it arrives, by the rules of `CsvTokenizer`, without making strings. What `push` and `end`
 * return holds until the next call.
 */
export class ByteTokenizer {
  /** 1-based line of a quote that never closed, once `end` was called or the cell grew beyond all measure. */
  unclosedQuoteLine: number | null = null;
  /** Zero-based record numbers of comment lines, at most 1,000. */
  readonly commentRecords: number[] = [];
  readonly #rows: PlacedRows;
  readonly #skipSpace: boolean;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #comment: number;
  /** The delimiter four times. */
  readonly #delimiters: number;
  #bytes: Buffer = Buffer.alloc(0);
  #memory: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where in the bytes the first record begins that is not whole. */
  #next = 0;
  #ascii = true;
  #record = 0;
  #line = 1;
  #final = false;
  /**
   * How far the last cell of a record that is not whole was looked at, so that a cell over many pieces is read once.
   * Places count from the beginning of the record; `cell` is -1 where there is none.
   */
  readonly #seen = { cell: -1, upTo: 0, lines: 0, doubled: false };
  /** Of the quoted cell that was just read. */
  #quotedStart = 0;
  #quotedEnd = 0;
  #quotedLines = 0;

  constructor(options: TokenizerOptions, placement: RowPlacement) {
    this.#skipSpace = options.skipInitialSpace;
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#quote = options.quote?.charCodeAt(0) ?? -1;
    this.#comment = options.comment?.charCodeAt(0) ?? -1;
    this.#delimiters = this.#delimiter * 0x01010101;
    this.#rows = new PlacedRows(placement, { quote: this.#quote, comment: this.#comment });
  }

  /**
   * Takes the next piece, whole characters of valid UTF-8; returns the rows that are whole.
   *
   * @param ascii no byte of the piece is above 127
   */
  push(piece: Buffer, ascii: boolean): CellBlock {
    const rest = this.#bytes.length - this.#next;
    this.#ascii = ascii && (rest === 0 || this.#ascii);
    this.#append(piece, rest);
    return this.#split();
  }

  /** Returns what was left without a line end. */
  end(): CellBlock {
    this.#final = true;
    this.#append(Buffer.alloc(0), this.#bytes.length - this.#next);
    return this.#split();
  }

  /** Puts a piece behind what is left, in memory of its own: cells are closed up where they stand. */
  #append(piece: Buffer, rest: number): void {
    const length = rest + piece.length;
    const room =
      length > this.#memory.length ? Buffer.allocUnsafeSlow(length + Math.max(spareBytes, rest)) : this.#memory;
    this.#bytes.copy(room, 0, this.#next);
    piece.copy(room, rest);
    this.#memory = room;
    this.#bytes = room.subarray(0, length);
    this.#view = new DataView(room.buffer, room.byteOffset, length);
  }

  #split(): CellBlock {
    const bytes = this.#bytes;
    const rows = this.#rows;
    rows.begin(bytes);
    let at = 0;
    while (at < bytes.length) {
      const next = bytes[at] === this.#comment ? this.#commentLine(at) : this.#delimitedRecord(at);
      if (next < 0) {
        break;
      }
      at = next;
      this.#seen.cell = -1;
      this.#record += 1;
    }
    this.#next = at;
    const { width, rowCount, starts, ends } = rows;
    return { bytes, view: this.#view, ascii: this.#ascii, width, rowCount, starts, ends };
  }

  #commentLine(start: number): number {
    const bytes = this.#bytes;
    let stop = start;
    while (stop < bytes.length && bytes[stop] !== LINE_FEED && bytes[stop] !== CARRIAGE_RETURN) {
      stop += 1;
    }
    if (stop >= bytes.length && !this.#final) {
      return -1;
    }
    const end = stop >= bytes.length ? stop : this.#lineEnd(stop);
    if (end >= 0) {
      this.#line += 1;
      if (this.commentRecords.length < 1000) {
        this.commentRecords.push(this.#record);
      }
    }
    return end;
  }

  /** Reads the record at `start`; returns where the next begins, or -1 when the bytes end before the record does. */
  #delimitedRecord(start: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    const rows = this.#rows;
    const base = rows.reserve();
    const { width, starts, ends } = rows;
    let column = 0;
    let lines = 0;
    let beyond = false;
    let at = start;
    for (;;) {
      at = this.#skipSpace ? this.#afterSpaces(at) : at;
      let from = at;
      let end: number;
      if (at < length && bytes[at] === this.#quote) {
        at = this.#quotedCell(at, base + column, start);
        if (at < 0) {
          return -1;
        }
        from = this.#quotedStart;
        end = this.#quotedEnd;
        lines += this.#quotedLines;
      } else {
        at = this.#cellEnd(bytes, this.#seen.cell === from - start ? start + this.#seen.upTo : at);
        end = at;
        if (at >= length && from < length) {
          this.#seen.cell = from - start;
          this.#seen.upTo = at - start;
        }
      }
      if (column < width) {
        starts[base + column] = from;
        ends[base + column] = end;
      } else {
        beyond ||= end > from;
      }
      column += 1;
      if (at >= length) {
        return this.#final ? this.#finish({ base, count: column, beyond, lines }, at) : -1;
      }
      if (bytes[at] !== this.#delimiter) {
        const next = this.#lineEnd(at);
        return next < 0 ? -1 : this.#finish({ base, count: column, beyond, lines: lines + 1 }, next);
      }
      at += 1;
    }
  }

  #finish(record: RecordSpan, next: number): number {
    this.#rows.add(record, this.#record, this.#line);
    this.#line += record.lines;
    return next;
  }

  #afterSpaces(start: number): number {
    let at = start;
    while (this.#bytes[at] === SPACE) {
      at += 1;
    }
    return at;
  }

  /** Where an unquoted cell, or what stands behind a closing quote, ends. Looks at four bytes at once. */
  #cellEnd(bytes: Buffer, start: number): number {
    const { length } = bytes;
    const view = this.#view;
    const delimiters = this.#delimiters;
    let at = start;
    for (; at + 4 <= length; at += 4) {
      const word = view.getInt32(at, true);
      const found = zeroBytes(word ^ delimiters) | zeroBytes(word ^ lineFeeds) | zeroBytes(word ^ carriageReturns);
      if (found !== 0) {
        return at + ((31 - Math.clz32(found & -found)) >>> 3);
      }
    }
    while (at < length) {
      const byte = bytes[at] ?? 0;
      if (byte === this.#delimiter || byte === LINE_FEED || byte === CARRIAGE_RETURN) {
        break;
      }
      at += 1;
    }
    return at;
  }

  /** Where the line end at `at` stops; -1 when a CR is the last byte and an LF may follow. */
  #lineEnd(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] === LINE_FEED) {
      return at + 1;
    }
    if (at + 1 >= bytes.length && !this.#final) {
      return -1;
    }
    return bytes[at + 1] === LINE_FEED ? at + 2 : at + 1;
  }

  /** Reads the quoted cell at `start`; returns where it ends, or -1 when the bytes end before it does. */
  #quotedCell(start: number, place: number, record: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    const quote = this.#quote;
    let lines = 0;
    let doubled = false;
    let at = start + 1;
    if (this.#seen.cell === start - record) {
      ({ lines, doubled } = this.#seen);
      at = record + this.#seen.upTo;
    }
    for (;;) {
      if (this.#isEnd(at)) {
        Object.assign(this.#seen, { cell: start - record, upTo: at - record, lines, doubled });
        return this.#openQuote(length - start, lines);
      }
      const byte = bytes[at] ?? 0;
      if (byte !== quote) {
        if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[at + 1] !== LINE_FEED)) {
          lines += 1;
        }
        at += 1;
      } else if (at + 1 >= length && !this.#final) {
        return -1;
      } else if (bytes[at + 1] === quote) {
        doubled = true;
        at += 2;
      } else {
        break;
      }
    }
    const end = this.#cellEnd(bytes, at + 1);
    this.#quotedStart = start + 1;
    this.#quotedEnd = end === at + 1 ? at : end;
    this.#quotedLines = lines;
    if (doubled || end > at + 1) {
      this.#rows.doubled.push(place);
    }
    return end;
  }

  /** The bytes end here, or behind a CR that an LF may follow. */
  #isEnd(at: number): boolean {
    const { length } = this.#bytes;
    return at + 1 >= length && (at >= length || (this.#bytes[at] === CARRIAGE_RETURN && !this.#final));
  }

  /** Notes a quote that is open at the end of the bytes, where no more can come. */
  #openQuote(length: number, lines: number): -1 {
    if (this.#final || length > longestQuotedCell) {
      this.unclosedQuoteLine = this.#line;
    }
    this.#line += this.#final ? lines : 0;
    return -1;
  }
}

/** The top bit of every byte that is zero; above the first of them, also of others. */
function zeroBytes(word: number): number {
  return (word - 0x01010101) & ~word & 0x80808080;
}
