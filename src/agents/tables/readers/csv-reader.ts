import { AgentError } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableDialect, TableWarning } from "../../protocol/table-profile.ts";
import { CsvTokenizer, type TokenizedRows } from "./csv-tokenizer.ts";
import { detectDialect, usualWidth, type TextDialect } from "./detect-dialect.ts";
import { detectEncoding, markLength, type TextEncoding } from "./detect-encoding.ts";
import { columnNames, findHeader, madeUpNames } from "./detect-header.ts";
import { detectNumberStyle } from "./detect-number-style.ts";
import { readBytes, type OpenedFile } from "./file-bytes.ts";
import {
  emptyNotes,
  plainLayout,
  type NameSource,
  type ReadingNotes,
  type RowBatch,
  type TableSource,
} from "./table-source.ts";
import { isKnownEncoding, readText } from "./text-stream.ts";

const headBytes = 64 * 1024;

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

/** What was learned by reading the file before. */
export interface TextReadingOptions {
  readonly choice: DialectChoice;
  readonly encoding?: TextEncoding;
  /** Quotes are ordinary characters. */
  readonly unquoted?: boolean;
}

interface Head {
  readonly encoding: TextEncoding;
  readonly dialect: TextDialect;
  readonly rows: TokenizedRows;
}

async function chosenEncoding(file: OpenedFile, bytes: Buffer, options: TextReadingOptions): Promise<TextEncoding> {
  const name = options.choice.encoding;
  if (typeof name === "string" && name !== "") {
    if (!(await isKnownEncoding(name))) {
      const message = `"${name}" is no encoding that can be read. Choose another, such as utf-8 or gb18030.`;
      throw new AgentError("table.not-readable", { path: file.path, reason: `unknown encoding ${name}` }, message);
    }
    return { name, bomBytes: markLength(bytes, name), confidence: 1, lenient: true };
  }
  return options.encoding ?? (await detectEncoding(bytes));
}

async function readHead(file: OpenedFile, options: TextReadingOptions): Promise<Head> {
  const bytes = await readBytes(file, 0, headBytes);
  const encoding = await chosenEncoding(file, bytes, options);
  const whole = bytes.length >= file.sizeBytes;
  let text = "";
  const part = { ...file, sizeBytes: bytes.length };
  for await (const piece of readText(part, { ...encoding, lenient: true })) {
    text += piece.text;
  }
  const found = detectDialect(text, whole);
  const { delimiter, quote } = options.choice;
  const dialect: TextDialect = {
    ...found,
    ...(typeof delimiter === "string" && delimiter !== "" ? { delimiter } : {}),
    ...(quote === undefined ? {} : { quote }),
    ...(options.unquoted === true ? { quote: null } : {}),
  };
  const tokenizer = new CsvTokenizer(dialect);
  const rows = tokenizer.push(text);
  const rest = whole || rows.rows.length === 0 ? tokenizer.end() : { rows: [], records: [], lines: [] };
  return { encoding, dialect, rows: join(rows, rest) };
}

function join(first: TokenizedRows, second: TokenizedRows): TokenizedRows {
  return {
    rows: [...first.rows, ...second.rows],
    records: [...first.records, ...second.records],
    lines: [...first.lines, ...second.lines],
  };
}

interface Placement {
  /** Index among the rows of the first data row. */
  readonly dataRecord: number;
  readonly names: readonly string[];
  readonly nameSource: NameSource;
  readonly headerLine: number | null;
  readonly skippedRecords: number;
  readonly trailingDelimiter: boolean;
}

/** Finds the header, the width of the table and the names of the columns. */
function place(head: Head, choice: DialectChoice): Placement {
  const skip = head.dialect.separatorLine ? 1 : 0;
  const rows = head.rows.rows.slice(skip, 400);
  const lines = head.rows.lines.slice(skip, 400);
  const { start, hasHeader } = chosenHeader(rows, lines, choice);
  const header = rows[start] ?? [];
  const headerRecord = head.rows.records[skip + start] ?? 0;
  return {
    dataRecord: hasHeader ? headerRecord + 1 : headerRecord,
    headerLine: hasHeader ? (lines[start] ?? 1) - 1 : null,
    skippedRecords: start + skip === 0 ? 0 : headerRecord,
    ...nameColumns(hasHeader ? header : null, hasHeader ? rows.slice(start + 1) : rows.slice(start)),
  };
}

/** The header that the person chose, or the one that is found. */
function chosenHeader(
  rows: readonly string[][],
  lines: readonly number[],
  { headerRow }: DialectChoice,
): { start: number; hasHeader: boolean } {
  const found = findHeader(rows);
  if (headerRow === undefined) {
    return found;
  }
  if (headerRow === null) {
    return { start: found.start, hasHeader: false };
  }
  return {
    start: Math.max(
      0,
      lines.findIndex((line) => line > headerRow),
    ),
    hasHeader: true,
  };
}

/** The names of the columns, and how they come to be. */
function nameColumns(
  header: readonly string[] | null,
  data: readonly string[][],
): Pick<Placement, "names" | "nameSource" | "trailingDelimiter"> {
  const { width, share } = usualWidth(data.map((row) => row.length));
  if (header === null) {
    return {
      names: madeUpNames(Math.max(width, data[0]?.length ?? 0)),
      nameSource: "made-up",
      trailingDelimiter: false,
    };
  }
  const extra = width - header.length;
  const trailingDelimiter = extra === 1 && data.every((row) => row.length < width || row[width - 1] === "");
  if (extra <= 0 || trailingDelimiter || share < 0.5) {
    return { names: columnNames(header, 0), nameSource: "header", trailingDelimiter };
  }
  return extra === 1 && share === 1
    ? { names: columnNames(["index", ...header], 0), nameSource: "row-names", trailingDelimiter }
    : { names: columnNames(header, width), nameSource: "extended", trailingDelimiter };
}

