import { extname } from "node:path";
import { AgentError } from "../../base/errors.ts";
import { openText, type TextReadingOptions } from "./csv-reader.ts";
import { detectEncoding, type TextEncoding } from "./detect-encoding.ts";
import { detectContainer, detectMagic, detectTextFormat, looksBinary, type FileFormat } from "./detect-format.ts";
import { readBytes, type OpenedFile } from "./file-bytes.ts";
import type { TableSource } from "./table-source.ts";
import { readText } from "./text-stream.ts";

const headBytes = 64 * 1024;
const largestWorkbook = 512 * 1024 * 1024;

const readable =
  "CSV and other delimited text, xlsx, xls, xlsb, ods, Parquet, JSON, JSON Lines and HTML tables are read";

function notATable(file: OpenedFile, what: string): AgentError<"table.not-a-table"> {
  const message = `"${file.name}" is ${what}, not a table. ${readable}.`;
  return new AgentError("table.not-a-table", { path: file.path, reason: what }, message);
}

async function wholeContent(file: OpenedFile): Promise<Buffer> {
  if (file.sizeBytes > largestWorkbook) {
    const reason = "workbooks of more than 512 MB cannot be read";
    const message = `"${file.name}" is too large: ${reason}. Save the sheet as CSV or Parquet.`;
    throw new AgentError("table.too-large", { path: file.path, reason }, message);
  }
  return await readBytes(file, 0, file.sizeBytes);
}

async function openContainer(file: OpenedFile, kind: "zip" | "ole", options: TextReadingOptions): Promise<TableSource> {
  const content = await wholeContent(file);
  const format = detectContainer(kind, content);
  if (typeof format === "object") {
    throw notATable(file, format.unknown);
  }
  const { openWorkbook, passwordError } = await import("./workbook-reader.ts");
  if (format === "encrypted") {
    throw passwordError(file);
  }
  const { refuseZipBomb, zipEntries } = await import("./zip-directory.ts");
  const entries = kind === "zip" ? zipEntries(content) : [];
  if (format === "cut-zip" || entries === null) {
    const reason = "its end is missing: it was cut short";
    const message = `"${file.name}" is a damaged workbook: ${reason}. Copy or download it again.`;
    throw new AgentError("table.damaged", { path: file.path, reason }, message);
  }
  refuseZipBomb(file, content, entries);
  return await openWorkbook(file, content, format, options.choice);
}

async function textHead(file: OpenedFile, encoding: TextEncoding, bytes: number): Promise<string> {
  const part = { ...file, sizeBytes: Math.min(bytes, file.sizeBytes) };
  let text = "";
  for await (const piece of readText(part, { ...encoding, lenient: true })) {
    text += piece.text;
  }
  return text;
}

async function openTextual(file: OpenedFile, head: Buffer, options: TextReadingOptions): Promise<TableSource> {
  const encoding = options.encoding ?? (await detectEncoding(head));
  const text = await textHead(file, encoding, headBytes);
  const format: FileFormat = detectTextFormat(text, file.sizeBytes <= headBytes);
  if (format === "json" || format === "jsonl") {
    const { openJson } = await import("./json-reader.ts");
    return await openJson(file, encoding, format);
  }
  if (format === "html") {
    const { openWorkbook } = await import("./workbook-reader.ts");
    const page = await textHead(file, encoding, largestWorkbook);
    return await openWorkbook(file, page, "html", options.choice);
  }
  return await openText(file, options);
}

/**
 * Opens a table by its content, whatever its name says.
 *
 * @throws AgentError `table.not-a-table`, `table.damaged`, `table.password`, `table.too-large`, `table.not-readable`
 */
export async function openTable(file: OpenedFile, options: TextReadingOptions): Promise<TableSource> {
  const head = await readBytes(file, 0, headBytes);
  const magic = detectMagic(head);
  if (magic === "zip" || magic === "ole") {
    return await openContainer(file, magic, options);
  }
  if (magic === "parquet") {
    const { openParquet } = await import("./parquet-reader.ts");
    return await openParquet(file);
  }
  if (magic !== null) {
    throw notATable(file, magic.unknown);
  }
  if (looksBinary(head)) {
    throw notATable(file, "binary data");
  }
  const workbookName = [".xlsx", ".xls", ".ods", ".parquet"].includes(extname(file.name).toLowerCase());
  if (
    workbookName &&
    head.includes(0) &&
    options.choice.encoding === undefined &&
    !/[\n\r]/u.test(head.toString("latin1"))
  ) {
    throw notATable(file, "binary data");
  }
  return await openTextual(file, head, options);
}
