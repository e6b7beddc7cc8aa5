import { basename, extname } from "node:path";
import { AgentError } from "../../base/errors.ts";
import { openText, type TextReadingOptions } from "./csv-reader.ts";
import { chosenByName, detectEncoding, isWideText, type TextEncoding } from "../../encoding/detect-encoding.ts";
import { detectMagic, detectTextFormat, looksBinary, oleFormat, zipFormat, type Magic } from "./detect-format.ts";
import { inMemory, readBytes, readWhole, type OpenedFile } from "./file-bytes.ts";
import type { TableSource } from "./table-source.ts";
import { isKnownEncoding, readText } from "./text-stream.ts";

const headBytes = 64 * 1024;
const largestWorkbookBytes = 512 * 1024 * 1024;
const workbookAdvice = "Save the sheet as CSV or Parquet.";
const unpackAdvice = "Unpack it and choose what comes out.";
/** An archive in a packed file is opened; what is packed in that is not. */
const deepestPacking = 2;

const readable =
  "CSV and other delimited text, xlsx, xls, xlsb, ods, Parquet, Arrow, SQLite, JSON, GeoJSON, HTML and Markdown tables are read, also packed by gzip or zip";

/** Opens a table, `depth` packings deep. */
export type OpenPart = (file: OpenedFile, options: TextReadingOptions) => Promise<TableSource>;

function notATable(file: OpenedFile, what: string, advice?: string): AgentError<"table.not-a-table"> {
  const outer = basename(file.path);
  const place = file.name === outer ? `"${outer}"` : `"${file.name}" in "${outer}"`;
  const message =
    advice === undefined
      ? `${place} is ${what}, not a table. ${readable}.`
      : `${place} is ${what}, which is not read. ${advice}`;
  return new AgentError("table.not-a-table", { path: file.path, reason: what }, message);
}

