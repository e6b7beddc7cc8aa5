import { zipEntries } from "./zip-directory.ts";

/** What a file is, by its content. `text`: delimited text, or text of which nothing else is known. */
export type FileFormat =
  | "text"
  | "json"
  | "jsonl"
  | "xlsx"
  | "xlsb"
  | "xls"
  | "ods"
  | "parquet"
  | "html"
  /** An Office file behind a password. */
  | "encrypted"
  /** A zip whose directory is missing: cut short. */
  | "cut-zip"
  | { readonly unknown: string };

interface Signature {
  readonly bytes: readonly number[];
  readonly what: string;
}

/** Files that hold no table that is read here, and what they are. */
const others: readonly Signature[] = [
  { bytes: [0x25, 0x50, 0x44, 0x46], what: "a PDF document" },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "a PNG picture" },
  { bytes: [0xff, 0xd8, 0xff], what: "a JPEG picture" },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: "a GIF picture" },
  { bytes: [0x1f, 0x8b], what: "a gzip archive" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "a Zstandard archive" },
  { bytes: [0x42, 0x5a, 0x68], what: "a bzip2 archive" },
  { bytes: [0xfd, 0x37, 0x7a, 0x58], what: "an xz archive" },
  { bytes: [0x52, 0x61, 0x72, 0x21], what: "a RAR archive" },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: "a 7-Zip archive" },
  { bytes: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], what: "an Arrow file" },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: "a program" },
  { bytes: [...Buffer.from("SQLite format 3\0")], what: "a SQLite database" },
  { bytes: [...Buffer.from("{\\rtf")], what: "an RTF document" },
];

const startsWith = (head: Buffer, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

function zipFormat(whole: Buffer): FileFormat {
  const entries = zipEntries(whole);
  if (entries === null) {
    return "cut-zip";
  }
  const names = new Set(entries.map((entry) => entry.name));
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
  if (names.has("content.xml") && names.has("mimetype")) {
    return "ods";
  }
  return names.has("[Content_Types].xml") && [...names].some((name) => name.startsWith("xl/"))
    ? "xlsx"
    : { unknown: "a zip archive" };
}

/** JSON, HTML or plain text. */
function textFormat(text: string, whole: boolean): FileFormat {
  const start = text.replace(/^\ufeff/u, "").trimStart();
  if (/^<(!doctype html|html|table|head|body|meta|\?xml[^>]*>\s*<(!doctype html|html))/iu.test(start)) {
    return "html";
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

/** What the first bytes say. `zip` and `ole` need the whole file. */
export function detectMagic(head: Buffer): "zip" | "ole" | "parquet" | { readonly unknown: string } | null {
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) {
    return "zip";
  }
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) {
    return "ole";
  }
  if (startsWith(head, [0x50, 0x41, 0x52, 0x31])) {
    return "parquet";
  }
  const known = others.find(({ bytes }) => startsWith(head, bytes));
  return known === undefined ? null : { unknown: known.what };
}

/** The format of a zip archive or of an old Office file, from its whole content. */
export function detectContainer(kind: "zip" | "ole", whole: Buffer): FileFormat {
  if (kind === "zip") {
    return zipFormat(whole);
  }
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

/** Says whether bytes can hardly be text: control characters that no text has. */
export function looksBinary(head: Buffer): boolean {
  let control = 0;
  for (const byte of head) {
    control +=
      byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 0 && byte !== 12 && byte !== 27 && byte > 2
        ? 1
        : 0;
  }
  return head.length > 32 && control > head.length * 0.05;
}
