import { AgentError, messageOf } from "../../base/errors.ts";
import type { TextEncoding } from "./detect-encoding.ts";
import type { OpenedFile } from "./file-bytes.ts";
import {
  emptyNotes,
  plainLayout,
  type RawCell,
  type RawRow,
  type ReadingLayout,
  type RowBatch,
  type TableSource,
} from "./table-source.ts";
import { readText } from "./text-stream.ts";

const largestDocument = 512 * 1024 * 1024;
const batchRows = 5000;

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function damaged(file: OpenedFile, error: unknown): AgentError<"table.damaged"> {
  const reason = messageOf(error);
  const message = `"${file.name}" is not valid JSON: ${reason}. It may be cut short; get it again from where it came from.`;
  return new AgentError("table.damaged", { path: file.path, reason }, message, error);
}

function notATable(file: OpenedFile): AgentError<"table.not-a-table"> {
  const reason = "no list of records was found in it";
  const message = `"${file.name}" is JSON, but no table: ${reason}. A table is a list of objects, or an object of lists.`;
  return new AgentError("table.not-a-table", { path: file.path, reason }, message);
}

/** Numbers beyond 2^53 keep their digits: the source text decides, not the rounded value. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/u.test(source)
    ? BigInt(source)
    : value;
}

function parseJson(text: string): unknown {
  return JSON.parse(text, exactNumbers);
}

/** The records of a document: a list, or the longest list of objects under some key. */
interface Records {
  readonly rows: readonly unknown[];
  readonly layout: Pick<ReadingLayout, "recordPath" | "orientation">;
}

/** Every member is a list of values, and all are of one length. */
function holdsColumns(document: JsonObject): boolean {
  const lists = Object.values(document);
  const plain = lists.every((list) => Array.isArray(list) && list.length > 0 && !list.some(isObject));
  return lists.length > 0 && plain && sameLength(lists);
}

function findRecords(document: unknown, path: readonly string[] = []): Records | null {
  if (Array.isArray(document)) {
    const tabular = document.length > 0 && document.every((item) => isObject(item));
    const arrays = document.length > 0 && document.every((item) => Array.isArray(item));
    const scalars = document.length > 0 && document.every((item) => !isObject(item) && !Array.isArray(item));
    return tabular || ((arrays || scalars) && path.length === 0)
      ? { rows: document, layout: { recordPath: path, orientation: tabular ? "records" : "arrays" } }
      : null;
  }
  if (!isObject(document) || path.length > 4) {
    return null;
  }
  if (path.length === 0 && holdsColumns(document)) {
    return { rows: turned(document), layout: { recordPath: [], orientation: "columns" } };
  }
  const found = Object.entries(document)
    .map(([key, value]) => findRecords(value, [...path, key]))
    .filter((records) => records !== null);
  return found.reduce<Records | null>((a, b) => (a === null || b.rows.length > a.rows.length ? b : a), null);
}

function sameLength(lists: readonly unknown[]): boolean {
  return new Set(lists.map((list) => (Array.isArray(list) ? list.length : -1))).size === 1;
}

/** Columns to rows. */
function turned(columns: JsonObject): JsonObject[] {
  const entries = Object.entries(columns).map(([key, list]): [string, readonly unknown[]] => [
    key,
    Array.isArray(list) ? list : [],
  ]);
  const length = entries[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, row) => Object.fromEntries(entries.map(([key, list]) => [key, list[row]])));
}

/**
 * Nested objects become `outer.inner`, lists stay JSON text. Plain members come first, as in pandas' `json_normalize`.
 */
function flatten(record: JsonObject): Record<string, RawCell> {
  const into: Record<string, RawCell> = {};
  const nested: [string, JsonObject][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (isObject(value) && Object.keys(value).length > 0) {
      nested.push([key, value]);
    } else {
      into[key] = cellOf(value);
    }
  }
  for (const [key, value] of nested) {
    flattenInto(value, key, into);
  }
  return into;
}

