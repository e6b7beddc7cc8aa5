import { foreignFormat, type ForeignFormat } from "./foreign-formats.ts";

/** What a file is, by its content. `text`: delimited text, or text of which nothing else is known. */
export type FileFormat =
  | "text"
  | "json"
  | "jsonl"
  | "xlsx"
  | "xlsb"
  | "xls"
  | "ods"
  | "html"
  /** A spreadsheet of Office 2003 as XML. */
  | "xml"
  /** A web page with its parts in one file. */
  | "mhtml"
  /** An archive of files. */
  | "zip"
  /** An Office file behind a password. */
  | "encrypted"
  | ForeignFormat;

const startsWith = (head: Buffer, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/** The format of a zip archive from the names of its members. */
export function zipFormat(members: readonly string[]): FileFormat {
  const names = new Set(members);
  if (names.has("xl/workbook.xml")) {
    return "xlsx";
  }
  if (names.has("xl/workbook.bin")) {
    return "xlsb";
  }
  if (names.has("word/document.xml")) {
    return { unknown: "a Word document" };
  }
  if (names.has("ppt/presentation.xml")) {
    return { unknown: "a PowerPoint presentation" };
  }
  if (names.has("META-INF/container.xml")) {
    return { unknown: "an e-book" };
  }
  if (names.has("Index/Document.iwa") || names.has("Index.zip")) {
    return { unknown: "an Apple iWork document", advice: "Export it from Numbers as CSV or as an Excel workbook." };
  }
  if (names.has("content.xml") && names.has("mimetype")) {
    return "ods";
  }
  return names.has("[Content_Types].xml") && members.some((name) => name.startsWith("xl/")) ? "xlsx" : "zip";
}

/** What text that begins with a tag is; `null` when it is none of them. */
function markup(start: string): FileFormat | null {
  if (/urn:schemas-microsoft-com:office:spreadsheet|progid="Excel\.Sheet"/u.test(start) && start.includes("Workbook")) {
    return "xml";
  }
  if (/^<(!doctype html|html|table|head|body|meta|\?xml[^>]*>\s*<(!doctype html|html))/iu.test(start)) {
    return "html";
  }
  if (start.startsWith("<") && /<table[\s>]/iu.test(start)) {
    return "html";
  }
  if (/^<office:document[\s>]|^<\?xml[^>]*>\s*<office:document[\s>]/u.test(start)) {
    return { unknown: "an OpenDocument file as plain XML" };
  }
  return /^<\?xml\s/u.test(start) ? { unknown: "an XML document" } : null;
}

const sqlAdvice = "Run it in its database and export the table as CSV, or load it into a SQLite file and choose that.";
const sqlStatement = /^(create\s+(table|database)|insert\s+into|drop\s+table|copy\s+\S+.*from\s+stdin)\b.*/imu;
const sqlBegin =
  /^(\s|--.*\n|\/\*[\s\S]*?\*\/;?|#.*\n)*(create|insert\s+into|drop|alter|begin|start|set|use|select|lock|pragma|copy)\s[^,;\t]*/iu;

/** Statements that make or fill tables. */
function isSql(start: string): boolean {
  return sqlBegin.test(start.slice(0, 4096)) && sqlStatement.test(start) && start.includes(";");
}

/** JSON, HTML or plain text. */
function textFormat(text: string, whole: boolean): FileFormat {
  const start = text.replace(/^\ufeff/u, "").trimStart();
  const tagged = markup(start);
  if (tagged !== null) {
    return tagged;
  }
  if (
    /^(mime-version|from|date|subject|content-type):.*\r?\n/iu.test(start) &&
    /^content-type:\s*multipart\/related/imu.test(start)
  ) {
    return "mhtml";
  }
  if (isSql(start)) {
    return { unknown: "a SQL script", advice: sqlAdvice };
  }
  const first = start[0];
  if (first !== "{" && first !== "[") {
    return "text";
  }
  const lines = start.split(/\r?\n/u);
  const complete = whole ? lines : lines.slice(0, -1);
  const parsed = complete
    .filter((line) => line.trim() !== "")
    .slice(0, 5)
    .map(parsesAlone);
  if (parsed.length >= 2 && parsed.every(Boolean)) {
    return "jsonl";
  }
  if (whole && parsesAlone(start)) {
    return "json";
  }
  return /^(\{\s*("|\})|\[\s*(\{|\[|\]|"|-?\d|true|false|null))/u.test(start) ? "json" : "text";
}

function parsesAlone(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/** Formats that their first bytes name. `zip` and `ole` are packings of several. */
export type Magic = "zip" | "ole" | "parquet" | "arrow" | "arrow-stream" | "sqlite" | "gzip" | ForeignFormat;

const signatures: readonly (readonly [Exclude<Magic, object>, readonly number[]])[] = [
  ["zip", [0x50, 0x4b, 3, 4]],
  ["zip", [0x50, 0x4b, 5, 6]],
  ["ole", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ["parquet", [0x50, 0x41, 0x52, 0x31]],
  ["arrow", [...Buffer.from("ARROW1")]],
  ["sqlite", [...Buffer.from("SQLite format 3\0")]],
  ["gzip", [0x1f, 0x8b, 8]],
];

/** A stream of Arrow messages begins with a continuation mark, a length, and the table of a flat buffer. */
function isArrowStream(head: Buffer): boolean {
  if (head.length < 16 || head.readUInt32LE(0) !== 0xffffffff) {
    return false;
  }
  const length = head.readUInt32LE(4);
  return length > 0 && length % 8 === 0 && head.readUInt32LE(8) < length;
}

/** What the first bytes say. */
export function detectMagic(head: Buffer): Magic | null {
  const found = signatures.find(([, bytes]) => startsWith(head, bytes));
  if (found !== undefined) {
    return found[0];
  }
  if (isArrowStream(head)) {
    return "arrow-stream";
  }
  return foreignFormat(head);
}

/** The format of an old Office file, from its whole content. */
export function oleFormat(whole: Buffer): FileFormat {
  const has = (stream: string): boolean => whole.includes(Buffer.from(stream, "utf16le"));
  if (has("EncryptedPackage")) {
    return "encrypted";
  }
  return has("Workbook") || has("Book")
    ? "xls"
    : { unknown: has("WordDocument") ? "a Word document" : "an old Office file" };
}

/**
 * The format of text.
 *
 * @param whole `text` is the whole file
 */
export function detectTextFormat(text: string, whole: boolean): FileFormat {
  return textFormat(text, whole);
}

/** Tab, line ends, form feed, end of file, escape, and the separators of files, groups, records and units. */
const textControls: ReadonlySet<number> = new Set([0, 1, 2, 9, 10, 12, 13, 26, 27, 28, 29, 30, 31]);

/** Says whether bytes can hardly be text of single bytes: control characters that no text has, or NUL all over. */
export function looksBinary(head: Buffer): boolean {
  let control = 0;
  let nul = 0;
  for (let at = 0; at < head.length; at += 1) {
    const byte = head[at] ?? 0;
    control += byte < 32 && !textControls.has(byte) ? 1 : 0;
    nul += byte === 0 ? 1 : 0;
  }
  return head.length > 32 && (control > head.length * 0.05 || nul > head.length * 0.25);
}
