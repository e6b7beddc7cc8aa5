/** How records are split. */
export interface TokenizerOptions {
  readonly delimiter: string;
  readonly quote: string | null;
  /** A character that makes the next one literal, usually a backslash. */
  readonly escape: string | null;
  /** Blanks after a delimiter are not part of the cell. */
  readonly skipInitialSpace: boolean;
  /** Lines that begin with this are no records of the table. */
  readonly comment?: string | null;
  /** Splits a whole line, where no single character parts the cells. */
  readonly splitLine?: (line: string) => string[];
}

/** Records in file order, with their place: `records[i]` is the zero-based record number of `rows[i]`. */
export interface TokenizedRows {
  readonly rows: string[][];
  /** Blank records are counted and left out of `rows`. */
  readonly records: number[];
  /** 1-based line on which each row begins. */
  readonly lines: number[];
}

/** A quoted cell longer than this is taken for a quote that never closes. */
export const longestQuotedCell = 16 * 1024 * 1024;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

/**
 * Splits text into records as it arrives. LF, CRLF and CR all end a record, also mixed. A quote opens only at the start
 * of a cell; text behind a closing quote belongs to the cell: the rules of pandas' C parser.
 */
export class CsvTokenizer {
  /** 1-based line of a quote that never closed, once `end` was called or the cell grew beyond all measure. */
  unclosedQuoteLine: number | null = null;
  /** Zero-based record numbers of comment lines, at most 1,000. */
  readonly commentRecords: number[] = [];
  readonly #options: TokenizerOptions;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #comment: string;
  #pending = "";
  #record = 0;
  #line = 1;
  #final = false;

  constructor(options: TokenizerOptions) {
    this.#options = options;
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#quote = options.quote === null ? -1 : options.quote.charCodeAt(0);
    this.#escape = options.escape === null ? -1 : options.escape.charCodeAt(0);
    this.#comment = options.comment ?? "";
  }

  /** Takes the next piece of text; returns the records that are whole. */
  push(text: string): TokenizedRows {
    return this.#split(this.#pending === "" ? text : this.#pending + text);
  }

  /** Returns what was left without a line end. */
  end(): TokenizedRows {
    this.#final = true;
    return this.#split(this.#pending);
  }