function encodingWarnings(encoding: TextEncoding): TableWarning[] {
  if (encoding.confidence >= 0.6) {
    return [];
  }
  const rival = encoding.rival === undefined ? "" : `; it may also be ${encoding.rival}`;
  return [
    {
      code: "encoding-guessed",
      severity: "warning",
      message: `The file does not say how its text is encoded. It was read as ${encoding.name}${rival}. If words look wrong, choose another encoding.`,
      columns: [],
      values: { encoding: encoding.name, rival: encoding.rival ?? "" },
    },
  ];
}

function formatOf(delimiter: string): string {
  const formats: Readonly<Record<string, string>> = { "\t": "tsv", "|": "psv", whitespace: "txt", wide: "txt" };
  return formats[delimiter] ?? "csv";
}

/** The delimiter as the dialect says it: blanks as a regular expression. */
function shownDelimiter(delimiter: string): string {
  return delimiter === "whitespace" ? "\\s+" : delimiter === "wide" ? "\\s{2,}" : delimiter;
}

/**
 * Opens delimited text. The rows stream from the beginning, in bounded memory.
 *
 * @throws AgentError `table.not-a-table` when nothing but blank lines is there, `table.not-readable`
 * @throws WrongEncoding, UnclosedQuote while the rows are read: what was detected does not hold for the whole file
 */
export async function openText(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  const head = await readHead(file, options);
  if (head.rows.rows.length === 0) {
    const reason = "it holds only blank lines or comments";
    const message = `"${file.name}" holds no table: ${reason}. Check how it was saved.`;
    throw new AgentError("table.not-a-table", { path: file.path, reason }, message);
  }
  const placement = place(head, options.choice);
  const found = detectNumberStyle(head.rows.rows.slice(0, 1000));
  const decimal = options.choice.decimal === "," ? "," : options.choice.decimal === "." ? "." : found.decimal;
  const thousands = options.choice.thousands === undefined ? found.thousands : options.choice.thousands;
  const style = { decimal, thousands: thousands === decimal ? null : thousands } as const;
  const notes = emptyNotes();
  notes.trailingDelimiter = placement.trailingDelimiter;
  const dialect: TableDialect = {
    format: formatOf(head.dialect.delimiter),
    encoding: head.encoding.name,
    delimiter: shownDelimiter(head.dialect.delimiter),
    quote: head.dialect.quote,
    decimal: style.decimal,
    thousands: style.thousands,
    headerRow: placement.headerLine,
    sheet: null,
  };
  return {
    dialect,
    sheets: [],
    names: placement.names,
    cells: "text",
    style,
    layout: {
      ...plainLayout,
      skippedRecords: placement.skippedRecords,
      comment: head.dialect.comment,
      escape: head.dialect.escape,
      skipInitialSpace: head.dialect.skipInitialSpace,
      names: placement.nameSource,
      lenient: head.encoding.lenient === true,
      marked: head.encoding.bomBytes > 0,
    },
    notes,
    warnings: [...encodingWarnings(head.encoding), ...markWarnings(found.ambiguous, options.choice)],
    batches: readRows(file, head, placement, notes),
  };
}

function markWarnings(ambiguous: string | null, choice: DialectChoice): TableWarning[] {
  if (ambiguous === null || choice.decimal !== undefined || choice.thousands !== undefined) {
    return [];
  }
  return [
    {
      code: "ambiguous-number-mark",
      severity: "warning",
      message: `"${ambiguous}" was read as ${ambiguous.replace(",", "")}: the comma as a thousands mark. If it is a decimal comma, choose that.`,
      columns: [],
      values: { example: ambiguous },
    },
  ];
}

async function* readRows(
  file: OpenedFile,
  head: Head,
  placement: Placement,
  notes: ReadingNotes,
): AsyncGenerator<RowBatch> {
  const tokenizer = new CsvTokenizer(head.dialect);
  const comment = head.dialect.comment;
  const width = placement.names.length;
  const accept = (split: TokenizedRows): string[][] => {
    const rows: string[][] = [];
    for (let index = 0; index < split.rows.length; index += 1) {
      const row = split.rows[index];
      if (row === undefined || (split.records[index] ?? 0) < placement.dataRecord) {
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
  };
  let readSoFar = 0;
  for await (const piece of readText(file, head.encoding)) {
    notes.replacedCharacters += piece.replaced;
    notes.nulBytes ||= piece.text.includes("\0");
    readSoFar = piece.readBytes;
    const rows = accept(tokenizer.push(piece.text));
    if (tokenizer.unclosedQuoteLine !== null) {
      throw new UnclosedQuote(tokenizer.unclosedQuoteLine);
    }
    yield { rows, readBytes: readSoFar };
  }
  const rows = accept(tokenizer.end());
  if (tokenizer.unclosedQuoteLine !== null) {
    throw new UnclosedQuote(tokenizer.unclosedQuoteLine);
  }
  notes.commentRecords = tokenizer.commentRecords;
  yield { rows, readBytes: readSoFar };
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
