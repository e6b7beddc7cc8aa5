import { ByteTokenizer, splitsByBytes } from "./byte-tokenizer.ts";
import { CsvTokenizer, type TokenizedRows, type TokenizerOptions } from "./csv-tokenizer.ts";
import type { TextEncoding } from "../../encoding/detect-encoding.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { noteSkipped } from "./skipped-records.ts";
import type { BlockBatch, ReadingNotes, RowBatch } from "./table-source.ts";
import { readText, readUtf8 } from "./text-stream.ts";

/** A quote opened and never closed: read again without quoting. */
export class UnclosedQuote extends Error {
  /** 1-based. */
  readonly line: number;

  constructor(line: number) {
    super(`a quote that opens on line ${line} never closes`);
    this.name = "UnclosedQuote";
    this.line = line;
  }
}

/** A last column without name, which was left out, has values: read again with it. */
export class ColumnCut extends Error {
  constructor() {
    super("a column without a name has values");
    this.name = "ColumnCut";
  }
}

/** How a text file is split into the rows of its table. */
export interface CsvRowsOptions {
  readonly file: OpenedFile;
  readonly encoding: TextEncoding;
  readonly dialect: TokenizerOptions;
  /** Cells of a row, at least 1. */
  readonly width: number;
  /** Zero-based record of the first row. */
  readonly firstRecord: number;
  /** Told what is noticed. */
  readonly notes: ReadingNotes;
  /** The header as written: rows that equal it are no rows. `null` when there is none. */
  readonly header: readonly string[] | null;
  /** A last column without name and values was left out. */
  readonly trimmed: boolean;
}

/**
 * Reads the rows of delimited text in bounded memory: as places in bytes where one ASCII character parts the cells, as
 * text where it takes more.
 *
 * @throws WrongEncoding, UnclosedQuote while the rows are read
 */
export function readCsvRows(options: CsvRowsOptions): AsyncIterable<RowBatch | BlockBatch> {
  return splitsByBytes(options.dialect) ? readBlocks(options) : readRows(options);
}

async function* readBlocks(options: CsvRowsOptions): AsyncGenerator<BlockBatch> {
  const { file, encoding, dialect, notes } = options;
  const tokenizer = new ByteTokenizer(dialect, options);
  let readSoFar = 0;
  for await (const piece of readUtf8(file, encoding)) {
    notes.replacedCharacters += piece.replaced;
    notes.nulBytes ||= piece.bytes.includes(0);
    readSoFar = piece.readBytes;
    const block = tokenizer.push(piece.bytes, piece.ascii);
    refuseUnclosed(tokenizer);
    yield { block, readBytes: readSoFar };
  }
  const block = tokenizer.end();
  refuseUnclosed(tokenizer);
  refuseCut(options);
  notes.commentRecords = tokenizer.commentRecords;
  yield { block, readBytes: readSoFar };
}

function refuseUnclosed({ unclosedQuoteLine }: { readonly unclosedQuoteLine: number | null }): void {
  if (unclosedQuoteLine !== null) {
    throw new UnclosedQuote(unclosedQuoteLine);
  }
}

function refuseCut({ trimmed, notes }: CsvRowsOptions): void {
  if (trimmed && notes.longRows > 0) {
    throw new ColumnCut();
  }
}

async function* readRows(options: CsvRowsOptions): AsyncGenerator<RowBatch> {
  const { file, encoding, dialect, notes } = options;
  const tokenizer = new CsvTokenizer(dialect);
  let readSoFar = 0;
  for await (const piece of readText(file, encoding)) {
    notes.replacedCharacters += piece.replaced;
    notes.nulBytes ||= piece.text.includes("\0");
    readSoFar = piece.readBytes;
    const rows = acceptRows(tokenizer.push(piece.text), options);
    refuseUnclosed(tokenizer);
    yield { rows, readBytes: readSoFar };
  }
  const rows = acceptRows(tokenizer.end(), options);
  refuseUnclosed(tokenizer);
  refuseCut(options);
  notes.commentRecords = tokenizer.commentRecords;
  yield { rows, readBytes: readSoFar };
}

/** The records that are rows of the table, each as wide as the table at most. */
export function acceptRows(
  split: TokenizedRows,
  options: Omit<CsvRowsOptions, "file" | "encoding" | "trimmed">,
): string[][] {
  const { dialect, width, firstRecord, notes, header } = options;
  const comment = dialect.comment ?? null;
  const rows: string[][] = [];
  for (let index = 0; index < split.rows.length; index += 1) {
    const row = split.rows[index];
    const record = split.records[index] ?? 0;
    if (row === undefined || record < firstRecord) {
      continue;
    }
    const copy = header !== null && isSameRecord(row, header);
    if ((copy || isEmptyRecord(row, dialect)) && noteSkipped(notes, record, copy)) {
      continue;
    }
    if (row.length !== width) {
      noteWidth(row, width, split.lines[index] ?? 0, notes);
    }
    if (comment !== null && !notes.commentInside) {
      notes.commentInside = row.some((cell) => cell.includes(comment));
    }
    rows.push(row);
  }
  return rows;
}

function isSameRecord(row: readonly string[], other: readonly string[]): boolean {
  return row.length === other.length && row.every((cell, column) => cell === other[column]);
}

/** Delimiters without cells; where lines are split as a whole, also lines that are drawn below a header. */
function isEmptyRecord(row: readonly string[], { splitLine }: TokenizerOptions): boolean {
  return row.length > 1 && (splitLine === undefined ? row.every((cell) => cell === "") : !saysSomething(row));
}

const ruled = /^[-=_]{2,}$/u;

/** A line split at fixed places may be ruled in pieces as short as two, beside a longer one. */
function saysSomething(row: readonly string[]): boolean {
  const drawn = row.every((cell) => cell === "" || ruled.test(cell));
  return !drawn || (row.some((cell) => cell !== "") && row.every((cell) => cell.length <= 2));
}

/** Counts a row of the wrong length and cuts what is too long. */
function noteWidth(row: string[], width: number, line: number, notes: ReadingNotes): void {
  if (row.length < width) {
    notes.shortRows += 1;
    notes.firstRaggedLine ??= line;
    return;
  }
  const cut = row.splice(width);
  if (notes.trailingDelimiter && cut.length === 1 && cut[0] === "") {
    return;
  }
  notes.longRows += 1;
  notes.firstRaggedLine ??= line;
}