  #split(text: string): TokenizedRows {
    const result: TokenizedRows = { rows: [], records: [], lines: [] };
    const { splitLine } = this.#options;
    const mark = this.#comment;
    let at = 0;
    while (at < text.length) {
      const comment = mark !== "" && text.startsWith(mark, at);
      const next = comment
        ? this.#commentLine(text, at)
        : splitLine === undefined
          ? this.#delimitedRecord(text, at, result)
          : this.#lineRecord(text, at, { into: result, splitLine });
      if (next < 0) {
        break;
      }
      at = next;
      this.#record += 1;
    }
    this.#pending = at === 0 ? text : text.slice(at);
    return result;
  }

  #commentLine(text: string, start: number): number {
    const stop = lineStop(text, start);
    if (stop >= text.length && !this.#final) {
      return -1;
    }
    const end = stop >= text.length ? stop : this.#lineEnd(text, stop);
    if (end >= 0) {
      this.#line += 1;
      if (this.commentRecords.length < 1000) {
        this.commentRecords.push(this.#record);
      }
    }
    return end;
  }

  /** Reads the record at `start`; returns where the next begins, or -1 when the text ends before the record does. */
  #delimitedRecord(text: string, start: number, into: TokenizedRows): number {
    const cells: string[] = [];
    const length = text.length;
    const delimiter = this.#delimiter;
    const plain = this.#escape === -1;
    let lines = 0;
    let at = start;
    for (;;) {
      at = this.#options.skipInitialSpace ? skipSpaces(text, at) : at;
      if (at < length && text.charCodeAt(at) === this.#quote) {
        const cell = this.#quotedCell(text, at);
        if (cell === null) {
          return -1;
        }
        cells.push(cell.text);
        at = cell.end;
        lines += cell.lines;
      } else if (plain) {
        const from = at;
        at = this.#cellEnd(text, at);
        cells.push(text.slice(from, at));
      } else {
        const cell = this.#escapedCell(text, at);
        cells.push(cell.text);
        at = cell.end;
      }
      if (at >= length) {
        return this.#final ? this.#finish(cells, { start, end: at, lines }, into) : -1;
      }
      if (text.charCodeAt(at) !== delimiter) {
        const end = this.#lineEnd(text, at);
        return end < 0 ? -1 : this.#finish(cells, { start, end, lines: lines + 1 }, into);
      }
      at += 1;
    }
  }

  /** Where an unquoted cell ends: at a delimiter, a line end, or the end of the text. */
  #cellEnd(text: string, start: number): number {
    const delimiter = this.#delimiter;
    let at = start;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) {
        break;
      }
      at += 1;
    }
    return at;
  }

  /** Keeps a record unless it is blank. */
  #finish(cells: string[], span: { start: number; end: number; lines: number }, into: TokenizedRows): number {
    if (cells.length > 1 || cells[0]?.trim() !== "") {
      into.rows.push(cells);
      into.records.push(this.#record);
      into.lines.push(this.#line);
    }
    this.#line += span.lines;
    return span.end;
  }

  /** Where the line end at `at` stops; -1 when a CR is the last character and an LF may follow. */
  #lineEnd(text: string, at: number): number {
    if (text.charCodeAt(at) === LINE_FEED) {
      return at + 1;
    }
    if (at + 1 >= text.length && !this.#final) {
      return -1;
    }
    return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
  }

  #quotedCell(text: string, start: number): { text: string; end: number; lines: number } | null {
    const quote = this.#quote;
    const escape = this.#escape;
    const pieces: string[] = [];
    let lines = 0;
    let from = start + 1;
    let at = from;
    for (;;) {
      if (at >= text.length) {
        return this.#openQuote(text.length - start, lines);
      }
      const code = text.charCodeAt(at);
      if (code === escape && at + 1 < text.length) {
        pieces.push(text.slice(from, at));
        from = at + 1;
        at += 2;
      } else if (code !== quote) {
        if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED)) {
          lines += 1;
        }
        at += 1;
      } else if (at + 1 >= text.length && !this.#final) {
        return null;
      } else if (text.charCodeAt(at + 1) === quote) {
        pieces.push(text.slice(from, at + 1));
        from = at + 2;
        at += 2;
      } else {
        pieces.push(text.slice(from, at));
        break;
      }
    }
    const tail = this.#escapedCell(text, at + 1);
    pieces.push(tail.text);
    return {
      text: pieces.length === 2 && tail.text === "" ? (pieces[0] ?? "") : pieces.join(""),
      end: tail.end,
      lines,
    };
  }

  /** Notes a quote that is open at the end of the text, where no more can come. */
  #openQuote(length: number, lines: number): null {
    if (this.#final || length > longestQuotedCell) {
      this.unclosedQuoteLine = this.#line;
    }
    this.#line += this.#final ? lines : 0;
    return null;
  }

  /** An unquoted cell, or the rest of a quoted one. */
  #escapedCell(text: string, start: number): { text: string; end: number } {
    let value = "";
    let from = start;
    let at = start;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === this.#escape && at + 1 < text.length) {
        value += text.slice(from, at);
        from = at + 1;
        at += 2;
        continue;
      }
      if (code === this.#delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) {
        break;
      }
      at += 1;
    }
    return { text: value + text.slice(from, at), end: at };
  }

  /** A line that is split as a whole. */
  #lineRecord(
    text: string,
    start: number,
    { into, splitLine }: { readonly into: TokenizedRows; readonly splitLine: (line: string) => string[] },
  ): number {
    const stop = lineStop(text, start);
    if (stop >= text.length && !this.#final) {
      return -1;
    }
    const end = stop >= text.length ? stop : this.#lineEnd(text, stop);
    return end < 0 ? -1 : this.#finish(splitLine(text.slice(start, stop)), { start, end, lines: 1 }, into);
  }
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === SPACE) {
    at += 1;
  }
  return at;
}

/** Where the line that holds `start` ends, its line end left out. */
function lineStop(text: string, start: number): number {
  let stop = start;
  while (stop < text.length && text.charCodeAt(stop) !== LINE_FEED && text.charCodeAt(stop) !== CARRIAGE_RETURN) {
    stop += 1;
  }
  return stop;
}

/** Splits a whole text at once. */
export function tokenize(
  text: string,
  options: TokenizerOptions,
): TokenizedRows & { unclosedQuoteLine: number | null } {
  const tokenizer = new CsvTokenizer(options);
  const rows = tokenizer.push(text);
  const rest = tokenizer.end();
  return {
    rows: [...rows.rows, ...rest.rows],
    records: [...rows.records, ...rest.records],
    lines: [...rows.lines, ...rest.lines],
    unclosedQuoteLine: tokenizer.unclosedQuoteLine,
  };
}
