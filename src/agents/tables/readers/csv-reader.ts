import { AgentError } from "../../base/errors.ts";
import type { DialectChoice } from "../../ports/table-profiler.ts";
import type { TableDialect, TableWarning } from "../../protocol/table-profile.ts";
import { checkChoice, notPossible } from "./check-choice.ts";
import { readCsvRows } from "./csv-rows.ts";
import { CsvTokenizer, type TokenizedRows } from "./csv-tokenizer.ts";
import { detectDialect, type TextDialect } from "./detect-dialect.ts";
import { chosenByName, detectEncoding, type TextEncoding } from "../../encoding/detect-encoding.ts";
import { detectNumberStyle } from "./detect-number-style.ts";
import { readBytes, type OpenedFile } from "./file-bytes.ts";
import { placeTable } from "./place-table.ts";
import { isProseName, looksDrawn, openDrawn } from "./drawn-reader.ts";
import { emptyNotes, plainLayout, type TableSource } from "./table-source.ts";
import { isKnownEncoding, readText } from "./text-stream.ts";

const headBytes = 64 * 1024;

/** What was learned by reading the file before. */
export interface TextReadingOptions {
  readonly choice: DialectChoice;
  readonly encoding?: TextEncoding;
  /** Quotes are ordinary characters. */
  readonly unquoted?: boolean;
  /** A last column without name has values after all. */
  readonly keepLast?: boolean;
}

interface Head {
  readonly encoding: TextEncoding;
  readonly text: string;
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
    return chosenByName(name, bytes);
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
  const dialect = chosenDialect(detectDialect(text, whole, options.choice), options, text);
  const tokenizer = new CsvTokenizer(dialect);
  const rows = tokenizer.push(text);
  const rest = whole || rows.rows.length === 0 ? tokenizer.end() : { rows: [], records: [], lines: [] };
  return { encoding, text, dialect, rows: join(rows, rest) };
}

/** What was detected, under what the person chose. */
function chosenDialect(found: TextDialect, { choice, unquoted }: TextReadingOptions, text: string): TextDialect {
  const { headerRow, quote } = choice;
  const line = typeof headerRow === "number" ? text.split(/\r\n|\n|\r/u, headerRow + 1)[headerRow] : undefined;
  const named = found.comment !== null && line?.startsWith(found.comment) === true;
  return {
    ...found,
    ...(named ? { comment: null } : {}),
    ...(quote === undefined ? {} : { quote: quote === null || quote === "" ? null : quote.slice(0, 1) }),
    ...(unquoted === true ? { quote: null } : {}),
  };
}

function join(first: TokenizedRows, second: TokenizedRows): TokenizedRows {
  return {
    rows: [...first.rows, ...second.rows],
    records: [...first.records, ...second.records],
    lines: [...first.lines, ...second.lines],
  };
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

/** Characters of two or four bytes, and bytes that do not go into that. */
function isCut({ sizeBytes }: OpenedFile, { name, bomBytes }: TextEncoding): boolean {
  const unit = name.startsWith("utf-16") ? 2 : name.startsWith("utf-32") ? 4 : 1;
  return Number.isFinite(sizeBytes) && (sizeBytes - bomBytes) % unit !== 0;
}

function formatOf({ delimiter, splitting, single }: TextDialect): string {
  const formats: Readonly<Record<string, string>> = { "\t": "tsv", "|": "psv" };
  const blanks = splitting !== null && (splitting.kind !== "mark" || splitting.mark.trim() === "");
  return blanks ? "txt" : single ? "csv" : (formats[delimiter] ?? "csv");
}

/**
 * Opens delimited text. The rows stream from the beginning, in bounded memory.
 *
 * @throws AgentError `table.not-a-table` when nothing but blank lines is there, `table.not-readable`
 * @throws WrongEncoding, UnclosedQuote while the rows are read: what was detected does not hold for the whole file
 */
export async function openText(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  const { choice, warnings } = checkChoice(options.choice);
  const source = await openChecked(file, { ...options, choice });
  const part = choice.sheet;
  const strange =
    typeof part === "string" && part !== "" && source.sheets.length === 0 && part !== source.dialect.sheet;
  return { ...source, warnings: [...warnings, ...(strange ? [notPossible("sheet", part)] : []), ...source.warnings] };
}

async function openChecked(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  const head = await readHead(file, options);
  const { delimiter } = options.choice;
  if ((delimiter === undefined || delimiter === "|") && looksDrawn(head.text, file.name)) {
    return await openDrawn(file, head.encoding, options.choice);
  }
  if (delimiter === undefined && isProseName(file.name)) {
    const reason = "a text without a table";
    const message = `"${file.name}" is ${reason}. Ask about it as a document, or choose a delimiter to read it as a table.`;
    throw new AgentError("table.not-a-table", { path: file.path, reason }, message);
  }
  if (head.rows.rows.length === 0) {
    const reason = "it holds only blank lines or comments";
    const message = `"${file.name}" holds no table: ${reason}. Check how it was saved.`;
    throw new AgentError("table.not-a-table", { path: file.path, reason }, message);
  }
  const placement = placeTable(head.rows, {
    choice: options.choice,
    separatorLine: head.dialect.separatorLine,
    keepLast: options.keepLast === true,
  });
  const { ambiguous, ...style } = detectNumberStyle(
    head.rows.rows.slice(0, 1000),
    options.choice,
    head.dialect.delimiter,
  );
  const notes = emptyNotes();
  notes.trailingDelimiter = placement.trailingDelimiter;
  const dialect: TableDialect = {
    format: formatOf(head.dialect),
    encoding: head.encoding.name,
    delimiter: head.dialect.delimiter,
    quote: head.dialect.quote,
    decimal: style.decimal,
    thousands: style.thousands,
    headerRow: placement.headerLine,
    ...(placement.headerRows > 1 ? { headerRows: placement.headerRows } : {}),
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
      splitting: head.dialect.splitting,
      usedColumns: placement.trimmed ? [0, placement.names.length] : null,
      lenient: head.encoding.lenient === true,
      marked: head.encoding.bomBytes > 0,
      markedTwice: head.encoding.bomBytes === 6,
      cut: isCut(file, head.encoding),
    },
    notes,
    warnings: [...encodingWarnings(head.encoding), ...placement.warnings, ...markWarnings(ambiguous)],
    batches: readCsvRows({
      file,
      encoding: head.encoding,
      dialect: head.dialect,
      width: placement.names.length,
      firstRecord: placement.dataRecord,
      header: placement.header,
      trimmed: placement.trimmed,
      notes,
    }),
  };
}

function markWarnings(ambiguous: string | null): TableWarning[] {
  if (ambiguous === null) {
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