function cutShort(file: OpenedFile): AgentError<"table.damaged"> {
  const what = /\.(xl|od)\w+$/iu.test(file.name) ? "workbook" : "archive";
  const reason = "its end is missing: it was cut short";
  const message = `"${file.name}" is a damaged ${what}: ${reason}. Copy or download it again.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message);
}

async function openOle(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  const content = await readWhole(file, largestWorkbookBytes, workbookAdvice);
  const format = oleFormat(content);
  if (typeof format === "object") {
    throw notATable(file, format.unknown, format.advice);
  }
  const { openWorkbook, passwordError } = await import("./workbook-reader.ts");
  if (format === "encrypted") {
    throw passwordError(file);
  }
  return await openWorkbook(file, content, "xls", options.choice);
}

async function openZip(packed: OpenedFile, options: TextReadingOptions, depth: number): Promise<TableSource> {
  const file = Number.isFinite(packed.sizeBytes) ? packed : await inMemory(packed, largestWorkbookBytes, unpackAdvice);
  const { readZipDirectory, checkMembers } = await import("./zip-directory.ts");
  const entries = await readZipDirectory(file);
  if (entries === null) {
    throw cutShort(file);
  }
  const format = zipFormat(entries.map((entry) => entry.name));
  if (typeof format === "object") {
    throw notATable(file, format.unknown, format.advice);
  }
  if (format === "zip") {
    if (depth >= deepestPacking) {
      throw notATable(file, "an archive inside an archive");
    }
    const { openArchive } = await import("./zip-reader.ts");
    return await openArchive(file, entries, options, (member, inner) => openAt(member, inner, depth + 1));
  }
  await checkMembers(file, entries);
  const { openWorkbook } = await import("./workbook-reader.ts");
  const content = await readWhole(file, largestWorkbookBytes, workbookAdvice);
  return await openWorkbook(file, content, format, options.choice);
}

async function openGzip(file: OpenedFile, options: TextReadingOptions, depth: number): Promise<TableSource> {
  if (depth >= deepestPacking) {
    throw notATable(file, "an archive inside an archive");
  }
  const { openPacked } = await import("./gzip-reader.ts");
  return await openPacked(file, options, (inner, again) => openAt(inner, again, depth + 1));
}

async function openBinary(
  file: OpenedFile,
  magic: Exclude<Magic, object>,
  options: TextReadingOptions,
  depth: number,
): Promise<TableSource> {
  switch (magic) {
    case "zip":
      return await openZip(file, options, depth);
    case "gzip":
      return await openGzip(file, options, depth);
    case "ole":
      return await openOle(file, options);
    case "parquet": {
      const { openParquet } = await import("./parquet-reader.ts");
      return await openParquet(
        file.unpacked === undefined ? file : await inMemory(file, largestWorkbookBytes, unpackAdvice),
      );
    }
    case "arrow":
    case "arrow-stream": {
      const { openArrow } = await import("./arrow-reader.ts");
      return await openArrow(file, magic === "arrow-stream");
    }
    case "sqlite": {
      if (file.unpacked !== undefined) {
        throw notATable(file, `a SQLite database inside a packed file, which must be unpacked first`);
      }
      const { openSqlite } = await import("./sqlite-reader.ts");
      return await openSqlite(file, options.choice);
    }
  }
}

async function textHead(file: OpenedFile, encoding: TextEncoding): Promise<string> {
  const part = { ...file, sizeBytes: Math.min(headBytes, file.sizeBytes) };
  let text = "";
  for await (const piece of readText(part, { ...encoding, lenient: true })) {
    text += piece.text;
  }
  return text;
}

/** The encoding that the person chose, or the one that is found. */
async function encodingOf(head: Buffer, options: TextReadingOptions): Promise<TextEncoding> {
  const name = options.choice.encoding;
  return typeof name === "string" && name !== "" && (await isKnownEncoding(name))
    ? chosenByName(name, head)
    : (options.encoding ?? (await detectEncoding(head)));
}

/** A number, a word or a text alone. */
function isJsonValue(text: string): boolean {
  return /^\s*(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null|"(?:[^"\\\n]|\\.)*")\s*$/u.test(text);
}

async function openTextual(file: OpenedFile, head: Buffer, options: TextReadingOptions): Promise<TableSource> {
  const encoding = await encodingOf(head, options);
  const begun = { ...file, head };
  const text = await textHead(begun, encoding);
  const format = detectTextFormat(text, file.sizeBytes <= headBytes);
  switch (format) {
    case "json":
    case "jsonl": {
      const { openJson } = await import("./json-reader.ts");
      return await openJson(file, encoding, format, options.choice);
    }
    case "html":
    case "mhtml": {
      const { openPage } = await import("./html-reader.ts");
      return await openPage(file, encoding, format, options.choice);
    }
    case "xml": {
      const { openWorkbook } = await import("./workbook-reader.ts");
      const content = await readWhole(file, largestWorkbookBytes, workbookAdvice);
      return await openWorkbook(file, content, "xml", options.choice);
    }
    default:
      if (typeof format === "object") {
        throw notATable(file, format.unknown, format.advice);
      }
      if (/\.\w*json$/iu.test(file.name) && isJsonValue(text)) {
        throw notATable(file, "a single JSON value");
      }
      return await openText(begun, { ...options, encoding });
  }
}

const binaryNames = new Set([
  ".xlsx",
  ".xlsm",
  ".xls",
  ".xlsb",
  ".ods",
  ".parquet",
  ".arrow",
  ".feather",
  ".sqlite",
  ".db",
  ".gz",
  ".zip",
]);

async function openAt(file: OpenedFile, options: TextReadingOptions, depth: number): Promise<TableSource> {
  const head = await readBytes(file, 0, headBytes);
  const magic = detectMagic(head);
  if (typeof magic === "string") {
    return await openBinary(file, magic, options, depth);
  }
  if (magic !== null) {
    throw notATable(file, magic.unknown, magic.advice);
  }
  if (looksBinary(head) && !isWideText(head) && options.choice.encoding === undefined) {
    throw notATable(file, "binary data");
  }
  const named = binaryNames.has(extname(file.name).toLowerCase());
  if (named && head.includes(0) && options.choice.encoding === undefined && !/[\n\r]/u.test(head.toString("latin1"))) {
    throw notATable(file, "binary data");
  }
  return await openTextual(file, head, options);
}

/**
 * Opens a table by its content, whatever its name says.
 *
 * @throws AgentError `table.not-a-table`, `table.damaged`, `table.password`, `table.too-large`, `table.not-readable`
 */
export async function openTable(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  return await openAt(file, options, 0);
}