function flattenInto(record: JsonObject, prefix: string, into: Record<string, RawCell>): void {
  for (const [key, value] of Object.entries(record)) {
    const name = `${prefix}.${key}`;
    if (isObject(value) && Object.keys(value).length > 0) {
      flattenInto(value, name, into);
    } else {
      into[name] = cellOf(value);
    }
  }
}

function cellOf(value: unknown): RawCell {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return value;
    default:
      return value === null || value === undefined
        ? null
        : JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
  }
}

interface Table {
  readonly names: readonly string[];
  readonly rows: readonly RawRow[];
  readonly nested: boolean;
}

function tableOf(rows: readonly unknown[]): Table {
  if (rows.some((row) => Array.isArray(row))) {
    const lists = rows.map((row) => (Array.isArray(row) ? row.map(cellOf) : [cellOf(row)]));
    const width = lists.reduce((most, row) => Math.max(most, row.length), 0);
    return { names: Array.from({ length: width }, (_, index) => String(index)), rows: lists, nested: false };
  }
  const names = new Map<string, number>();
  const nested = rows.some((row) => isObject(row) && Object.values(row).some((value) => isObject(value)));
  const flat = rows.map((row) => {
    const cells = isObject(row) ? flatten(row) : { "0": cellOf(row) };
    for (const name of Object.keys(cells)) {
      if (!names.has(name)) {
        names.set(name, names.size);
      }
    }
    return cells;
  });
  const order = [...names.keys()];
  return { names: order, rows: flat.map((cells) => order.map((name) => cells[name] ?? null)), nested };
}

async function wholeText(file: OpenedFile, encoding: TextEncoding): Promise<string> {
  if (file.sizeBytes > largestDocument) {
    const reason = "JSON of more than 512 MB cannot be read at once";
    const message = `"${file.name}" is too large: ${reason}. Convert it to JSON Lines, CSV or Parquet.`;
    throw new AgentError("table.too-large", { path: file.path, reason }, message);
  }
  const pieces: string[] = [];
  for await (const piece of readText(file, encoding)) {
    pieces.push(piece.text);
  }
  return pieces.join("");
}

function documentOf(file: OpenedFile, text: string): Records {
  let document: unknown;
  try {
    document = parseJson(text);
  } catch (error) {
    throw damaged(file, error);
  }
  const records = findRecords(document);
  if (records === null) {
    throw notATable(file);
  }
  return records;
}

function linesOf(file: OpenedFile, text: string): Records {
  const rows: unknown[] = [];
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    if (line.trim() === "") {
      continue;
    }
    try {
      rows.push(parseJson(line));
    } catch (error) {
      throw damaged(file, new Error(`line ${number}: ${messageOf(error)}`));
    }
  }
  return { rows, layout: { recordPath: [], orientation: "records" } };
}

async function* batchesOf(rows: readonly RawRow[], sizeBytes: number): AsyncGenerator<RowBatch> {
  for (let start = 0; start < rows.length; start += batchRows) {
    const end = Math.min(rows.length, start + batchRows);
    yield { rows: rows.slice(start, end), readBytes: Math.round((sizeBytes * end) / rows.length) };
  }
}

/**
 * Opens the records of a JSON document or of JSON Lines.
 *
 * @throws AgentError `table.damaged`, `table.not-a-table`, `table.too-large`
 */
export async function openJson(
  file: OpenedFile,
  encoding: TextEncoding,
  format: "json" | "jsonl",
): Promise<TableSource> {
  const text = await wholeText(file, encoding);
  const records = format === "jsonl" ? linesOf(file, text) : documentOf(file, text);
  const table = tableOf(records.rows);
  return {
    dialect: {
      format,
      encoding: encoding.name,
      delimiter: null,
      quote: null,
      decimal: null,
      thousands: null,
      headerRow: null,
      sheet: null,
    },
    sheets: [],
    names: table.names,
    cells: "typed",
    style: { decimal: ".", thousands: null },
    layout: { ...plainLayout, ...records.layout, nested: table.nested },
    notes: emptyNotes(),
    warnings: [],
    batches: batchesOf(table.rows, file.sizeBytes),
  };
}
